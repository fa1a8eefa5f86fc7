// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type Attribute, type ChangeView, describe } from "./change-view.ts";

const PIPED =
  /\b(?:curl|wget|iwr|invoke-webrequest)\b[^|\n]{0,500}\|\s*(?:sudo\s+)?(?:-\S+\s+)?(?:ba|z|da|k)?sh\b|\b(?:ba)?sh\s+(?:-c\s+["']?)?(?:<\(|\$\()\s*(?:curl|wget)\b|\biex\b[^\n]{0,200}\b(?:iwr|downloadstring)\b|\bpython3?\s+-c\s[^\n]{0,200}urlopen/i;
const SHA_PINNED = /@[0-9a-f]{40}$|@sha256:[0-9a-f]{64}$/;
/** What a person outside writes, put into a shell script before it runs. */
const INJECTED =
  /\$\{\{[^}\n]{0,100}\bgithub\.(?:event\.(?:issue|pull_request|comment|review|discussion|head_commit)\.[\w.]{0,60}(?:title|body|ref|label|message|name|email)|head_ref)/;
const HEAD_CHECKOUT = /github\.event\.pull_request\.head\.(?:sha|ref|repo)|github\.head_ref|refs\/pull\//;
const PLAIN_HTTP = /^http:\/\/(?!localhost|127\.|\[::1\])/;

/** Code of strangers in a pipeline, an image or a module: whoever can change it runs what they like. */
export function findCodeDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const fresh = view.newTexts;
  return [
    ...describe(
      "untrusted-code",
      "runs code that it fetches:",
      fresh
        .filter(({ text }) => PIPED.test(text.slice(0, 20_000)))
        .map(({ text }) => PIPED.exec(text)?.[0] ?? ""),
    ),
    ...describe(
      "untrusted-code",
      "runs what strangers write:",
      fresh
        .filter(({ name, text }) => /^(?:run|script)$/.test(name) && INJECTED.test(text))
        .map(({ text }) => INJECTED.exec(text)?.[0] ?? ""),
    ),
    ...describe(
      "untrusted-code",
      "takes code that can change unseen:",
      fresh.flatMap((attribute) => toUnpinned(view, attribute)),
    ),
    ...findForeignHead(view),
    ...findForeignSource(view),
  ];
}

function toUnpinned(view: ChangeView, attribute: Attribute): readonly string[] {
  const { path, name, text } = attribute;
  if (/^(?:kustomize|helm)$/.test(view.pair.after?.kind ?? "") && isMovableBase(attribute)) return [text];
  if (view.pair.after?.kind === "workflow") {
    if (name === "uses") return !text.startsWith("./") && !SHA_PINNED.test(text) ? [text] : [];
    if (
      /^(?:image|container)$/.test(name) &&
      !SHA_PINNED.test(text) &&
      /:latest$|^[^:@]+$/.test(text) &&
      !text.includes("${")
    )
      return [text];
  }
  if (view.pair.after?.kind === "dockerfile") {
    if (
      name === "from" &&
      /^[^:@$]+(?:\/[^:@]+)*$|:latest$/.test(text) &&
      text !== "scratch" &&
      !text.includes("$")
    )
      return [text];
    if (name === "add" && /^(?:--\S+\s+)*https?:\/\//.test(text) && !text.includes("--checksum="))
      return [text];
    if (
      name === "run" &&
      /--(?:no-check-certificate|insecure)|\bcurl\s+(?:-\w*k\w*\s)|--trusted-host|--allow-unauthenticated|--no-gpg-check|strict-ssl false/.test(
        text,
      )
    )
      return [text];
  }
  const isImage = /(?:^|\.)image$/.test(path) && /kubernetes|helm/.test(view.pair.after?.kind ?? "");
  return isImage &&
    /:latest$|^[^:@{$]+$|^[^:@{$]+\/[^:@{$]+$/.test(text) &&
    !SHA_PINNED.test(text) &&
    text !== ""
    ? [text]
    : [];
}

/** The workflow runs with the repository's secrets, and the code is the pull request's. */
function findForeignHead(view: ChangeView): readonly Danger[] {
  if (view.pair.after?.kind !== "workflow") return [];
  const hasTarget = ({ path, text }: Attribute) =>
    /(?:^|\.)on(?:\.|$)/.test(path) && /pull_request_target|workflow_run/.test(`${path} ${text}`);
  const changes = view.changes;
  const isTriggerNew = view.after.some(hasTarget) && !view.before.some(hasTarget);
  const isHeadNew = changes.some(
    ({ name, after, before }) =>
      /^(?:ref|repository|run)$/.test(name) &&
      after.some((text) => HEAD_CHECKOUT.test(text)) &&
      !before.some((text) => HEAD_CHECKOUT.test(text)),
  );
  return [
    ...(isTriggerNew
      ? [
          {
            code: "untrusted-code" as const,
            reason:
              "runs with this repository's secrets for pull requests of strangers (pull_request_target or workflow_run)",
          },
        ]
      : []),
    ...(isHeadNew
      ? [
          {
            code: "untrusted-code" as const,
            reason: "checks out the head of a pull request, which a stranger may have written",
          },
        ]
      : []),
  ];
}

/** A base or a chart of others, under a name that can be moved: `?ref=main`, any version. */
function isMovableBase({ path, text }: Attribute): boolean {
  if (/^(?:resources|bases|components)$/.test(path))
    return /^(?:https?:|git@|github\.com)/.test(text) && !/[?&]ref=(?:v?\d|[0-9a-f]{40})/.test(text);
  return /^dependencies\.version$/.test(path) && /^(?:\*|>=?.*|latest|x)$/.test(text);
}

/** A module or chart from elsewhere, or under a name that can be moved. */
function findForeignSource(view: ChangeView): readonly Danger[] {
  const changed = view.changes.filter(({ path, name, before, after }) => {
    const [old = "", now = ""] = [before[0], after[0]];
    if (PLAIN_HTTP.test(now) && /source|url|repository|repo/.test(name)) return true;
    const isSource =
      (view.type === "module" && path === "source") || (name === "repository" && !view.isCreated);
    if (!isSource || now === "" || now.startsWith("./") || now.startsWith("../")) return false;
    const isMovable =
      /^(?:git::|github\.com|git@|https?:|bitbucket)/.test(now) && !/[?&]ref=(?:[0-9a-f]{40}|v?\d)/.test(now);
    const isElsewhere = old !== "" && hostOf(old) !== hostOf(now);
    return isMovable || isElsewhere;
  });
  const isUnpinned = view.changes.filter(
    ({ path, before, after }) =>
      ((view.type === "module" && path === "version") || /^required_providers\..*version$/.test(path)) &&
      before.length > 0 &&
      after.length === 0,
  );
  return describe("untrusted-code", "takes code from", [
    ...changed.map(({ after }) => after.join()),
    ...isUnpinned.map(({ before }) => `whatever version is newest (was ${before.join()})`),
  ]);
}

function hostOf(source: string): string {
  return source
    .replace(/^git::/, "")
    .replace(/\?.*$/, "")
    .replace(/\.git$/, "")
    .split("/")
    .slice(0, 4)
    .join("/");
}
