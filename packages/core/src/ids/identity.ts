// SPDX-License-Identifier: Apache-2.0
import type { RawText } from "./raw-text.ts";

/** A name and e-mail exactly as a commit or trailer writes them: no mailmap, no case folding. */
export interface Identity {
  readonly name: RawText;
  readonly email: RawText;
}

/** An identity with the moment it claims; free text by whoever made the commit, so never used to order anything. */
export interface Signature extends Identity {
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly at: number;
  /** Offset from UTC in minutes, east positive. */
  readonly offset: number;
}
