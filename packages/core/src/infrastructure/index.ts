// SPDX-License-Identifier: Apache-2.0
export * from "./assess-change.ts";
export type { LineRange } from "./configuration-value.ts";
export { type ConfigurationChange, findTouched } from "./find-touched.ts";
export * from "./impact.ts";
export { findPlanDifference } from "./plan/find-plan-difference.ts";
export { LARGEST_PLAN, type Plan, type PlannedResource, parsePlan } from "./plan/parse-plan.ts";
export * from "./read-configuration.ts";
export { type RecognizedFile, recognizeName } from "./recognize-file.ts";
export * from "./resource.ts";
export { comparePlan } from "./saved-plan/compare-plan.ts";
export { foldersOfPlan, isPlanFile } from "./saved-plan/module-folder.ts";
export type { PlanHeader } from "./saved-plan/plan-header.ts";
export type { CommittedFolders, PlanDifference, PlanFolder, PlanOrigin } from "./saved-plan/plan-origin.ts";
export { isReadOfPlan, type PlanModule, parseSavedPlan, type SavedPlan } from "./saved-plan/saved-plan.ts";
export { STATE_SETTINGS, type StateSetting } from "./saved-plan/state-place.ts";
export { parseZipDirectory, type ZipEntry } from "./saved-plan/zip-directory.ts";
export type { Texts } from "./tested/coverage.ts";
export { type FindsTested, findTested } from "./tested/find-tested.ts";
export {
  NOT_TOLD,
  TESTED_STATES,
  type TestEvidence,
  type Tested,
  type TestedState,
} from "./tested/tested.ts";
export { toLineRanges } from "./to-line-ranges.ts";
