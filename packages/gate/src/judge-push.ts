// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, type ObjectId, type RefName } from "@countersign/core/ids";
import { isTargetRef, type Policy } from "@countersign/core/policy";
import type { GateReport } from "@countersign/core/render";
import {
  defaultBranch,
  isAncestor,
  isEvidenceSuperset,
  LEDGER_REF,
  listRefs,
  listSymbolicRefs,
  RECORDS_REF,
  type Ref,
  type Repository,
  readEvidenceSet,
  readRef,
} from "@countersign/git";
import { RECORDING_REFS } from "@countersign/recorder";
import { EVIDENCE_REF } from "./gather-context.ts";
import { findMirrorFault } from "./judge-mirror.ts";
import { findRecordsFault } from "./judge-records.ts";
import { readPolicy } from "./read-policy.ts";
import { readStatements } from "./read-statements.ts";
import { runGate } from "./run-gate.ts";
import { verifyMachines } from "./verify-machines.ts";

/** One line of a pre-receive hook's input. */
export interface RefUpdate {
  readonly ref: RefName;
  /** Null ids for a creation or a deletion. */
  readonly old: ObjectId;
  readonly new: ObjectId;
}

export interface PushRequest {
  readonly repository: Repository;
  readonly updates: readonly RefUpdate[];
  /** Seconds since the epoch. */
  readonly evaluatedAt: number;
  /** Transport user who pushes, where the server knows one. */
  readonly pusher?: string | null;
}

/** The answer for one ref; a push is accepted as a whole only if every ref is. */
export interface RefJudgement {
  readonly update: RefUpdate;
  readonly isAccepted: boolean;
  /** Why, for refs that no gate run decides; null where `report` says it. */
  readonly reason: string | null;
  readonly report: GateReport | null;
}

/** Judges a push before any ref moves; Git applies it only if each ref still is where it was when we looked (T54). */
export async function judgePush(asked: PushRequest): Promise<readonly RefJudgement[]> {
  const server = await readServerState(asked);
  const updates = asked.updates.map((update) => ({
    ...update,
    ref: resolveAlias(server.aliases, update.ref),
  }));
  const evidence = updates
    .filter(({ ref, new: id }) => ref === EVIDENCE_REF && !isNullObjectId(id))
    .map((update) => update.new);
  const recordRefs = updates
    .filter(({ ref, new: id }) => isRecording(ref) && !isNullObjectId(id))
    .map((update) => ({ name: update.ref, id: update.new }));
  const judgements: RefJudgement[] = [];
  for (const update of updates) {
    judgements.push(await judgeUpdate({ ...asked, updates }, update, { ...server, evidence, recordRefs }));
  }
  return judgements;
}

interface ServerState {
  /** The branch that HEAD names, whether it exists or not. */
  readonly branch: RefName | undefined;
  readonly tip: ObjectId | undefined;
  /** No branch exists yet. */
  readonly isEmpty: boolean;
  /** Of the default branch; null where there is none that can be read. */
  readonly policy: Policy | null;
  readonly aliases: ReadonlyMap<RefName, RefName>;
  /** What this push brings besides: sign-offs and records count for the branches of the same push. */
  readonly evidence: readonly ObjectId[];
  readonly recordRefs: readonly Ref[];
}

/** Read once for a push, however many refs it moves. */
async function readServerState({
  repository,
}: PushRequest): Promise<Omit<ServerState, "evidence" | "recordRefs">> {
  const aliases = await listSymbolicRefs(repository);
  const named = await defaultBranch(repository);
  const branch = named === undefined ? undefined : resolveAlias(aliases, named);
  const tip = branch === undefined ? undefined : await readRef(repository, branch);
  const isEmpty = tip === undefined && (await listRefs(repository, ["refs/heads"])).length === 0;
  const isReadable = branch !== undefined && tip !== undefined;
  const reading = isReadable
    ? await readPolicy(repository, { base: tip, head: tip, target: branch })
    : undefined;
  return { branch, tip, isEmpty, policy: reading?.policy ?? null, aliases };
}

