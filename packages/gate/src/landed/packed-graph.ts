// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { CommitLink } from "@countersign/git";
import type { CommitGraph } from "./commit-graph.ts";

/** Part of history at some 80 bytes a commit, where a map of objects takes 600: a report goes over a hundred thousand. */
export interface PackedGraph extends CommitGraph {
  readonly size: number;
  /** Rows are 0 to `size - 1`; -1 for what is not in it. */
  readonly rowOf: (id: ObjectId) => number;
  readonly linkAt: (row: number) => CommitLink;
  /** Rows of the parents, -1 for one that lies outside. */
  readonly parentRows: (row: number) => readonly number[];
}

/** `links` come in any order, each commit once. */
export async function packGraph(links: AsyncIterable<readonly CommitLink[]>): Promise<PackedGraph> {
  const [ids, trees, parents]: [Buffer[], Buffer[], Buffer[]] = [[], [], []];
  const counts: Uint16Array[] = [];
  let width = 20;
  for await (const batch of links) {
    ids.push(Buffer.from(batch.map(({ id }) => id).join(""), "hex"));
    trees.push(Buffer.from(batch.map(({ tree }) => tree).join(""), "hex"));
    parents.push(Buffer.from(batch.map((link) => link.parents.join("")).join(""), "hex"));
    counts.push(Uint16Array.from(batch, (link) => link.parents.length));
    width = (batch[0]?.id.length ?? 2 * width) / 2;
  }
  const packed = { ids: Buffer.concat(ids), trees: Buffer.concat(trees), parents: Buffer.concat(parents) };
  return createGraph({ ...packed, width, ends: sumUp(counts) });
}

interface Packed {
  readonly ids: Buffer;
  readonly trees: Buffer;
  readonly parents: Buffer;
  /** Bytes of one id. */
  readonly width: number;
  /** How many parents there are up to and including each row. */
  readonly ends: Uint32Array;
}

function sumUp(counts: readonly Uint16Array[]): Uint32Array {
  const ends = new Uint32Array(counts.reduce((sum, { length }) => sum + length, 0));
  let [row, end] = [0, 0];
  for (const batch of counts)
    for (const count of batch) {
      end += count;
      ends[row++] = end;
    }
  return ends;
}

function createGraph({ ids, trees, parents, width, ends }: Packed): PackedGraph {
  const order = sortRows(ids, width, ends.length);
  const idAt = (bytes: Buffer, at: number) => bytes.toString("hex", at * width, (at + 1) * width);
  const parentIds = (row: number) => {
    const found: ObjectId[] = [];
    for (let at = ends[row - 1] ?? 0; at < (ends[row] ?? 0); at++) found.push(idAt(parents, at));
    return found;
  };
  // Sorted, not hashed: whoever can choose ids could make them all meet in one place of a table.
  const rowOf = (id: ObjectId) => {
    const wanted = Buffer.from(id, "hex");
    if (wanted.length !== width) return -1;
    let [low, high] = [0, order.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const row = order[middle] ?? 0;
      const side = wanted.compare(ids, row * width, (row + 1) * width);
      if (side === 0) return row;
      if (side < 0) high = middle - 1;
      else low = middle + 1;
    }
    return -1;
  };
  const linkAt = (row: number) => ({ id: idAt(ids, row), tree: idAt(trees, row), parents: parentIds(row) });
  return {
    size: ends.length,
    rowOf,
    linkAt,
    parentRows: (row) => parentIds(row).map(rowOf),
    has: (id) => rowOf(id) >= 0,
    get: (id) => {
      const row = rowOf(id);
      return row < 0 ? undefined : linkAt(row);
    },
  };
}

/** Six bytes decide nearly always, and numbers compare many times as fast as bytes. */
const KEY_BYTES = 6;

function sortRows(ids: Buffer, width: number, size: number): Uint32Array {
  const keys = Float64Array.from({ length: size }, (_, row) => ids.readUIntBE(row * width, KEY_BYTES));
  return Uint32Array.from({ length: size }, (_, row) => row).sort(
    (a, b) =>
      (keys[a] ?? 0) - (keys[b] ?? 0) ||
      ids.compare(ids, b * width, (b + 1) * width, a * width, (a + 1) * width),
  );
}
