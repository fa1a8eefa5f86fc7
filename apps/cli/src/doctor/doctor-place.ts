// SPDX-License-Identifier: Apache-2.0
import type { HookLocation } from "@countersign/agents";
import type { DoctorFinding } from "@countersign/core/render";
import type { Repository } from "@countersign/git";
import type { WorkTreePlace } from "@countersign/recorder";
import type { HookProgram } from "../hooks/hook-script.ts";

/** Everything that a check may look at. */
export interface DoctorPlace {
  readonly repository: Repository;
  readonly place: WorkTreePlace;
  readonly location: HookLocation;
  readonly program: HookProgram;
  /** Seconds since the epoch. */
  readonly now: number;
}

export type Check = (here: DoctorPlace) => Promise<readonly DoctorFinding[]>;

/** How installing again is called; it keeps what is well. */
export const INSTALL = "countersign init";
