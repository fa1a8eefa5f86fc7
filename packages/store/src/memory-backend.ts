// SPDX-License-Identifier: Apache-2.0
import { checkPath } from "./check-path.ts";
import type { LedgerBackend, LedgerLock, LedgerObjects, LockValue } from "./ports.ts";
import { StoreError } from "./store-error.ts";

/** What a memory backend holds: copy it to try what would have come of another history. */
export interface MemoryState {
  readonly objects: Map<string, Uint8Array>;
  lock: LockValue | undefined;
}

/** A store that lasts as long as its state: for tests, and for checking bundles. */
export function openMemoryBackend(
  state: MemoryState = { objects: new Map(), lock: undefined },
): LedgerBackend {
  return { name: "memory", objects: createObjects(state.objects), lock: createLock(state) };
}

function createObjects(objects: Map<string, Uint8Array>): LedgerObjects {
  async function put(path: string, bytes: Uint8Array): Promise<void> {
    checkPath(path);
    const known = objects.get(path);
    if (known !== undefined && !Buffer.from(known).equals(bytes)) {
      throw new StoreError(
        "OBJECT_CHANGED",
        `${path} exists with other content; immutable objects never change`,
      );
    }
    objects.set(path, Uint8Array.from(bytes));
  }
  return {
    get: async (path) => objects.get(path)?.slice(),
    put,
    putLazily: put,
    replaceLazily: async (path, bytes) => {
      objects.set(path, Uint8Array.from(bytes));
    },
    sync: async () => {},
    remove: async (path) => {
      objects.delete(path);
    },
    list: async (folder) =>
      [...objects.keys()]
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1))
        .filter((name) => !name.includes("/")),
  };
}

function createLock(state: MemoryState): LedgerLock {
  return {
    fetch: async () => state.lock,
    create: async (bytes) => {
      if (state.lock !== undefined) return false;
      state.lock = { bytes: Uint8Array.from(bytes), version: "1" };
      return true;
    },
    replace: async (old, bytes, ready) => {
      await ready?.();
      if (state.lock?.version !== old.version) return false;
      state.lock = { bytes: Uint8Array.from(bytes), version: String(Number(old.version) + 1) };
      return true;
    },
  };
}
