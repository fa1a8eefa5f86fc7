// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { Policy } from "@countersign/core/policy";
import type { CommitLink, Repository } from "@countersign/git";
import { resolvePaths } from "@countersign/git";
import { POLICY_PATH, readPolicyAt } from "../read-policy.ts";
import type { Spans } from "./divide-line.ts";

/** Neighbours on the line that are judged by the same policy, and read together. */
export interface Chunk {
  readonly links: readonly CommitLink[];
  /** Tip before the first of them; null where that is the first commit of all. */
  readonly base: ObjectId | null;
  readonly policy: Policy | null;
  readonly unjudged: string | null;
}

/** Each chunk costs some dozen processes; a larger one costs memory. */
const MOST_LINKS = 1024;
const MOST_COMMITS = 4096;

/** The line in chunks, oldest first. No chunk ends within what landed in one piece. */
export async function* planChunks(
  repository: Repository,
  line: readonly CommitLink[],
  spans: Spans,
  sizeOf: (link: ObjectId) => number,
): AsyncGenerator<Chunk, void, undefined> {
  const policies = await findPolicies(repository, line);
  const readings = new Map<string, Reading>();
  for (let at = 0; at < line.length; ) {
    const end = findEnd(line, at, policies, spans, sizeOf);
    const links = line.slice(at, end);
    const base = links[0]?.parents[0] ?? null;
    const blob = policies[at];
    const key = blob ?? "";
    const reading = readings.get(key) ?? (await readAt(repository, base, blob));
    readings.set(key, reading);
    yield { links, base, ...reading };
    at = end;
  }
}

type Reading = Pick<Chunk, "policy" | "unjudged">;

async function readAt(
  repository: Repository,
  base: ObjectId | null,
  blob: ObjectId | undefined,
): Promise<Reading> {
  if (base === null)
    return { policy: null, unjudged: "the first commit of all: there was no policy before it" };
  if (blob === undefined)
    return { policy: null, unjudged: `no ${POLICY_PATH} was in force when this landed` };
  const reading = await readPolicyAt(repository, { commit: base, path: POLICY_PATH }, "the branch");
  return reading.policy === null
    ? { policy: null, unjudged: reading.reason }
    : { policy: reading.policy, unjudged: null };
}

/** The policy's blob on the tip before each link. */
async function findPolicies(
  repository: Repository,
  line: readonly CommitLink[],
): Promise<readonly (ObjectId | undefined)[]> {
  const bases = line.map((link) => link.parents[0]);
  const places = bases.flatMap((tree) => (tree === undefined ? [] : [{ tree, path: POLICY_PATH }]));
  const found = await resolvePaths(repository, places);
  let next = 0;
  return bases.map((base) => (base === undefined ? undefined : found[next++]));
}

function findEnd(
  line: readonly CommitLink[],
  start: number,
  policies: readonly (ObjectId | undefined)[],
  spans: Spans,
  sizeOf: (link: ObjectId) => number,
): number {
  // The first commit of all has no tip before it, so it is nothing that could be judged beside others.
  if (line[start]?.parents.length === 0) return start + 1;
  let commits = 0;
  let inside: ObjectId | undefined;
  for (let at = start; at < line.length; at++) {
    const link = line[at];
    if (link === undefined) break;
    const isFull = at - start >= MOST_LINKS || commits >= MOST_COMMITS;
    if (at > start && inside === undefined && (isFull || policies[at] !== policies[start])) return at;
    inside ??= spans.get(link.id);
    if (inside === link.id) inside = undefined;
    commits += sizeOf(link.id);
  }
  return line.length;
}
