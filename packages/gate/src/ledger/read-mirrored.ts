// SPDX-License-Identifier: Apache-2.0
import { CoreError, type ObjectId } from "@countersign/core/ids";
import { type VerifiedCheckpoint, type VerifierKey, verifyCheckpoint } from "@countersign/core/ledger";
import { LEDGER_REF, type Repository } from "@countersign/git";
import { CHECKPOINT_PATH, StoreError, verifyEd25519 } from "@countersign/store";
import { openMirror } from "./open-mirror.ts";

/** The checkpoint that a commit of the mirror holds, by the log's key. Throws StoreError LEDGER_DAMAGED where it holds none of that log. */
export async function readMirrored(
  repository: Repository,
  commit: ObjectId,
  log: VerifierKey,
): Promise<VerifiedCheckpoint> {
  const name = `${LEDGER_REF} (commit ${commit.slice(0, 12)})`;
  const note = await openMirror(repository, commit, name).objects.get(CHECKPOINT_PATH);
  if (note === undefined) throw noMirror(name, "it holds no checkpoint");
  try {
    return verifyCheckpoint(note, { log, witnesses: [], quorum: 0 }, verifyEd25519);
  } catch (cause) {
    if (cause instanceof CoreError) throw noMirror(name, cause.message, cause);
    throw cause;
  }
}

function noMirror(name: string, why: string, cause?: unknown): StoreError {
  const advice = `find out who wrote it; to mirror anew, delete it: git update-ref -d ${LEDGER_REF}`;
  return new StoreError("LEDGER_DAMAGED", `${name} is no mirror of this log: ${why}; ${advice}`, { cause });
}
