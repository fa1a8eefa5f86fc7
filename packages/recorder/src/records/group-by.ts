// SPDX-License-Identifier: Apache-2.0

/** A map of lists that grows as it is filled. */
export interface Groups<K, V> {
  readonly add: (key: K, ...values: readonly V[]) => void;
  readonly map: ReadonlyMap<K, readonly V[]>;
}

export function startGroups<K, V>(): Groups<K, V> {
  const map = new Map<K, V[]>();
  return {
    map,
    add: (key, ...values) => {
      const known = map.get(key);
      if (known === undefined) map.set(key, [...values]);
      else known.push(...values);
    },
  };
}
