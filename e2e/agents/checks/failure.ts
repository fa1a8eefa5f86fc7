// SPDX-License-Identifier: Apache-2.0

/** Something that is not as it must be, under the step that it belongs to. */
export interface Failure {
  /** Null where nothing at all can be said of the run. */
  readonly step: string | null;
  /** For people, on one line. */
  readonly message: string;
}
