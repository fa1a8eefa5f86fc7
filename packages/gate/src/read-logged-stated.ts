// SPDX-License-Identifier: Apache-2.0
import { isMachineEnvelope } from "@countersign/core/attestation";
import type { AssistanceRecord } from "@countersign/core/attribution";
import { CoreError, type ObjectId } from "@countersign/core/ids";
import type { FactsProblem, Policy } from "@countersign/core/policy";
import type { Repository } from "@countersign/git";
import type { Inclusion, LoggedStatement } from "./ledger/read-inclusion.ts";
import { believesAssistance, NOTHING_STATED, readStated, type StatedRecords } from "./read-stated.ts";
import type { MachineStatement } from "./read-statements.ts";

/** What only the log still has of who wrote some commits. */
export interface LoggedStated {
  readonly stated: StatedRecords;
  /** Statements that the log holds and nobody can read any more: perhaps they named an AI (T36). */
  readonly problems: readonly FactsProblem[];
}

export const LOST_IN_LOG = "ledger-object-missing";

export type AskLoggedStated = (commits: readonly ObjectId[]) => Promise<LoggedStated>;

export interface LoggedStatedRequest {
  readonly repository: Repository;
  readonly policy: Policy;
  /** Whose policy it is. */
  readonly commit: ObjectId;
  readonly inclusion: Inclusion;
  /** What the evidence here has; it counts already. */
  readonly machines: readonly MachineStatement[];
}

/**
 * Statements that were deleted from the evidence and stand in the log count as if they were there. One of a machine that the policy does not
 * believe says nothing, here as there. Where the policy believes no machine in it, this costs nothing.
 */
export function askLoggedStated({
  repository,
  policy,
  commit,
  inclusion,
  machines,
}: LoggedStatedRequest): AskLoggedStated {
  const here = new Set(machines.map(({ envelope }) => envelope));
  return async (commits) => {
    if (!believesAssistance(policy)) return { stated: NOTHING_STATED, problems: [] };
    const logged = await inclusion.stated(commits, here);
    const readable = logged.flatMap(({ envelope, bytes }) =>
      bytes instanceof Uint8Array && isMachineEnvelope(bytes) ? [{ envelope, bytes }] : [],
    );
    const problems = logged.filter(({ bytes }) => !(bytes instanceof Uint8Array)).map(toProblem);
    if (readable.length === 0) return { stated: NOTHING_STATED, problems };
    return { stated: await readStated(repository, { policy, commit }, readable), problems };
  };
}

function toProblem({ index, commit, bytes }: LoggedStatement): FactsProblem {
  const why = bytes === "redacted" ? "was redacted" : "is not beside the log";
  const message = `the assistance statement about ${commit.slice(0, 12)} that the ledger holds as entry ${index} ${why}, so nobody can tell whether it names an AI`;
  return { code: LOST_IN_LOG, message, objects: [commit] };
}

/** One of both. */
export function mergeStated(a: StatedRecords, b: StatedRecords): StatedRecords {
  if (b.byCommit.size === 0) return a;
  const byCommit = new Map<ObjectId, readonly AssistanceRecord[]>(a.byCommit);
  for (const [commit, records] of b.byCommit)
    byCommit.set(commit, [...(byCommit.get(commit) ?? []), ...records]);
  return { byCommit, problems: [...a.problems, ...b.problems] };
}

/** As {@link AskLoggedStated}, with what a broken log says as a problem of these commits. */
export async function tryLoggedStated(
  ask: AskLoggedStated,
  commits: readonly ObjectId[],
): Promise<LoggedStated> {
  try {
    return await ask(commits);
  } catch (error) {
    if (!(error instanceof Error) || (error.name !== "StoreError" && !(error instanceof CoreError)))
      throw error;
    const message = `what the ledger holds of who wrote these commits cannot be read: ${error.message}`;
    return {
      stated: NOTHING_STATED,
      problems: [{ code: LOST_IN_LOG, message, objects: [] }],
    };
  }
}
