// SPDX-License-Identifier: Apache-2.0

export * from "./bundle/audit-bundle.ts";
export type { BundleFault } from "./bundle/bundle-fault.ts";
export * from "./bundle/parse-bundle.ts";
export * from "./bundle/verify-bundle.ts";
export * from "./deployment/index.ts";
export * from "./log-entry.ts";
export * from "./owners/find-teams.ts";
export * from "./owners/parse-codeowners.ts";
export * from "./report/audit-report.ts";
export * from "./report/find-gaps.ts";
export * from "./report/gap-codes.ts";
export * from "./report/lacks-sign-off.ts";
export * from "./report/pseudonymise.ts";
export * from "./report/shipped-change.ts";
export * from "./report/tally-shipped.ts";
export * from "./report/to-shipped-infrastructure.ts";
export * from "./to-log-entry.ts";
