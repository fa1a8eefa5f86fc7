// SPDX-License-Identifier: Apache-2.0
import { type LogEntry, parseLogEntry } from "@countersign/core/audit";
import { CoreError } from "@countersign/core/ids";
import { TILE_WIDTH, type VerifiedCheckpoint } from "@countersign/core/ledger";
import type { LoggedEntry } from "./ledger.ts";
import type { OpenCheckpoint } from "./read-checkpoint.ts";
import { damaged } from "./verified-tiles.ts";

export interface EntryReader {
  /** In the order of the log; `from` inclusive, `to` exclusive. */
  readonly entries: (from?: number, to?: number) => AsyncGenerator<LoggedEntry>;
  /** Undefined beyond the checkpoint. */
  readonly entryAt: (index: number) => Promise<LoggedEntry | undefined>;
}

/** Entries out of verified bundles, parsed. */
export function createEntryReader({ checkpoint, tiles }: OpenCheckpoint): EntryReader {
  const { treeSize } = checkpoint;
  async function* entries(from = 0, to = treeSize): AsyncGenerator<LoggedEntry> {
    const end = Math.min(to, treeSize);
    for (let at = Math.max(0, from); at < end; ) {
      const first = Math.floor(at / TILE_WIDTH) * TILE_WIDTH;
      const stop = Math.min(end, first + TILE_WIDTH);
      const leaves = await tiles.bundle(first / TILE_WIDTH, at - first, stop - first);
      for (const [i, leaf] of leaves.entries())
        yield { index: at + i, leaf, entry: readEntry(checkpoint, at + i, leaf) };
      at = stop;
    }
  }
  return {
    entries,
    entryAt: async (index) => {
      for await (const found of entries(index, index + 1)) return found;
      return undefined;
    },
  };
}

function readEntry(checkpoint: VerifiedCheckpoint, at: number, leaf: Uint8Array): LogEntry {
  try {
    return parseLogEntry(leaf);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw damaged(checkpoint, `entry ${at} is none that a ledger may hold: ${cause.message}`, cause);
  }
}
