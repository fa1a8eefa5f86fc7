// SPDX-License-Identifier: Apache-2.0
import type { LedgerBackend, LedgerLock, LedgerObjects } from "../ports.ts";

// For tests; no product code imports this file.

/** What a process that was killed would say, if it could. */
export class Death extends Error {}

export interface DyingBackend extends LedgerBackend {
  /** Calls made so far, reads included. */
  readonly calls: () => number;
}

/**
 * A backend whose process dies at its n-th call: before the call did anything, or after it did all and before it could say
 * so. From then on nothing happens any more.
 */
export function dyingBackend(backend: LedgerBackend, at: number, when: "before" | "after"): DyingBackend {
  let calls = 0;
  const guard =
    <A extends readonly unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const own = calls++;
      if (own > at || (own === at && when === "before")) throw new Death();
      const result = await act(...args);
      if (own === at) throw new Death();
      return result;
    };
  const { objects, lock } = backend;
  const guardedObjects: LedgerObjects = {
    get: guard(objects.get),
    put: guard(objects.put),
    putLazily: guard(objects.putLazily),
    replaceLazily: guard(objects.replaceLazily),
    sync: guard(objects.sync),
    remove: guard(objects.remove),
    list: guard(objects.list),
  };
  const guardedLock: LedgerLock = {
    fetch: guard(lock.fetch),
    create: guard(lock.create),
    replace: guard(lock.replace),
  };
  return { name: backend.name, objects: guardedObjects, lock: guardedLock, calls: () => calls };
}
