// SPDX-License-Identifier: Apache-2.0
export { describeChange } from "./describe-change.ts";
export type { GateRequest } from "./gate-request.ts";
export { EVIDENCE_REF } from "./gather-context.ts";
export { type Denial, type GatheredQuestions, gatherQuestions } from "./gather-questions.ts";
export { type ImpactRequest, runImpact } from "./impact/run-impact.ts";
export * from "./judge-push.ts";
export type { LandedChange, LandedHistory, LandedMoment, LandedRequest } from "./landed/landed-change.ts";
export { readLanded } from "./landed/read-landed.ts";
export {
  defaultLedgerDir,
  defaultLedgerPlace,
  mirrorRefOf,
  openLedgerSource,
} from "./ledger/open-ledger-source.ts";
export { findMirror, openMirror } from "./ledger/open-mirror.ts";
export { type Inclusion, NO_LEDGER, readInclusion } from "./ledger/read-inclusion.ts";
export { readMirrored } from "./ledger/read-mirrored.ts";
export { checkPlanOrigin, type PlanOriginRequest } from "./plan/check-plan-origin.ts";
export * from "./plan-sign-off.ts";
export * from "./push-record.ts";
export { findHistoryProblem } from "./read-history.ts";
export { POLICY_PATH, type PolicyReading, readPolicy, readPolicyAt } from "./read-policy.ts";
export { type MachineStatement, readStatements, type Statements } from "./read-statements.ts";
export { readRootBytes, readTrustedRoot } from "./read-trusted-root.ts";
export { DECIDING_REFS, runGate } from "./run-gate.ts";
export { toVerdict } from "./to-verdict.ts";
export { type MachineEvidence, type VerifiedMachineStatement, verifyMachines } from "./verify-machines.ts";
