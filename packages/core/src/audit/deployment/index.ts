// SPDX-License-Identifier: Apache-2.0
export * from "./artifact-revision.ts";
export * from "./check-stage.ts";
export * from "./deploy-report.ts";
export * from "./deployment-chain.ts";
export * from "./provenance-revision.ts";
