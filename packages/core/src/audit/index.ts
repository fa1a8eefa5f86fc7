// SPDX-License-Identifier: Apache-2.0
export * from "./log-entry.ts";
export * from "./report/audit-report.ts";
export * from "./report/find-gaps.ts";
export * from "./report/gap-codes.ts";
export * from "./report/shipped-change.ts";
export * from "./report/tally-shipped.ts";
export * from "./to-log-entry.ts";
