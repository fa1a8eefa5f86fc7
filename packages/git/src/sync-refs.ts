// SPDX-License-Identifier: Apache-2.0
import { createHash, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ObjectId, RefName } from "@countersign/core/ids";
import { GitError } from "./git-error.ts";
import { listRefs } from "./refs.ts";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/** A ref that many clones add to, and how what they added is united. */
export interface SharedRef {
  readonly ref: RefName;
  /** Unites the local ref with a commit that a fetch brought. */
  readonly merge: (repo: Repository, theirs: ObjectId) => Promise<{ readonly tip: ObjectId | undefined }>;
}

/** Everything that configuration could add to a fetch of one ref; --no-filter, or a partial clone would get names only. */
const FETCH = [
  "fetch",
  "--quiet",
  "--prune",
  "--refmap=",
  "--no-tags",
  "--no-write-fetch-head",
  "--no-auto-maintenance",
  "--no-recurse-submodules",
  "--no-filter",
];
/** --no-verify: our own pre-push hook calls this, and would call itself for ever. */
const PUSH = ["push", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"];
/** Refusals of a remote that nobody else moves meanwhile: it means them. */
const ATTEMPTS = 3;
/** Others being faster is no refusal, but it has to end: forty clones at once are served within this. */
const ROUNDS = 60;
const LONGEST_PAUSE_MS = 80;
const REJECTED = 1;

const TRACKING_PREFIX = "refs/countersign-remotes";

/** Where the remote's tip is remembered; also keeps its objects from gc until they are united. */
export function trackingRef(remote: string, ref: RefName): RefName {
  const name = createHash("sha256").update(remote).digest("hex").slice(0, 16);
  return `${TRACKING_PREFIX}/${name}/${ref.slice("refs/".length)}`;
}

/** Tips of a shared ref that fetches brought from any remote, whether they were united with the local one or not. */
export async function fetchedTips(repo: Repository, ref: RefName): Promise<readonly ObjectId[]> {
  const refs = await listRefs(repo, [TRACKING_PREFIX]);
  const tips = refs.filter(({ name }) => name.endsWith(ref.slice("refs".length)));
  return [...new Set(tips.map(({ id }) => id))];
}

export type Tips = ReadonlyMap<RefName, ObjectId | undefined>;

/** Unites local refs with a remote's; a remote without one changes nothing. Throws GIT_FAILED when it cannot be reached. */
export async function fetchShared(
  repo: Repository,
  remote: string,
  shared: readonly SharedRef[],
): Promise<void> {
  const theirs = await fetchTips(repo, remote, shared);
  for (const { ref, merge } of shared) {
    const tip = theirs.get(ref);
    if (tip !== undefined) await merge(repo, tip);
  }
}

/** A remote's tips of the refs, in one round trip. */
async function fetchTips(repo: Repository, remote: string, shared: readonly SharedRef[]): Promise<Tips> {
  // A pattern that matches nothing is no error, so a remote without the ref needs no second round trip to tell.
  const specs = shared.map(({ ref }) => `+${ref}*:${trackingRef(remote, ref)}*`);
  await runGit(repositoryCall(repo, [...FETCH, "--", remote, ...specs]));
  return readTips(repo, remote, shared);
}

async function readTips(repo: Repository, remote: string, shared: readonly SharedRef[]): Promise<Tips> {
  const names = new Map(shared.map(({ ref }) => [trackingRef(remote, ref), ref]));
  const refs = await listRefs(repo, [...names.keys()]);
  return new Map(
    refs.flatMap(({ name, id }) => {
      const ref = names.get(name);
      return ref === undefined ? [] : [[ref, id] as const];
    }),
  );
}

async function readOwn(repo: Repository, shared: readonly SharedRef[]): Promise<Tips> {
  const wanted = new Set(shared.map(({ ref }) => ref));
  const refs = await listRefs(repo, [...wanted]);
  return new Map(refs.filter(({ name }) => wanted.has(name)).map(({ name, id }) => [name, id]));
}

/**
 * Sends local refs to a remote: fetch, unite, push, and again while others are faster. Never forces, so nothing on the
 * remote is lost; what is refused is told by the porcelain's flag, never by words. Throws PUSH_REJECTED with the remote's
 * words when it keeps refusing one; the others are there then all the same.
 */
export async function pushShared(
  repo: Repository,
  remote: string,
  shared: readonly SharedRef[],
): Promise<void> {
  let refusal: Refusal | undefined;
  let before = "";
  let refused = 0;
  let open = shared;
  for (let round = 0; round < ROUNDS && refused < ATTEMPTS; round++) {
    await fetchShared(repo, remote, open);
    const theirs = await readTips(repo, remote, open);
    const own = await readOwn(repo, open);
    open = open.filter(({ ref }) => own.get(ref) !== undefined && own.get(ref) !== theirs.get(ref));
    if (open.length === 0) return;
    const state = JSON.stringify([...theirs]);
    refused = state === before ? refused + 1 : 1;
    before = state;
    const tips = open.map(({ ref }) => ({ ref, tip: own.get(ref) as ObjectId }));
    refusal = await pushTips(repo, remote, tips);
    await remember(repo, remote, refusal === undefined ? tips : tips.filter(isTaken(refusal)));
    if (refusal === undefined) return;
    await sleep(randomInt(1, LONGEST_PAUSE_MS));
  }
  throw toError(refusal);
}

interface PushedTip {
  readonly ref: RefName;
  readonly tip: ObjectId;
}

/** A push that failed as a whole names no ref, and then none was taken. */
function isTaken({ refs }: Refusal): (pushed: PushedTip) => boolean {
  return ({ ref }) => refs.length > 0 && !refs.includes(ref);
}

/** What the remote has now, so that the next push need not ask it. */
async function remember(repo: Repository, remote: string, tips: readonly PushedTip[]): Promise<void> {
  if (tips.length === 0) return;
  const rows = tips.map(({ ref, tip }) => `update ${trackingRef(remote, ref)} ${tip}\n`);
  // Only a memory: a fetch that runs at the same time may hold the lock, and knows better.
  await runGit(repositoryCall(repo, ["update-ref", "--stdin"], Buffer.from(rows.join(""))), [0, 1, 128]);
}

interface Refusal {
  readonly refs: readonly string[];
  readonly words: string;
}

async function pushTips(
  repo: Repository,
  remote: string,
  tips: readonly PushedTip[],
): Promise<Refusal | undefined> {
  const specs = tips.map(({ ref, tip }) => `${tip}:${ref}`);
  const push = await runGit(repositoryCall(repo, [...PUSH, "--", remote, ...specs]), [0, REJECTED]);
  if (push.exitCode === 0) return undefined;
  const rows = push.stdout.toString("utf8").split("\n");
  const refused = rows.filter((row) => row.startsWith("!"));
  const refs = refused.map((row) => row.split("\t")[1]?.split(":").at(-1) ?? "");
  return { refs, words: `${refused.join(" ")} ${push.complaint}` };
}

function toError(refusal: Refusal | undefined): GitError {
  const refs = refusal?.refs.filter((ref) => ref !== "").join(" and ") ?? "";
  const advice =
    "everything is safe in this clone; push again later, or ask the server's administrator about these refs";
  const message = `the remote kept refusing ${refs || "the push"} (${refusal?.words.trim() ?? ""}); ${advice}`;
  return new GitError("PUSH_REJECTED", message);
}

/** Which of the refs hold something that the remote did not have when it was last asked. Without any network. */
export async function findUnshared(
  repo: Repository,
  remote: string,
  shared: readonly SharedRef[],
): Promise<readonly SharedRef[]> {
  const [theirs, own] = [await readTips(repo, remote, shared), await readOwn(repo, shared)];
  return shared.filter(({ ref }) => own.get(ref) !== undefined && own.get(ref) !== theirs.get(ref));
}
