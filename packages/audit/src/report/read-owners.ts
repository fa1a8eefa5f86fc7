// SPDX-License-Identifier: Apache-2.0
import { createTeamFinder, parseCodeowners } from "@countersign/core/audit";
import { type ObjectId, type RepoPath, toRawText } from "@countersign/core/ids";
import type { Warning } from "@countersign/core/trailers";
import { GitError, type Repository, readFileAt } from "@countersign/git";

/** Who owns what at one commit. */
export interface Owners {
  /** Null where no file says anything of owners; then there are no teams to tell apart. */
  readonly teamsOf: ((paths: readonly RepoPath[]) => readonly string[]) | null;
  readonly notes: readonly Warning[];
}

/** Where GitHub looks, in its order; the first that is there is the one. */
const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;
/** GitHub does not load a larger one. */
const MOST_BYTES = 3_000_000;

/** Reads the owners as of a commit. What cannot be used of the file is told of, and stops no report. */
export async function readOwners(repository: Repository, commit: ObjectId): Promise<Owners> {
  for (const path of PLACES) {
    const bytes = await readPlace(repository, commit, path);
    if (bytes === undefined) continue;
    if (bytes === "too large") {
      const message = `${path} has more than ${MOST_BYTES} bytes and is not used, as on GitHub`;
      return { teamsOf: null, notes: [{ code: "codeowners-too-large", message }] };
    }
    const { rules, skipped } = parseCodeowners(toRawText(bytes));
    return { teamsOf: createTeamFinder(rules), notes: toNotes(path, skipped) };
  }
  return { teamsOf: null, notes: [] };
}

async function readPlace(
  repository: Repository,
  commit: ObjectId,
  path: RepoPath,
): Promise<Uint8Array | "too large" | undefined> {
  try {
    return await readFileAt(repository, commit, path, { maxBytes: MOST_BYTES });
  } catch (error) {
    if (error instanceof GitError && error.code === "BLOB_TOO_LARGE") return "too large";
    throw error;
  }
}

function toNotes(path: RepoPath, skipped: readonly number[]): readonly Warning[] {
  if (skipped.length === 0) return [];
  const message = `${skipped.length} line(s) of ${path} are not valid there and say nothing, the first is line ${skipped[0]}`;
  return [{ code: "codeowners-invalid", message }];
}
