// SPDX-License-Identifier: Apache-2.0
import type { Sha256 } from "@countersign/core/ids";

/** Path of an object beside the tiles. */
export function objectPath(object: Sha256): string {
  return `objects/${object.slice(0, 2)}/${object.slice(2)}`;
}
