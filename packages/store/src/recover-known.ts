// SPDX-License-Identifier: Apache-2.0
import type { VerifiedCheckpoint } from "@countersign/core/ledger";
import type { LedgerBackend, LockValue } from "./ports.ts";
import { recover } from "./publish.ts";
import { checkContinuation, type SeenCheckpoint } from "./reader/check-continuation.ts";
import { proveConsistency } from "./reader/prove-consistency.ts";
import { openVerifiedTiles } from "./reader/verified-tiles.ts";

/** What a writer knows of its log, and what the register says now. */
export interface RegisterReading {
  readonly known: SeenCheckpoint | undefined;
  readonly shown: VerifiedCheckpoint;
}

/**
 * Recovers what the register knows, if that continues what the writer knows. A server that answers with an older register, or says yes to
 * a write that it did not keep, would otherwise have the log's own key sign a second history. Throws StoreError LEDGER_ROLLED_BACK or
 * LEDGER_FORKED with both checkpoints. Returns what {@link recover} does.
 */
export async function recoverKnown(
  backend: LedgerBackend,
  lock: LockValue,
  { known, shown }: RegisterReading,
): Promise<number | undefined> {
  if (known === undefined) return await recover(backend, lock);
  if (known.treeSize >= shown.treeSize)
    await checkContinuation({ seen: known, shown, prove: async () => [] });
  return await recover(backend, lock, () => checkGrowth(backend, known, shown));
}

async function checkGrowth(
  { objects }: LedgerBackend,
  known: SeenCheckpoint,
  shown: VerifiedCheckpoint,
): Promise<void> {
  if (known.treeSize >= shown.treeSize) return;
  const tiles = await openVerifiedTiles(objects, shown);
  const prove = (oldSize: number) => proveConsistency(tiles, oldSize, shown.treeSize);
  await checkContinuation({ seen: known, shown, prove });
}
