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
export { defaultLedgerDir, type LedgerPlace, type LedgerTrust, openLedger } from "./open-ledger.ts";
export { gatherReport, type ReportProgress, type ReportRequest } from "./report/gather-report.ts";
export { type LoggedEvidence, readLogged } from "./report/read-logged.ts";
