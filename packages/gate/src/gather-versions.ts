// SPDX-License-Identifier: Apache-2.0
import { CoreError, isNullObjectId, type ObjectId } from "@countersign/core/ids";
import type { Contributor, FactsProblem } from "@countersign/core/policy";
import { branchesAt, type Repository, readEvidenceSet, readRef, readReflog } from "@countersign/git";
import { PUSHES_REF, type PushRecord, parsePushRecord } from "./push-record.ts";

export interface Versions {
  /** Heads that the change had before, oldest first, the present one left out. */
  readonly heads: readonly ObjectId[];
  /** Transport users who pushed any of them. */
  readonly pushers: readonly Contributor[];
}

/** What the server recorded of pushes, read once for all landings. */
export interface PushHistory {
  readonly records: readonly PushRecord[];
  readonly problems: readonly FactsProblem[];
}

/**
 * Earlier versions of a change: what the server recorded of every branch that reached one of its commits, and the reflog
 * of local branches at its head. `reached` holds the change's own commits and the signed head that it lands: a merge or
 * squash has an id that no branch ever had. A version that left no trace in this repository cannot be known here.
 */
export async function gatherVersions(
  repository: Repository,
  { records }: PushHistory,
  change: { readonly head: ObjectId; readonly reached: ReadonlySet<ObjectId> },
): Promise<Versions> {
  const { head, reached } = change;
  const refs = new Set(records.filter((record) => reached.has(record.new)).map((record) => record.ref));
  const related = toLives(
    records.filter((record) => refs.has(record.ref)),
    reached,
  );
  const branches = (await branchesAt(repository, head)).filter((name) => name.startsWith("refs/heads/"));
  const reflogs = await Promise.all(branches.map((name) => readReflog(repository, name)));
  const heads = [...related.map((record) => record.new), ...reflogs.flat()];
  return {
    heads: [...new Set(heads)].filter((id) => id !== head && !isNullObjectId(id)),
    pushers: toPushers(related),
  };
}

/**
 * Only the life of the branch in which it reached the change: a name used again after a deletion is another change. The
 * server's clock counts seconds; within one, nobody can tell what came first, and all of it is one life.
 */
function toLives(records: readonly PushRecord[], reached: ReadonlySet<ObjectId>): readonly PushRecord[] {
  const lives = new Map<string, PushRecord[][]>();
  for (const record of [...records].sort((a, b) => a.at - b.at)) {
    const known = lives.get(record.ref) ?? [];
    const before = known.at(-1)?.at(-1);
    const isBegun = before === undefined || (isNullObjectId(record.old) && before.at < record.at);
    if (isBegun) known.push([]);
    known.at(-1)?.push(record);
    lives.set(record.ref, known);
  }
  return [...lives.values()]
    .flat()
    .filter((life) => life.some((record) => reached.has(record.new)))
    .flat();
}

function toPushers(records: readonly PushRecord[]): readonly Contributor[] {
  const byLogin = new Map<string, ObjectId[]>();
  for (const { pusher, new: id } of records) {
    if (pusher !== null) byLogin.set(pusher, [...(byLogin.get(pusher) ?? []), id]);
  }
  return [...byLogin].map(([login, commits]) => ({
    identity: { name: "", email: "" },
    login,
    as: ["pusher"],
    isService: false,
    commits,
  }));
}

export async function readPushHistory(repository: Repository): Promise<PushHistory> {
  const tip = await readRef(repository, PUSHES_REF);
  if (tip === undefined) return { records: [], problems: [] };
  const set = await readEvidenceSet(repository, [tip]);
  const records: PushRecord[] = [];
  const problems: FactsProblem[] = set.problems.map(({ code, message }) => ({
    code,
    message: `${PUSHES_REF}: ${message}`,
    objects: [tip],
  }));
  for (const [name, bytes] of set.envelopes) {
    try {
      records.push(parsePushRecord(bytes));
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      problems.push({
        code: "push-record-malformed",
        message: `${PUSHES_REF}: ${name}: ${error.message}`,
        objects: [tip],
      });
    }
  }
  return { records, problems };
}
