// SPDX-License-Identifier: Apache-2.0
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { ChangeRows, ShippedChange } from "@countersign/core/audit";

/** Takes rows as they come, oldest first. */
export interface RowPacker {
  readonly add: (row: ShippedChange) => void;
  /** All rows, newest first; nothing may be added any more. */
  readonly rows: () => ChangeRows;
}

/** Unpacked at once. Neighbours share policies, people and words, so that more of them pack better. */
const BLOCK = 256;

/**
 * A row takes some 2,500 bytes as objects, 800 as text and 100 packed. Not in a file: what a report says of people would lie on a disk that
 * nobody named, and a full one would fail a report that needs none.
 */
export function createRowPacker(): RowPacker {
  const blocks: Uint8Array[] = [];
  let open: ShippedChange[] = [];
  let length = 0;
  return {
    add: (row) => {
      open.push(row);
      length++;
      if (open.length < BLOCK) return;
      blocks.push(deflateRawSync(JSON.stringify(open)));
      open = [];
    },
    rows: () => ({
      length,
      *[Symbol.iterator]() {
        yield* newestFirst(open);
        for (const block of newestFirst(blocks))
          yield* newestFirst(JSON.parse(inflateRawSync(block).toString("utf8")) as ShippedChange[]);
      },
    }),
  };
}

function* newestFirst<T>(oldestFirst: readonly T[]): Generator<T, void, undefined> {
  for (let at = oldestFirst.length - 1; at >= 0; at--) yield oldestFirst[at] as T;
}
