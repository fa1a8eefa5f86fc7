// SPDX-License-Identifier: Apache-2.0
import { type LogEntry, parseLogEntry } from "@countersign/core/audit";
import { CoreError, toText } from "@countersign/core/ids";
import { parseCheckpoint, parseSignedNote, TILE_WIDTH } from "@countersign/core/ledger";
import type { LedgerBackend, LockValue } from "./ports.ts";
import { objectPath } from "./reader/object-path.ts";
import { openVerifiedTiles, type VerifiedTiles } from "./reader/verified-tiles.ts";
import { parseRegister } from "./register.ts";

/**
 * Removes again what entries from `since` on redacted: a writer that was suspended while it published may have put back what was
 * redacted meanwhile. Everything that the register speaks of is published by now.
 */
export async function dropRedacted(
  { objects }: LedgerBackend,
  lock: LockValue,
  since: number,
): Promise<void> {
  const signed = parseRegister(lock.bytes).note;
  const { text } = parseSignedNote(signed);
  const checkpoint = { ...parseCheckpoint(text), note: toText(signed), cosigned: [] };
  if (since >= checkpoint.treeSize) return;
  const tiles = await openVerifiedTiles(objects, checkpoint);
  for (let at = since; at < checkpoint.treeSize; at++) {
    const redacts = (await entryAt(tiles, at))?.redacts ?? null;
    const target = redacts === null ? undefined : await entryAt(tiles, redacts);
    if (target !== undefined) await objects.remove(objectPath(target.object));
  }
}

/** Undefined for what is no entry: that is for readers to complain about. */
async function entryAt(tiles: VerifiedTiles, at: number): Promise<LogEntry | undefined> {
  const [first, offset] = [Math.floor(at / TILE_WIDTH), at % TILE_WIDTH];
  const [leaf] = await tiles.bundle(first, offset, offset + 1);
  try {
    return leaf && parseLogEntry(leaf);
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}
