// SPDX-License-Identifier: Apache-2.0
export * from "./agent-trace.ts";
export * from "./agent-trace-ledger.ts";
export * from "./agentblame.ts";
export * from "./check-foreign-record.ts";
export * from "./entire.ts";
export {
  type ForeignFile,
  type ForeignRange,
  type ForeignRecord,
  type LineProof,
  TRACKER_CONVENTIONS,
  TRACKERS,
  type Tracker,
} from "./foreign-record.ts";
export * from "./whogitit.ts";
