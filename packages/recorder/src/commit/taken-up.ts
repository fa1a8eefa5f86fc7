// SPDX-License-Identifier: Apache-2.0
import type { AttributedText } from "@countersign/core/attribution";
import type { RepoPath } from "@countersign/core/ids";

/** Texts of files that a commit takes up again, such as those of the commit that it amends, by their paths there. */
export type TakenUp = ReadonlyMap<RepoPath, TakenUpText>;

export interface TakenUpText {
  readonly text: AttributedText;
  /** False where the file may be as it was before, and this text thrown away. */
  readonly isSure: boolean;
}