/** The ref that really moves: an administrator's `master` that stands for `main` is `main`. Git allows five steps. */
function resolveAlias(aliases: ReadonlyMap<RefName, RefName>, ref: RefName): RefName {
  let name = ref;
  for (let step = 0; step < 5; step++) name = aliases.get(name) ?? name;
  return name;
}

async function judgeUpdate(
  request: PushRequest,
  update: RefUpdate,
  state: ServerState,
): Promise<RefJudgement> {
  if (update.ref === EVIDENCE_REF) return judgeEvidence(request.repository, update, state.policy);
  if (update.ref === RECORDS_REF) {
    const fault = await findRecordsFault(request.repository, update.old, update.new);
    return fault === undefined ? accept(update, "records grow") : refuse(update, fault);
  }
  if (update.ref === LEDGER_REF) {
    const fault = await findMirrorFault(request.repository, update, state.policy);
    return fault === undefined ? accept(update, "the mirror of the ledger grows") : refuse(update, fault);
  }
  if (isServersOwn(update.ref))
    return refuse(
      update,
      "refs/countersign/ is the server's own record; of it only refs/countersign/evidence, refs/countersign/records and refs/countersign/ledger can be pushed",
    );
  if (state.tip === undefined) return judgeFirst(request, update, state);
  if (!isGated(update.ref, state)) return accept(update, "not gated by the policy");
  if (isNullObjectId(update.new))
    return refuse(update, `${update.ref} is gated and cannot be deleted by a push`);
  const base = isNullObjectId(update.old) ? state.tip : update.old;
  const isForward =
    isNullObjectId(update.old) || (await isAncestor(request.repository, update.old, update.new));
  if (!isForward)
    return refuse(
      update,
      `${update.ref} is gated and its history cannot be rewritten: ${update.old.slice(0, 12)} is not part of ${update.new.slice(0, 12)}`,
    );
  const report = await runGate({
    ...request,
    base,
    head: update.new,
    target: update.ref,
    isLanding: true,
    isTargetNew: isNullObjectId(update.old),
    branchNames: [],
    versions: [],
    contributors: [],
    mover: request.pusher ?? null,
    description: null,
    evidence: state.evidence,
    recordRefs: state.recordRefs,
  });
  const fault =
    report.verdict === "pass" && isNullObjectId(update.old)
      ? await findPolicyFault(request.repository, report, state)
      : undefined;
  if (fault !== undefined) return refuse(update, fault);
  return { update, isAccepted: report.verdict === "pass", reason: null, report };
}

/**
 * A gated branch is judged by its own policy from its second push on. Begun at an old commit it would bring back the
 * policy of that day, for whoever finds it easier (T28, T32); where the change itself sets another policy, `policy-change`
 * has asked for it.
 */
async function findPolicyFault(
  repository: Repository,
  { head, target, findings }: GateReport,
  { policy, branch }: ServerState,
): Promise<string | undefined> {
  if (policy === null || findings.some(({ rule }) => rule === "policy-change")) return undefined;
  const { policy: own } = await readPolicy(repository, { base: head, head, target });
  if (own?.digest === policy.digest) return undefined;
  return `${target} would begin under another policy than the one in force on ${branch}; begin it at a commit that has that policy, or bring it along in a commit that is signed off`;
}

function isRecording(ref: RefName): boolean {
  return RECORDING_REFS.some((prefix) => ref === prefix || ref.startsWith(`${prefix}/`));
}

/**
 * In any case of letters: where file names have none, refs/Countersign/pushes is the same file. `refs/countersign` itself
 * would leave no room for the refs below it.
 */
function isServersOwn(ref: RefName): boolean {
  return /^refs\/countersign(?:\/|$)/i.test(ref);
}

/** Whether the policy in force on the default branch gates a ref; without a readable policy every branch is gated. */
function isGated(ref: RefName, { branch, policy }: ServerState): boolean {
  if (policy === null) return ref.startsWith("refs/heads/");
  // A twin of the default branch by letter case is the branch itself where file names have no case.
  return isTargetRef(policy, ref, branch) || ref.toLowerCase() === branch?.toLowerCase();
}

