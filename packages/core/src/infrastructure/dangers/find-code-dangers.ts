// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type Attribute, type ChangeView, describe, formatChange } from "./change-view.ts";

const PIPED =
  /\b(?:curl|wget|iwr|invoke-webrequest)\b[^|\n]{0,500}\|\s*(?:sudo\s+)?(?:-\S+\s+)?(?:ba|z|da|k)?sh\b|\b(?:ba)?sh\s+(?:-c\s+["']?)?(?:<\(|\$\()\s*(?:curl|wget)\b|\biex\b[^\n]{0,200}\b(?:iwr|downloadstring)\b|\bpython3?\s+-c\s[^\n]{0,200}urlopen/i;
/** What people read, and nothing runs. */
const TOLD =
  /^(?:label|maintainer|description|name|display_name|title|comment)(?:\.|$)|(?:^|\.)(?:labels|annotations|tags)\.|(?:^|\.)description$/;
/** What a person outside writes, put into a shell script before it runs. */
const INJECTED =
  /\$\{\{[^}\n]{0,100}\bgithub\.(?:event\.(?:issue|pull_request|comment|review|discussion|head_commit)\.[\w.]{0,60}(?:title|body|ref|label|message|name|email)|head_ref)/;
const HEAD_CHECKOUT = /github\.event\.pull_request\.head\.(?:sha|ref|repo)|github\.head_ref|refs\/pull\//;

/** Code of strangers in a pipeline, an image or a module: whoever can change it runs what they like. */
export function findCodeDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const fresh = view.newTexts;
  return [
    ...describe(
      "untrusted-code",
      "runs code that it fetches:",
      fresh
        .filter(({ path, text }) => !TOLD.test(path) && PIPED.test(text.slice(0, 20_000)))
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
      fresh.flatMap((attribute) => toUnchecked(view, attribute)),
    ),
    ...findBlindfolds(view),
    ...findUncheckedPackages(view),
    ...findForeignHead(view),
  ];
}

/** Downloads and installations that nobody checks. */
const UNCHECKED =
  /--no-check-certificate|--insecure\b|\bcurl\s+(?:-\w*k\w*\s)|--trusted-host|--allow-unauthenticated|--no-gpg-checks?\b|--nogpgcheck|--no-gpg-check|strict-ssl[= ]false|--force-yes|--allow-untrusted|--no-verify-ssl|sslverify[= ]"?(?:false|0)|\[\s*trusted=yes|--skip-verify|--no-signature|--(?:extra-)?index-url[= ]http:\/\/|--extra-index-url[= ]|http\.sslVerify=false|--disable-content-trust/i;
/** Sources without a version, or by the name of a branch. */
const MOVING_SOURCE =
  /\bgo\s+(?:install|run)\s+\S+@(?:latest|main|master)\b|\bgit\+(?:https?|ssh):\/\/[^\s@]+(?:@(?:main|master|develop|HEAD))?(?=[\s"']|$)|\bnpm\s+(?:i|install)\s[^\n]{0,100}\bgithub:[\w.-]+\/[\w.-]+(?=[\s"']|$)/;
const LINE_NAMES =
  /^(?:extra_args|run|script|cmd|command|commands|before_script|shell|repo|statement|sh|_raw_params|argv)$/;
/** Variables by which programs no longer look at certificates and signatures. */
const BLINDFOLDS =
  /^(?:pythonhttpsverify|npm_config_strict_ssl|yarn_strict_ssl|yarn_enable_strict_ssl|http_ssl_verify|conda_ssl_verify|bundle_ssl_verify_mode|cargo_http_check_revoke|gosumdb)=(?:0|false|no|off)$|^(?:git_ssl_no_verify|pip_trusted_host|uv_insecure_host|uv_native_tls_insecure|goinsecure|gonosumdb|gonosumcheck|curl_insecure|docker_content_trust_off|skip_tls_verify|ansible_ignore_certs)=(?!0$|false$|no$|off$|$).+$|^(?:docker_content_trust|ansible_host_key_checking|docker_tls_certdir)=(?:0|false|)$|^git_ssh_command=.*StrictHostKeyChecking[= ]no/;
/** The same for what a program calls while it runs. */
const BLIND_PROGRAMS =
  /^(?:node_tls_reject_unauthorized|perl_lwp_ssl_verify_hostname|consul_http_ssl_verify|docker_tls_verify|es_verify_certs|airflow__email__smtp_ssl_verify)=(?:0|false|no|off)$|^(?:vault_skip_verify|nomad_skip_verify|kube_insecure|kube_insecure_skip_tls_verify|influx_skip_verify|argocd_insecure|pulumi_skip_verify)=(?!0$|false$|no$|off$|$).+$|^pgsslmode=(?:disable|allow|prefer)$|^[\w.]*(?:java|jvm|maven|catalina|jdk_java)_\w*opt\w*=.*(?:ssl\.insecure=true|disableHostnameVerification=true|trust_?all)/i;

function toUnchecked(view: ChangeView, attribute: Attribute): readonly string[] {
  const { name, text } = attribute;
  const kind = view.pair.after?.kind ?? "unknown";
  if (/^(?:kustomize|helm)$/.test(kind) && isMovableBase(attribute)) return [text];
  if (kind === "dockerfile" && name === "add")
    return /^(?:--\S+\s+)*https?:\/\//.test(text) && !text.includes("--checksum=") ? [text] : [];
  const isCommand = LINE_NAMES.test(name) || kind === "workflow";
  if (isCommand && ["dockerfile", "workflow", "ansible"].includes(kind)) {
    const known = toUncheckedWords(view.before);
    const line = text
      .slice(0, 20_000)
      .split("\n")
      .find((each) => [UNCHECKED, MOVING_SOURCE].some((pattern) => isNew(pattern.exec(each)?.[0], known)));
    if (line !== undefined) return [line];
  }
  return [];
}

const isNew = (word: string | undefined, known: ReadonlySet<string>) =>
  word !== undefined && !known.has(word);

const WORDS = new WeakMap<readonly Attribute[], ReadonlySet<string>>();

/** What was not checked before is no worse in a longer line. */
function toUncheckedWords(before: readonly Attribute[]): ReadonlySet<string> {
  const known = WORDS.get(before);
  if (known !== undefined) return known;
  const lines = before.flatMap(({ text }) => text.slice(0, 20_000).split("\n"));
  const words = new Set(
    lines.flatMap((line) => [UNCHECKED, MOVING_SOURCE].flatMap((each) => each.exec(line)?.[0] ?? [])),
  );
  WORDS.set(before, words);
  return words;
}

/** `NODE_TLS_REJECT_UNAUTHORIZED=0`, as an attribute of its own or as a name beside a value. */
function findBlindfolds(view: ChangeView): readonly Danger[] {
  const isBlind = (each: string) => BLINDFOLDS.test(each) || BLIND_PROGRAMS.test(each);
  if (!view.newAttributes.some(({ name, text }) => name === "value" || isBlind(`${name}=${text}`))) return [];
  const set = (side: readonly Attribute[]) =>
    side.flatMap(({ name, text }, at) => {
      const own = `${name}=${text}`;
      const beside = name === "value" ? `${side[at - 1]?.text.toLowerCase()}=${text}` : "";
      return [own, beside].filter(isBlind);
    });
  const known = set(view.before);
  const fresh = set(view.after).filter((each) => !known.includes(each));
  const kind = view.pair.after?.kind ?? "";
  const isBuild = /^(?:dockerfile|workflow|ansible)$/.test(kind);
  // What an image sets holds for what is built in it and for what runs in it.
  const running = kind === "dockerfile" ? fresh.filter((each) => BLIND_PROGRAMS.test(each)) : [];
  const built =
    kind === "dockerfile" && !isBuiltWith(view, running)
      ? fresh.filter((each) => !running.includes(each))
      : fresh;
  return [
    ...describe(isBuild ? "untrusted-code" : "protection-off", "looks at no certificate:", built),
    ...describe("protection-off", "looks at no certificate:", running),
  ];
}

/** Whether an instruction that runs something stands behind one of these settings. */
function isBuiltWith({ after }: ChangeView, settings: readonly string[]): boolean {
  const first = after.findIndex(({ name, text }) => settings.includes(`${name}=${text}`));
  return first >= 0 && after.slice(first).some(({ name }) => name === "run");
}

/** Where a package comes from is no longer checked, or what came is not. */
const CHECKS =
  /^(?:gpgcheck|repo_gpgcheck|sslverify|validate_certs|verify_ssl|gpg_auto_import_keys|signed_by)$/;
const UNCHECKS = /^(?:disable_gpg_check|allow_unauthenticated|insecure|trusted|skip_verify)$/;

function findUncheckedPackages(view: ChangeView): readonly Danger[] {
  if (view.pair.after?.kind !== "ansible") return [];
  const changes = view.changes.filter(({ name, before, after }) => {
    if (CHECKS.test(name)) return after.some(isNo) && !before.some(isNo);
    if (UNCHECKS.test(name)) return after.some(isYes) && !before.some(isYes);
    if (name === "checksum") return before.length > 0 && after.length === 0;
    return name === "version" && view.type.endsWith("git") && after.some(isBranch) && !before.some(isBranch);
  });
  return describe("untrusted-code", "is taken unchecked:", changes.map(formatChange));
}

const isNo = (text: string) => /^(?:no|false|0|off)$/i.test(text);
const isYes = (text: string) => /^(?:yes|true|1|on)$/i.test(text);
const isBranch = (text: string) => /^(?:main|master|develop|HEAD|devel)$/.test(text);

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
    ...describe("untrusted-code", "runs what a run of strangers left:", findForeignFiles(view)),
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

/** Runs a file from where it works. */
const RUNS_FILE =
  /(?:^|[;&|\n(])\s*(?:(?:sudo\s+)?(?:ba|z|da)?sh\s+(?!-c\b)[\w./-]+|(?:source|\.)\s+[\w./-]+|\.\/[\w./-]+|(?:node|python3?|ruby|perl|php)\s+(?!-)[\w./-]+|make\b|npm\s+(?:ci|i|install|run|test)\b)/;

/** After a run of others their files are there: an artifact that a pull request made runs with this repository's rights. */
function findForeignFiles({ before, after, newAttributes }: ChangeView): readonly string[] {
  const isAfterOthers = after.some(
    ({ path, text }) =>
      /(?:^|\.)on(?:\.|$)/.test(path) && /(?:^| )workflow_run/.test(`${path.replaceAll(".", " ")} ${text}`),
  );
  const uses = (name: string) => after.some(({ text }) => text.includes(name));
  if (!isAfterOthers || !uses("download-artifact")) return [];
  // Files of the repository itself stand there as well, where the artifact is put elsewhere.
  if (uses("actions/checkout@") && after.some(({ path }) => /(?:^|\.)with\.path$/.test(path))) return [];
  const known = new Set(
    before.flatMap(({ text }) => RUNS_FILE.exec(text.slice(0, 20_000))?.[0].trim() ?? []),
  );
  return newAttributes
    .filter(({ name }) => name === "run")
    .flatMap(({ text }) => RUNS_FILE.exec(text.slice(0, 20_000))?.[0].trim() ?? [])
    .filter((each) => !known.has(each));
}

/** A base or a chart of others, under a name that can be moved: `?ref=main`, any version. */
function isMovableBase({ path, text }: Attribute): boolean {
  if (/^(?:resources|bases|components)$/.test(path))
    return /^(?:https?:|git@|github\.com)/.test(text) && !/[?&]ref=(?:v?\d|[0-9a-f]{40})/.test(text);
  return /^dependencies\.version$/.test(path) && /^(?:\*|>=?.*|latest|x)$/.test(text);
}
