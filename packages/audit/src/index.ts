// SPDX-License-Identifier: Apache-2.0
export type { Ledger, LoggedEntry } from "@countersign/store";
export {
  type AppendedEntry,
  type AppendTarget,
  appendPieces,
  appendToLedger,
  type Clock,
} from "./append-to-ledger.ts";
export * from "./collect-unlogged.ts";
export { checkDeployment, type DeployAnswer, type DeployRequest } from "./deploy/check-deployment.ts";
export { openBlobs } from "./deploy/open-blobs.ts";
export { type DeploymentMade, toDeployment } from "./deploy/to-deployment.ts";
export { findKey, type InitializedLedger, initLedger } from "./init-ledger.ts";
export { readMachineEvidence } from "./machine/read-machine-evidence.ts";
export { compareMirrored, type MirroredLedger, type MirrorRequest, mirrorLedger } from "./mirror-ledger.ts";
export {
  defaultLedgerDir,
  type LedgerPlace,
  type LedgerTrust,
  openLedger,
  toLogTrust,
} from "./open-ledger.ts";
export { type RedactionWish, redactEntry } from "./redact-entry.ts";
export { checkBundle } from "./report/check-bundle.ts";
export { CHECK_SCRIPT } from "./report/check-script.ts";
export { createPseudonyms } from "./report/create-pseudonyms.ts";
export { type Delivered, findDelivered, type TimeSpan } from "./report/find-delivered.ts";
export { gatherBundle } from "./report/gather-bundle.ts";
export { gatherReport, type ReportProgress, type ReportRequest } from "./report/gather-report.ts";
export { openReportLog, type ReportLog } from "./report/open-report-log.ts";

export { type LoggedEvidence, NOTHING_LOGGED, readLogged } from "./report/read-logged.ts";
export { type Attested, toAttested } from "./report/to-attested.ts";
export { type LedgerAudit, type LedgerProblem, verifyLedger } from "./verify-ledger.ts";
export { type ProvenEntry, verifyProof } from "./verify-proof.ts";
export { cosignCheckpoint, readWitnessedSize, type Witness, type WitnessRequest } from "./witness-log.ts";
