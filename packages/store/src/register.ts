// SPDX-License-Identifier: Apache-2.0
import { concatBytes, toText, toUtf8 } from "@countersign/core/ids";
import { isStagingName } from "./staging.ts";
import { StoreError } from "./store-error.ts";

/** What the register holds: a signed checkpoint, and which staging holds all that it publishes. */
export interface Register {
  /** Two writers can come to the same checkpoint by different steps: its size and root would not tell their stagings apart. */
  readonly staging: string | null;
  /** The signed note. */
  readonly note: Uint8Array;
}

const NONE = "-";

/** A line with the staging's name, then the note as it is. */
export function formatRegister({ staging, note }: Register): Uint8Array {
  return concatBytes(toUtf8(`${staging ?? NONE}\n`), note);
}

/** Throws StoreError STORE_UNUSABLE. */
export function parseRegister(bytes: Uint8Array): Register {
  const end = bytes.indexOf(10);
  const name = toText(bytes.subarray(0, Math.max(0, end)));
  if (name !== NONE && !isStagingName(name)) {
    throw new StoreError(
      "STORE_UNUSABLE",
      "the ledger's register is damaged; restore the ledger's folder from a copy",
    );
  }
  return { staging: name === NONE ? null : name, note: bytes.slice(end + 1) };
}
