// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { toRawBytes } from "@countersign/core/ids";

/** Where a path of a work tree lies, as bytes: names in Git need be no text. */
export function placeOf(workTree: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(join(workTree, "/")), toRawBytes(path)]);
}
