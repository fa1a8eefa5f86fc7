// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, parseRefName, type RefName, toRawText } from "@countersign/core/ids";
import { GitError } from "./git-error.ts";
import { quickHead, quickHeadBranch, quickRef } from "./quick-read.ts";
import { readObjectType } from "./read-objects.ts";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { RefSnapshot, Repository } from "./types.ts";

/** A ref and the object it names, not peeled. */
export interface Ref {
  readonly name: RefName;
  readonly id: ObjectId;
}

/** The object a full ref names, undefined where it does not exist. Never guesses: `refs/heads/x` is only that. */
export async function readRef(repo: Repository, name: RefName): Promise<ObjectId | undefined> {
  const quick = isSnapshot(repo, [name]) ? "unknown" : quickRef(repo, parseRefName(name));
  if (quick !== "unknown") return quick;
  const refs = await listRefs(repo, [parseRefName(name)]);
  return refs.find((ref) => ref.name === name)?.id;
}

/** Every ref at or under the given prefixes (`refs/heads`, `refs/tags/v1`), sorted by name. */
export async function listRefs(repo: Repository, prefixes: readonly string[]): Promise<readonly Ref[]> {
  if (prefixes.length === 0) return [];
  if (isSnapshot(repo, prefixes))
    return repo.snapshot.refs.filter(({ name }) => prefixes.some((prefix) => isUnder(name, prefix)));
  const args = ["for-each-ref", "--format=%(refname) %(objectname)", "--", ...prefixes];
  return parseRefs((await runGit(repositoryCall(repo, args))).stdout);
}

/** Whether all of this was read when the repository's refs were. */
function isSnapshot(
  repo: Repository,
  prefixes: readonly string[],
): repo is Repository & { readonly snapshot: RefSnapshot } {
  const { snapshot } = repo;
  if (snapshot === undefined) return false;
  return prefixes.every((prefix) => snapshot.prefixes.some((read) => isUnder(prefix, read)));
}

/** The same repository with its refs as they are now; the prefixes are full names such as `refs/heads`. */
export async function snapshotRefs(repo: Repository, prefixes: readonly string[]): Promise<Repository> {
  const { snapshot: _old, ...live } = repo;
  return { ...live, snapshot: { prefixes, refs: await listRefs(live, prefixes) } };
}

function isUnder(name: string, prefix: string): boolean {
  return name === prefix || name.startsWith(`${prefix}/`);
}

function parseRefs(stdout: Buffer): readonly Ref[] {
  const lines = toRawText(stdout)
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => {
    const at = line.lastIndexOf(" ");
    return { name: line.slice(0, at), id: line.slice(at + 1) };
  });
}

/** The branch that HEAD stands on, as a full name, also before its first commit; undefined when HEAD is detached. */
export async function defaultBranch(repo: Repository): Promise<RefName | undefined> {
  return readSymbolicRef(repo, "HEAD");
}

/** The ref that a symbolic ref names, whether that exists or not; undefined where there is no such symbolic ref. */
export async function readSymbolicRef(
  repo: Repository,
  name: "HEAD" | RefName,
): Promise<RefName | undefined> {
  const quick = name === "HEAD" ? quickHeadBranch(repo) : undefined;
  if (quick !== undefined) return quick;
  const target = await runGit(repositoryCall(repo, ["symbolic-ref", "--quiet", "--", name]), [0, 1]);
  return target.exitCode === 0 ? toRawText(target.stdout).replace(/\n$/, "") : undefined;
}

/** Every symbolic ref below refs/ with the ref that it names: a write to the one moves the other. */
export async function listSymbolicRefs(repo: Repository): Promise<ReadonlyMap<RefName, RefName>> {
  const format = "--format=%(if)%(symref)%(then)%(refname) %(symref)%(end)";
  const listed = await runGit(repositoryCall(repo, ["for-each-ref", format]));
  const rows = toRawText(listed.stdout)
    .split("\n")
    .filter((line) => line !== "");
  return new Map(rows.map((row) => [row.slice(0, row.indexOf(" ")), row.slice(row.indexOf(" ") + 1)]));
}

/** Local and remote-tracking branches whose tip is exactly this commit. */
export async function branchesAt(repo: Repository, commit: ObjectId): Promise<readonly RefName[]> {
  const refs = await listRefs(repo, ["refs/heads", "refs/remotes"]);
  return refs.filter((ref) => ref.id === commit).map((ref) => ref.name);
}

/** Ids that the ref has had on this machine, newest first; empty where nothing was logged. */
export async function readReflog(repo: Repository, name: RefName): Promise<readonly ObjectId[]> {
  const args = [
    "log",
    "--walk-reflogs",
    "--no-show-signature",
    "--no-mailmap",
    "--format=%H",
    parseRefName(name),
    "--",
  ];
  if ((await readRef(repo, name)) === undefined) return [];
  const log = await runGit(repositoryCall(repo, args), [0, 128]);
  return log.stdout.toString("latin1").split("\n").filter(isObjectId);
}

/**
 * The commit that a revision names, peeled from tags; undefined where there is none. Full refs and full ids mean only
 * themselves. A short name that two refs answer to is refused with AMBIGUOUS_NAME: Git would take the tag (T31).
 */
export async function resolveCommit(repo: Repository, revision: string): Promise<ObjectId | undefined> {
  if (revision === "" || revision.includes("\0") || revision.includes("\n")) return undefined;
  if (isObjectId(revision)) return peelToCommit(repo, revision);
  if (isFullRefName(revision)) {
    const id = await readRef(repo, revision);
    return id === undefined ? undefined : peelToCommit(repo, id);
  }
  const head = revision === "HEAD" ? quickHead(repo) : "unknown";
  if (head !== undefined && head !== "unknown") {
    await refuseAmbiguousName(repo, revision);
    return peelToCommit(repo, head);
  }
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const [parsed] = await Promise.all([
    runGit(repositoryCall(repo, args), [0, 1, 128]),
    refuseAmbiguousName(repo, revision),
  ]);
  const id = parsed.stdout.toString("latin1").trim();
  return parsed.exitCode === 0 && isObjectId(id) ? id : undefined;
}

function isFullRefName(revision: string): boolean {
  try {
    return parseRefName(revision) === revision;
  } catch {
    return false;
  }
}

async function peelToCommit(repo: Repository, id: ObjectId): Promise<ObjectId | undefined> {
  const [peeled] = await readObjectType(repo, [`${id}^{commit}`]);
  return peeled?.type === "commit" ? peeled.id : undefined;
}

async function refuseAmbiguousName(repo: Repository, revision: string): Promise<void> {
  const name = revision.split(/[~^:?*[\\]|@\{/)[0] ?? "";
  if (!isFullRefName(`refs/heads/${name}`)) return;
  const candidates = [`refs/${name}`, `refs/heads/${name}`, `refs/remotes/${name}`, `refs/tags/${name}`];
  const quick = candidates.map((candidate) => quickRef(repo, candidate));
  const found = quick.includes("unknown")
    ? (await listRefs(repo, candidates)).map((ref) => ref.name)
    : candidates.filter((_, i) => quick[i] !== undefined);
  const names = found.filter((candidate) => candidates.includes(candidate));
  if (names.length < 2) return;
  throw new GitError(
    "AMBIGUOUS_NAME",
    `${JSON.stringify(name)} could mean ${names.join(" and ")}; write the full name, for example ${names[0]}`,
  );
}
