// SPDX-License-Identifier: Apache-2.0
import type { StepName } from "../scenario/step.ts";

/** Something that is not as it must be, under the step that it belongs to. */
export interface Failure {
  /** Null where nothing at all can be said of the run. */
  readonly step: StepName | null;
  /** For people, on one line. */
  readonly message: string;
}
