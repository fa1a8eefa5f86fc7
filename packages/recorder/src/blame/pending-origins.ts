// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Origin, splitLines, UNKNOWN } from "@countersign/core/attribution";
import { type RepoPath, toRawBytes } from "@countersign/core/ids";
import type { Repository } from "@countersign/git";
import { readHead } from "../capture/read-head.ts";
import { readWorkingState } from "../capture/read-working-state.ts";
import { recorderFolder } from "../capture/recorder-folder.ts";
import { attributeUnclaimed } from "../capture/unclaimed-writer.ts";

/**
 * Origins of a file's lines as it lies in the work tree, 1-based, from what agents and people were seen to do since the last commit. Reads
 * only. Undefined where no recorder saw the file.
 */
export async function readPendingOrigins(
  { gitDir, workTree }: Repository,
  path: RepoPath,
  now: number,
): Promise<((line: number) => Origin) | undefined> {
  if (workTree === undefined || !existsSync(recorderFolder(gitDir).root)) return undefined;
  const state = await readWorkingState({ gitDir, workTree });
  const known = state.paths.get(path);
  if (known === undefined) return undefined;
  const file = Buffer.concat([Buffer.from(join(workTree, "/")), toRawBytes(path)]);
  const lines = splitLines(readFileSync(file).toString("latin1"));
  const mayBeTyped =
    known.sum !== null &&
    known.head === readHead(gitDir) &&
    !state.open.some(({ action }) => action === "shell");
  const sources = [known.present, ...known.earlier];
  const { origins } = attributeUnclaimed({ lines, sources, mayBeTyped, seconds: now - known.at });
  return (line) => origins[line - 1] ?? UNKNOWN;
}
