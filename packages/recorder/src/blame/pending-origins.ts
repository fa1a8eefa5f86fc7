// SPDX-License-Identifier: Apache-2.0
import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { type Origin, UNKNOWN } from "@countersign/core/attribution";
import type { RepoPath } from "@countersign/core/ids";
import type { Repository } from "@countersign/git";
import { toObservation } from "../capture/observation.ts";
import { readWorkingState } from "../capture/read-working-state.ts";
import { recorderFolder } from "../capture/recorder-folder.ts";
import { MAX_FILE_BYTES } from "../capture/snapshot-store.ts";
import type { WorkingState } from "../capture/working-state.ts";
import { placeOf } from "../place-of.ts";
import { readPlainFile } from "../read-plain-file.ts";

/**
 * Origins of a file's lines as it lies in the work tree, 1-based, from what agents and people were seen to do since the last commit. Reads
 * only. Undefined where no recorder saw the file, or where none is: Git then says what is missing.
 */
export async function readPendingOrigins(
  repository: Repository,
  path: RepoPath,
  now: number,
): Promise<((line: number) => Origin) | undefined> {
  const { gitDir, workTree } = repository;
  if (workTree === undefined || !existsSync(recorderFolder(gitDir).root)) return undefined;
  const place = { gitDir, workTree };
  const bytes = readPlainFile(placeOf(workTree, path), MAX_FILE_BYTES);
  if (bytes === undefined) return undefined;
  const sum = hash("sha256", bytes, "hex");
  const contents = new Map([[sum, bytes.toString("latin1")]]);
  const look = (known: WorkingState) =>
    known.paths.has(path) ? [toObservation(place, [{ path, sum }], now)] : [];
  const { paths } = await readWorkingState(place, look, { repository, contents });
  const present = paths.get(path)?.present;
  return present === undefined ? undefined : (line) => present.origins[line - 1] ?? UNKNOWN;
}
