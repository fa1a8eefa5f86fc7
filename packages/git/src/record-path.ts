// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, type Sha256 } from "@countersign/core/ids";
import type { Repository } from "./types.ts";

/** More than a record of 400,000 lines; a reader takes twice as much. */
export const MAX_RECORD_BYTES = 8 * 1024 * 1024;
export const RECORD_MODE = "100644";

const PATH = /^([0-9a-f]{2})\/([0-9a-f]+)\/([0-9a-f]{64})\.json$/;

/** Where a record of these bytes stands in the set. */
export function recordPath(commit: ObjectId, name: Sha256): string {
  return `${commit.slice(0, 2)}/${commit.slice(2)}/${name}.json`;
}

/** What the bytes of the record at a path have to hash to; undefined for a path that is no record's. */
export function recordNameOf(repo: Repository, path: string): Sha256 | undefined {
  const [, first = "", rest = "", name] = PATH.exec(path) ?? [];
  return isIdOf(repo, first + rest) ? name : undefined;
}

export function isIdOf({ objectFormat }: Repository, id: string): boolean {
  return isObjectId(id) && id.length === (objectFormat === "sha1" ? 40 : 64);
}
