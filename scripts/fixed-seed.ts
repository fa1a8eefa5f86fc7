// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";

/**
 * The suite plays the same cases every time, so that what passed yesterday fails today only for a reason in the code.
 * `COUNTERSIGN_FUZZ_SEED=random npm test` looks for new cases, and `=<number>` repeats those of a failure.
 */
const asked = process.env.COUNTERSIGN_FUZZ_SEED;
const seed = asked === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(asked ?? 20_260_301);
if (!Number.isSafeInteger(seed))
  throw new Error(`COUNTERSIGN_FUZZ_SEED=${asked}: expected a number or "random"`);
fc.configureGlobal({ seed });
