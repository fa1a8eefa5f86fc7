// SPDX-License-Identifier: Apache-2.0
export * from "./collect.ts";
export * from "./create-repository.ts";
export type { FileContent } from "./file-change.ts";
export * from "./large-history.ts";
export { type RunOptions, type RunResult, run, tryRun } from "./run.ts";
export * from "./saved-plan.ts";
export * from "./serve-git.ts";
export * from "./ssh-key.ts";
export * from "./temporary-folder.ts";
export * from "./test-environment.ts";