/** Evidence only ever grows: a sign-off that somebody can take away again is no record (T36). */
async function judgeEvidence(
  repository: Repository,
  update: RefUpdate,
  policy: Policy | null,
): Promise<RefJudgement> {
  if (isNullObjectId(update.new))
    return refuse(update, `${EVIDENCE_REF} holds the record of sign-offs and cannot be deleted`);
  const fault = await findNewFault(repository, update, policy);
  if (fault !== undefined)
    return refuse(update, `this push would put something into the evidence that is none: ${fault}`);
  if (isNullObjectId(update.old) || (await isEvidenceSuperset(repository, update.old, update.new)))
    return accept(update, "evidence grows");
  return refuse(
    update,
    "this push would drop evidence that the server has; fetch and unite first: countersign evidence push",
  );
}

/**
 * The set never shrinks, so what is unsound must not get in: one damaged entry makes every later gate say that it cannot
 * tell. What was there already is not held against this push.
 */
async function findNewFault(
  repository: Repository,
  update: RefUpdate,
  policy: Policy | null,
): Promise<string | undefined> {
  const faults = await listFaults(repository, update.new, policy);
  if (faults.size === 0 || isNullObjectId(update.old)) return [...faults.values()][0];
  const known = await listFaults(repository, update.old, policy);
  return [...faults].find(([key]) => !known.has(key))?.[1];
}

/**
 * What is unsound in a set, by place. A statement of a type that only a newer version knows is sound; so is one of a
 * machine that the policy does not know yet.
 */
async function listFaults(
  repository: Repository,
  commit: ObjectId,
  policy: Policy | null,
): Promise<ReadonlyMap<string, string>> {
  const set = await readEvidenceSet(repository, [commit]);
  const { problems, machines } = await readStatements(repository, [commit]);
  const forged = policy === null ? [] : verifyMachines(policy, machines).problems;
  const unusable = [...problems, ...forged].filter(
    ({ code }) => code !== "PREDICATE_UNKNOWN" && code !== "SIGNER_UNKNOWN",
  );
  return new Map([
    ...set.problems.map(({ code, path, message }) => [`${code}:${path}`, message] as const),
    ...unusable.map(({ envelope, message }) => [envelope, `${envelope.slice(0, 12)}: ${message}`] as const),
  ]);
}

/**
 * The first push must bring the default branch, and with it the policy by which everything later is judged. A HEAD that
 * names no branch would leave a server without any gate, which is easily overlooked: nothing but that branch gets in.
 */
async function judgeFirst(
  request: PushRequest,
  update: RefUpdate,
  { branch, isEmpty }: ServerState,
): Promise<RefJudgement> {
  if (!isEmpty) return refuse(update, explainMissingBranch(branch, isEmpty));
  const first = request.updates.find(({ ref, new: id }) => ref === branch && !isNullObjectId(id));
  if (first === undefined) return refuse(update, explainMissingBranch(branch, isEmpty));
  if (first !== update) return accept(update, "first push: comes with the policy");
  const { policy, ...reading } = await readPolicy(request.repository, {
    base: update.new,
    head: update.new,
    target: update.ref,
  });
  if (policy !== null) return accept(update, "first push: its policy holds from now on");
  return refuse(update, "reason" in reading ? reading.reason : "the first push brings no policy");
}

function explainMissingBranch(branch: RefName | undefined, isEmpty: boolean): string {
  const problem =
    branch === undefined
      ? "HEAD of this repository names no branch"
      : `HEAD of this repository names ${branch}, which does not exist`;
  const push = branch === undefined || !isEmpty ? "" : `push ${branch} with a policy first, or `;
  return `${problem}, so there is no policy to judge by; ${push}on the server run for example: git symbolic-ref HEAD refs/heads/main`;
}

function accept(update: RefUpdate, reason: string): RefJudgement {
  return { update, isAccepted: true, reason, report: null };
}

function refuse(update: RefUpdate, reason: string): RefJudgement {
  return { update, isAccepted: false, reason, report: null };
}
