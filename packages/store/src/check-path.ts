// SPDX-License-Identifier: Apache-2.0
import { StoreError } from "./store-error.ts";

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Segments of an object's path. Throws StoreError STORE_UNUSABLE for one that could lead anywhere else. */
export function checkPath(path: string): readonly string[] {
  const segments = path.split("/");
  if (segments.every((segment) => SEGMENT.test(segment))) return segments;
  throw new StoreError("STORE_UNUSABLE", `${JSON.stringify(path)} is no path of an object`);
}
