// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "@countersign/core/ids";
import { type LogTrust, type VerifiedCheckpoint, verifyCheckpoint } from "@countersign/core/ledger";
import type { LedgerSource } from "../ports.ts";
import { CHECKPOINT_PATH, COSIGNED_PATH } from "../publish.ts";
import { parseRegister } from "../register.ts";
import { StoreError } from "../store-error.ts";
import { verifyEd25519 } from "../verify-ed25519.ts";
import { openVerifiedTiles, type VerifiedTiles } from "./verified-tiles.ts";

/** A checkpoint and the tree below it. */
export interface OpenCheckpoint {
  readonly checkpoint: VerifiedCheckpoint;
  readonly tiles: VerifiedTiles;
}

/**
 * The newest checkpoint that the reader's trust accepts. Where witnesses are asked for, that is the last one they have
 * signed: what was appended since is not proven yet. Throws StoreError LEDGER_MISSING or LEDGER_DAMAGED, or CoreError where
 * no checkpoint is signed as it must be.
 */
export async function readCheckpoint(source: LedgerSource, trust: LogTrust): Promise<OpenCheckpoint> {
  const { objects, name } = source;
  const note = await objects.get(CHECKPOINT_PATH);
  const registered = trust.quorum === 0 ? await readRegister(source, trust) : undefined;
  if (note === undefined && registered === undefined) {
    if (source.isMirror === true)
      throw new StoreError("LEDGER_DAMAGED", `${name} holds no checkpoint, so it is no mirror of a ledger`);
    throw new StoreError(
      "LEDGER_MISSING",
      `there is no ledger in ${name}; make one with: countersign ledger init`,
    );
  }
  const published =
    note === undefined ? undefined : await choose(note, await objects.get(COSIGNED_PATH), trust);
  if (registered !== undefined && (published === undefined || registered.treeSize > published.treeSize)) {
    const newer = await tryOpen(objects, registered);
    if (newer !== undefined) return newer;
  }
  if (published === undefined)
    throw new StoreError("LEDGER_DAMAGED", `${name} has published no checkpoint that its tiles bear out`);
  return { checkpoint: published, tiles: await openVerifiedTiles(objects, published) };
}

/**
 * What the writers' register says: newer than the published checkpoint where a writer was killed before it published, or
 * put an older checkpoint over a quicker writer's. Without it, that would look like a log rolled back.
 */
async function readRegister(
  { lock }: LedgerSource,
  trust: LogTrust,
): Promise<VerifiedCheckpoint | undefined> {
  const value = await lock.fetch();
  return value === undefined
    ? undefined
    : verifyCheckpoint(parseRegister(value.bytes).note, trust, verifyEd25519);
}

/** Undefined where its tiles are not published yet. */
async function tryOpen(
  objects: LedgerSource["objects"],
  checkpoint: VerifiedCheckpoint,
): Promise<OpenCheckpoint | undefined> {
  try {
    return { checkpoint, tiles: await openVerifiedTiles(objects, checkpoint) };
  } catch (error) {
    if (error instanceof StoreError && error.code === "LEDGER_DAMAGED") return undefined;
    throw error;
  }
}

async function choose(
  newest: Uint8Array,
  cosigned: Uint8Array | undefined,
  trust: LogTrust,
): Promise<VerifiedCheckpoint> {
  try {
    return verifyCheckpoint(newest, trust, verifyEd25519);
  } catch (error) {
    const isUnwitnessed = error instanceof CoreError && error.code === "QUORUM_MISSING";
    if (!isUnwitnessed || cosigned === undefined) throw error;
    return verifyCheckpoint(cosigned, trust, verifyEd25519);
  }
}
