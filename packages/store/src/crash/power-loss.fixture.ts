// SPDX-License-Identifier: Apache-2.0
import { type MemoryState, openMemoryBackend } from "../memory-backend.ts";
import type { LedgerBackend } from "../ports.ts";

// For tests; no product code imports this file.

/** A disk with a cache: what was written lazily is lost, cut off or kept when the power goes, unless it was synced. */
export interface FragileDisk {
  readonly open: () => LedgerBackend;
  readonly losePower: (random: () => number) => void;
}

export function createFragileDisk(): FragileDisk {
  const state: MemoryState = { objects: new Map(), lock: undefined };
  /** What the disk itself holds of files that are still in the cache. */
  const unsynced = new Map<string, Uint8Array | undefined>();
  const note = (path: string) => {
    if (!unsynced.has(path)) unsynced.set(path, state.objects.get(path));
  };
  return {
    open: () => {
      const { name, objects, lock } = openMemoryBackend(state);
      return {
        name,
        lock,
        objects: {
          ...objects,
          putLazily: async (path, bytes) => {
            note(path);
            await objects.putLazily(path, bytes);
          },
          replaceLazily: async (path, bytes) => {
            note(path);
            await objects.replaceLazily(path, bytes);
          },
          sync: async () => unsynced.clear(),
          remove: async (path) => {
            unsynced.delete(path);
            await objects.remove(path);
          },
        },
      };
    },
    losePower: (random) => {
      for (const [path, before] of unsynced) {
        const now = state.objects.get(path);
        const fate = random();
        if (now === undefined || fate < 0.25) continue;
        if (fate < 0.5) state.objects.set(path, now.slice(0, Math.floor(random() * now.length)));
        else if (before === undefined) state.objects.delete(path);
        else state.objects.set(path, before);
      }
      unsynced.clear();
    },
  };
}
