// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { RepoPath } from "@countersign/core/ids";
import { readOwnFile } from "../capture/own-file.ts";
import { commitFiles } from "./commit-files.ts";
import { findCommonDir } from "./hook-repository.ts";

/** Since when a recorder is here, and what it found. */
export interface Active {
  /** Seconds since the epoch. */
  readonly at: number;
  /** Paths that differed from HEAD already: who wrote that, nobody saw. Null where there were too many to name. */
  readonly dirty: readonly RepoPath[] | null;
  /** Bytes of HEAD's log then: moves behind it came after, whatever any clock says. */
  readonly headLog: number;
}

const MOST_DIRTY = 10_000;

export function writeActive(gitDir: string, { at, dirty, headLog }: Active): void {
  const { active } = commitFiles(gitDir);
  mkdirSync(dirname(active), { recursive: true, mode: 0o700 });
  const named = dirty === null || dirty.length > MOST_DIRTY ? null : dirty;
  writeFileSync(active, `${JSON.stringify({ at, dirty: named, headLog })}\n`, { mode: 0o600 });
}

/**
 * The work tree's own mark, else that of the repository it belongs to: hooks are shared by all work trees, also by those that
 * came later, which began clean. Undefined where no recorder was set up.
 */
export function readActive(gitDir: string): Active | undefined {
  const own = readOwnActive(gitDir);
  if (own !== undefined) return own;
  const shared = readOwnActive(findCommonDir(gitDir));
  return shared === undefined ? undefined : { at: shared.at, dirty: [], headLog: 0 };
}

export function readOwnActive(gitDir: string): Active | undefined {
  try {
    const { at, dirty, headLog } = JSON.parse(String(readOwnFile(commitFiles(gitDir).active))) as Active;
    if (!Number.isSafeInteger(at) || !Number.isSafeInteger(headLog)) return undefined;
    return {
      at,
      headLog,
      dirty: Array.isArray(dirty) ? dirty.filter((path) => typeof path === "string") : null,
    };
  } catch {
    return undefined;
  }
}
