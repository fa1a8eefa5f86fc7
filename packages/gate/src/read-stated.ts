// SPDX-License-Identifier: Apache-2.0
import {
  ASSISTANCE_PREDICATE_TYPE,
  type MachineTrust,
  parseMachineStatement,
  parseRawStatement,
  parseStoredMachineEnvelope,
} from "@countersign/core/attestation";
import type { AssistanceRecord } from "@countersign/core/attribution";
import { CoreError, type ObjectId } from "@countersign/core/ids";
import type { EvidenceProblem, Policy } from "@countersign/core/policy";
import type { CommitRecord, Repository } from "@countersign/git";
import { addRecord, type RecordedCommit } from "@countersign/recorder";
import type { MachineStatement } from "./read-statements.ts";
import { readTrustedRoot } from "./read-trusted-root.ts";
import { verifyMachines } from "./verify-machines.ts";

/** Records that machines stand for whom the policy believes in it, by commit (specs/assistance.md). */
export interface StatedRecords {
  readonly byCommit: ReadonlyMap<ObjectId, readonly AssistanceRecord[]>;
  readonly problems: readonly EvidenceProblem[];
}

export const NOTHING_STATED: StatedRecords = { byCommit: new Map(), problems: [] };

/**
 * Reads them by the policy of a commit. Only statements of this type are verified: a busy repository has a verdict for every push. Where the
 * policy believes no machine in it, this costs nothing.
 */
export async function readStated(
  repository: Repository,
  { policy, commit }: { readonly policy: Policy; readonly commit: ObjectId },
  machines: readonly MachineStatement[],
): Promise<StatedRecords> {
  if (!believesAssistance(policy)) return NOTHING_STATED;
  const believed = listBelieved(policy);
  const asked = machines.filter(({ bytes }) => isAssistance(bytes));
  const needsRoot = asked.length > 0 && believed.some(({ identities }) => identities.length > 0);
  try {
    const trusted = needsRoot ? await readTrustedRoot(repository, commit, policy) : {};
    return toStated(policy, asked, trusted.verifyBundle);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    const problem = { envelope: ".countersign/trusted-root.json", code: error.code, message: error.message };
    return { ...NOTHING_STATED, problems: [problem] };
  }
}

function listBelieved({ machines }: Policy) {
  return [...machines.values()].filter(({ may }) => may.includes("assistance"));
}

/** Whether the policy names any machine whose word on who wrote what counts. */
export function believesAssistance(policy: Policy): boolean {
  return listBelieved(policy).length > 0;
}

function isAssistance(bytes: Uint8Array): boolean {
  const { payload } = parseStoredMachineEnvelope(bytes);
  return parseRawStatement(payload).predicateType === ASSISTANCE_PREDICATE_TYPE;
}

function toStated(
  policy: Policy,
  machines: readonly MachineStatement[],
  verifyBundle: MachineTrust["verifyBundle"],
): StatedRecords {
  const verified = verifyMachines(policy, machines, verifyBundle);
  const byCommit = new Map<ObjectId, readonly AssistanceRecord[]>();
  const problems = [...verified.problems];
  for (const { envelope, statement, machine } of verified.statements) {
    try {
      const said = parseMachineStatement(statement);
      if (said.kind !== "assistance" || !machine.may.includes("assistance")) continue;
      const { commit } = said.record;
      byCommit.set(commit, [...(byCommit.get(commit) ?? []), said.record]);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      problems.push({ envelope, code: error.code, message: error.message });
    }
  }
  return { byCommit, problems };
}

/** What is known of commits with what machines state of them. A clearance takes nothing away, and a record of another tree is of another commit. */
export function withStated(
  known: ReadonlyMap<ObjectId, RecordedCommit>,
  commits: readonly Pick<CommitRecord, "id" | "tree">[],
  { byCommit }: StatedRecords,
): ReadonlyMap<ObjectId, RecordedCommit> {
  if (byCommit.size === 0) return known;
  const all = new Map(known);
  for (const { id, tree } of commits)
    for (const record of byCommit.get(id) ?? [])
      if (record.tree === tree && record.agents.length > 0) all.set(id, addRecord(all.get(id), record));
  return all;
}
