// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { type Assistance, type ParsedMessage, parseCommitMessage } from "@countersign/core/trailers";
import { type CommitRecord, findCommits, parseCommit, type Repository, readObjects } from "@countersign/git";

/** A revert of a revert of a revert … is followed this far; beyond, the AI of the commit stays whatever it says itself. */
const DEEPEST_CHAIN = 8;
/** A message names at most this many commits; no honest one comes near. */
const MOST_REFERENCES = 1000;
const LARGEST_COMMIT = 1024 * 1024;

/** What a commit's message says of others; ids in full, those that name no commit here left out. */
interface Links {
  readonly parsed: ParsedMessage;
  readonly picked: readonly ObjectId[];
  readonly reverted: readonly ObjectId[];
}

type Graph = ReadonlyMap<ObjectId, Links>;

/**
 * AI that a commit brings back without saying so: a revert of a revert restores what the first commit added (T49),
 * and a cherry-pick with `-x` copies it (T50). Derived from the commits that the message names, where they exist.
 */
export async function inheritAssistance(
  repository: Repository,
  commits: readonly CommitRecord[],
): Promise<ReadonlyMap<ObjectId, readonly Assistance[]>> {
  const parsed = commits.map((commit) => ({ id: commit.id, parsed: parse(commit) }));
  const starts = parsed.filter((commit) => toNames(commit.parsed).length > 0);
  if (starts.length === 0) return new Map();
  const graph = await readGraph(repository, parsed);
  return new Map(starts.map(({ id }) => [id, collect(graph, id)]));
}

interface ParsedCommit {
  readonly id: ObjectId;
  readonly parsed: ParsedMessage;
}

function parse(commit: CommitRecord): ParsedMessage {
  return parseCommitMessage({ message: commit.message, author: commit.author, committer: commit.committer });
}

function toNames({ cherryPickedFrom, reverts }: ParsedMessage): readonly string[] {
  return [...new Set([...cherryPickedFrom, ...reverts])].slice(0, MOST_REFERENCES);
}

async function readGraph(repository: Repository, commits: readonly ParsedCommit[]): Promise<Graph> {
  const graph = new Map<ObjectId, Links>();
  let pending = commits;
  for (let depth = 0; depth < DEEPEST_CHAIN && pending.length > 0; depth++) {
    const names = [...new Set(pending.flatMap(({ parsed }) => toNames(parsed)))];
    const ids = names.length === 0 ? new Map<string, ObjectId>() : await findCommits(repository, names);
    for (const { id, parsed } of pending) graph.set(id, toLinks(parsed, ids));
    const next = new Set([...ids.values()].filter((id) => !graph.has(id)));
    pending = await readMessages(repository, [...next]);
  }
  return graph;
}

function toLinks(parsed: ParsedMessage, ids: ReadonlyMap<string, ObjectId>): Links {
  const resolve = (names: readonly string[]) => [...new Set(names.flatMap((name) => ids.get(name) ?? []))];
  return { parsed, picked: resolve(parsed.cherryPickedFrom), reverted: resolve(parsed.reverts) };
}

async function readMessages(
  repository: Repository,
  ids: readonly ObjectId[],
): Promise<readonly ParsedCommit[]> {
  const messages: ParsedCommit[] = [];
  for await (const object of readObjects(repository, ids, { maxBytes: LARGEST_COMMIT })) {
    if (object.status !== "read") continue;
    messages.push({ id: object.id, parsed: parse(parseCommit(object.id, Buffer.from(object.bytes))) });
  }
  return messages;
}

/**
 * Claims of every commit whose work this one holds again. Each is visited once: messages that name each other a thousand
 * times over cost no more than what there is.
 */
function collect(graph: Graph, start: ObjectId): readonly Assistance[] {
  const reached = new Map<ObjectId, string>();
  const queue: ObjectId[] = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const { picked, reverted } = graph.get(id) ?? { picked: [], reverted: [] };
    // A revert takes away; only the revert of a revert gives back what the first one took.
    const again = reverted.flatMap((revert) => graph.get(revert)?.reverted ?? []);
    for (const [ids, convention] of [
      [picked, "cherry-pick"],
      [again, "reapply"],
    ] as const) {
      for (const source of ids) {
        if (reached.has(source) || source === start) continue;
        reached.set(source, convention);
        queue.push(source);
      }
    }
  }
  return [...reached].flatMap(([id, convention]) =>
    derive(graph.get(id)?.parsed.assistance ?? [], convention),
  );
}

function derive(assistance: readonly Assistance[], convention: string): readonly Assistance[] {
  return assistance
    .filter((claim) => claim.evidence !== "none")
    .map((claim) => ({ ...claim, convention, evidence: "derived", line: null }));
}
