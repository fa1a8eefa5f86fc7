// SPDX-License-Identifier: Apache-2.0
import type { CommittedFolders, PlanDifference } from "./plan-origin.ts";
import type { SavedPlan } from "./saved-plan.ts";

/** A comparison of a plan with a commit while it goes on. */
export interface Comparison extends CommittedFolders {
  readonly plan: SavedPlan;
  readonly isTofu: boolean;
  /** Keys of modules that were accounted for. */
  readonly seen: Set<string>;
  readonly differences: PlanDifference[];
  readonly unknown: string[];
  readonly foreign: string[];
  modules: number;
  files: number;
}
