// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe } from "./change-view.ts";

/** Not of the same machine or cluster: those names have no dot, or end in one that the internet does not know. */
const PLAIN_HTTP =
  /^http:\/\/(?!localhost|127\.|\[::1\]|[\w-]+(?=[:/]|$)|[\w.-]+\.(?:svc|local|internal)(?=[:./]|$))/;
const PROVIDER = /^required_providers\..*(?:source|version)$/;
/** Where continuous delivery takes what it applies from. */
const DELIVERED = /^spec\.(?:template\.spec\.)?(?:sources?\.|chart\.spec\.)?(?:repo_url|url|chart)$/;
const REVISIONS =
  /(?:^|\.)(?:target_revision|ref\.branch|ref\.tag|ref\.name|ref\.semver|chart\.spec\.version|revision)$/;
const PINS = /^spec\.ref\.(?:digest|commit)$/;
const DELIVERIES =
  /^(?:application|application_set|git_repository|oci_repository|helm_repository|helm_release)$/;
const MOVING = /^(?:head|main|master|develop|dev|trunk|latest|\*|>=?.*|x)$/i;

/** A module, provider or chart from elsewhere, or under a name that can be moved. */
export function findForeignSource(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const changed = view.changes.filter((change) => isForeign(view, change));
  const unpinned = view.changes.filter((change) => isUnpinned(view, change));
  const created = isUnversioned(view) ? ["the registry, in whatever version is newest"] : [];
  return describe("untrusted-code", "takes code from", [
    ...changed.map(({ after }) => after.join()),
    ...unpinned.map(({ before, after }) =>
      after.length === 0
        ? `whatever version is newest (was ${before.join()})`
        : `${after.join()}, which moves (was ${before.join() || "none"})`,
    ),
    ...created,
  ]);
}

/** Who publishes the image that a machine starts from. */
const PUBLISHERS =
  /^(?:source_image_reference\.(?:publisher|offer)|storage_image_reference\.publisher|filter\.owner_alias)$/;
/** Programs of a cluster are told of addresses too; only what delivers takes code from there. */
const OBJECTS: ReadonlySet<string> = new Set(["kubernetes", "mesh"]);

function isForeign(view: ChangeView, { path, name, before, after }: AttributeChange): boolean {
  if (PUBLISHERS.test(path) || (path === "owners" && view.type === "data.aws_ami"))
    return before.length > 0 && after.some((text) => !before.includes(text));
  const [old = "", now = ""] = [before[0], after[0]];
  if (PLAIN_HTTP.test(now) && /source|url|repository|repo/.test(name) && !PLAIN_HTTP.test(old))
    return !OBJECTS.has(view.pair.after?.kind ?? "") || DELIVERED.test(path);
  const isElsewhere = old !== "" && now !== "" && hostOf(old) !== hostOf(now);
  if (PROVIDER.test(path) && name === "source") return isElsewhere;
  if (DELIVERIES.test(view.type) && DELIVERED.test(path)) return isElsewhere;
  const isSource =
    (/^(?:module|terraform)$/.test(view.type) && path === "source") ||
    (name === "repository" && !view.isCreated);
  if (!isSource || now === "" || now.startsWith("./") || now.startsWith("../")) return false;
  const isMovable = MOVABLE.test(now) && !PINNED.test(now);
  const wasMovable = MOVABLE.test(old) && !PINNED.test(old);
  return isElsewhere || (isMovable && !wasMovable);
}

const MOVABLE = /^(?:git::|git@|github\.com|https?:|bitbucket|hg::)/;
const PINNED = /[?&]ref=(?:[0-9a-f]{40}|v?\d)|\/archive\/v?\d|[?&]checksum=/;

/** A version that was one, or few, and is any. */
function isUnpinned(view: ChangeView, { path, before, after }: AttributeChange): boolean {
  // By its digest or commit it was one content; under a tag or a branch it is whatever stands there today.
  if (DELIVERIES.test(view.type) && PINS.test(path)) return before.length > 0 && after.length === 0;
  if (DELIVERIES.test(view.type) && REVISIONS.test(path))
    return after.some((text) => MOVING.test(text)) && !before.some((text) => MOVING.test(text));
  const isVersion =
    (["module", "helm_release"].includes(view.type) && path === "version") ||
    (PROVIDER.test(path) && path.endsWith("version"));
  if (!isVersion || before.length === 0) return false;
  return after.length === 0 || (after.some((text) => isOpen(text)) && !before.some((text) => isOpen(text)));
}

const isOpen = (text: string) => /^\s*(?:>|\*)/.test(text) && !/[<,]/.test(text);

/** A new module of the registry that says no version. */
function isUnversioned(view: ChangeView): boolean {
  if (!view.isCreated || view.type !== "module") return false;
  const source = view.after.find(({ path }) => path === "source")?.text ?? "";
  return (
    /^(?:[\w.-]+\.[a-z]+\/)?[\w-]+\/[\w-]+\/[\w-]+(?:\/\/.*)?$/.test(source) &&
    !view.after.some(({ path }) => path === "version")
  );
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
