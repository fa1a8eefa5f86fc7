// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { Policy } from "@countersign/core/policy";
import type { CommitLink } from "@countersign/git";
import type { Spans } from "./divide-line.ts";
import type { LandedLine } from "./landed-line.ts";
import type { PolicyInForce } from "./read-line-policies.ts";

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

/** The line in chunks, oldest first, by the policy in force for each link. No chunk ends within what landed in one piece. */
export function* planChunks(
  line: LandedLine,
  policies: readonly PolicyInForce[],
  spans: Spans,
): Generator<Chunk, void, undefined> {
  for (let at = 0; at < line.length; ) {
    const end = findEnd(line, at, policies, spans);
    const links = listLinks(line, at, end);
    const { policy = null, unjudged = null } = policies[at] ?? {};
    yield { links, base: links[0]?.parents[0] ?? null, policy, unjudged };
    at = end;
  }
}

function listLinks(line: LandedLine, start: number, end: number): readonly CommitLink[] {
  return Array.from({ length: end - start }, (_, i) => line.at(start + i)).filter(
    (link) => link !== undefined,
  );
}

function findEnd(line: LandedLine, start: number, policies: readonly PolicyInForce[], spans: Spans): number {
  // The first commit of all has no tip before it, so it is nothing that could be judged beside others.
  if (line.at(start)?.parents.length === 0) return start + 1;
  let commits = 0;
  let inside: ObjectId | undefined;
  for (let at = start; at < line.length; at++) {
    const link = line.at(at);
    if (link === undefined) break;
    const isFull = at - start >= MOST_LINKS || commits >= MOST_COMMITS;
    if (at > start && inside === undefined && (isFull || policies[at] !== policies[start])) return at;
    inside ??= spans.get(link.id);
    if (inside === link.id) inside = undefined;
    commits += line.countAt(at);
  }
  return line.length;
}
