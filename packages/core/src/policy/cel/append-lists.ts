// SPDX-License-Identifier: Apache-2.0
import { type CelInput, type CelList, celList } from "@bufbuild/cel";

interface Grown {
  readonly items: CelInput[];
  readonly length: number;
}

const GROWN = new WeakMap<CelList, Grown>();

/**
 * `a + b` in time linear in `b`. `filter` and `map` append one element at a time, and the library's own nested lists
 * overflow the stack at some 10,000 elements. Lists stay immutable: an append grows the shared array only where `a` is
 * its newest view, and copies it otherwise.
 */
export function appendLists(a: CelList, b: CelList, charge: (steps: number) => void): CelList {
  const grown = GROWN.get(a);
  const isNewest = grown !== undefined && grown.items.length === grown.length;
  charge(1 + b.size + (isNewest ? 0 : a.size));
  const items = isNewest ? grown.items : [...(a as Iterable<CelInput>)];
  for (const item of b as Iterable<CelInput>) items.push(item);
  const list = celList(viewOf(items, items.length));
  GROWN.set(list, { items, length: items.length });
  return list;
}

/** The first `length` elements of an array that may grow later; as much of an array as the library's list asks for. */
function viewOf(items: readonly CelInput[], length: number): CelInput[] {
  return new Proxy(items as CelInput[], {
    get(target, name) {
      if (name === "length") return length;
      if (name === "values") return () => target.slice(0, length).values();
      return typeof name === "string" && /^\d+$/.test(name) && Number(name) >= length
        ? undefined
        : Reflect.get(target, name);
    },
  });
}
