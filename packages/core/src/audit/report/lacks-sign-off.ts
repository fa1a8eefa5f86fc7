// SPDX-License-Identifier: Apache-2.0
import type { ShippedChange } from "./shipped-change.ts";

export function isSignedOff({ signOffs }: Pick<ShippedChange, "signOffs">): boolean {
  return signOffs.some(({ decision, counted }) => decision === "approve" && counted);
}

/** A change that waits for more, or one with AI that nobody approved, whatever was asked. */
export function lacksSignOff(change: Pick<ShippedChange, "signOffs" | "verdict" | "isAssisted">): boolean {
  return change.verdict === "pending" || (change.isAssisted && !isSignedOff(change));
}
