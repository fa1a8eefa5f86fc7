// SPDX-License-Identifier: Apache-2.0
import type { Person } from "../policy.ts";
import type { SignOffAnswer } from "../sign-off-answer.ts";

/** A statement after everything that does not depend on a single rule was judged. */
export interface JudgedSignOff {
  readonly answer: SignOffAnswer;
  /** Null where the key belongs to nobody in the policy. */
  readonly person: Person | null;
  /** The statement stands: known human, valid key, covers this change, in time, not withdrawn, not an author's. */
  readonly isValid: boolean;
  /** Why it stands or not, for people. */
  readonly reason: string;
}
