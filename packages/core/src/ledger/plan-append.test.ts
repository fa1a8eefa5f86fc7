// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifyConsistency } from "./consistency.ts";
import { verifyInclusion } from "./inclusion.ts";
import { EMPTY_ROOT, hashLeaf, type TreeHash } from "./merkle.ts";
import {
  type AppendPlan,
  EMPTY_EDGE,
  edgeTiles,
  planAppend,
  readEdge,
  type TreeEdge,
} from "./plan-append.ts";
import { referenceConsistency, referenceInclusion, referenceRoot } from "./reference-tree.fixture.ts";
import { KNOWN_ENTRIES, KNOWN_ROOTS } from "./rfc-6962-vectors.fixture.ts";
import { parseTile } from "./tile.ts";
import { formatTilePath, TILE_WIDTH } from "./tile-path.ts";
import {
  type EntryRange,
  foldHashes,
  hashOfNode,
  nodesOfRange,
  planConsistency,
  planInclusion,
  tileOfNode,
} from "./tree-ranges.ts";

const entryOf = (i: number): Uint8Array => new Uint8Array(Buffer.from(`entry ${i}`));
const entriesOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => entryOf(from + i));

/** A log in memory whose files may never change. */
function createLog() {
  const files = new Map<string, Uint8Array>();
  let edge: TreeEdge = EMPTY_EDGE;
  return {
    files,
    append(entries: readonly Uint8Array[]): AppendPlan {
      const plan = planAppend(edge, entries);
      for (const { path, bytes } of plan.files) {
        expect(files.get(path) ?? bytes).toEqual(bytes);
        files.set(path, bytes);
      }
      edge = plan.edge;
      return plan;
    },
    hashRange(range: EntryRange, treeSize: number): TreeHash {
      const hashes = nodesOfRange(range).map((node) => {
        const tile = tileOfNode(node, treeSize);
        return hashOfNode(node, parseTile(files.get(formatTilePath(tile)) ?? new Uint8Array(0), tile.width));
      });
      return foldHashes(hashes) ?? EMPTY_ROOT;
    },
  };
}

describe("planAppend", () => {
  it("has the known roots of the known entries, one by one", () => {
    const log = createLog();
    expect(KNOWN_ENTRIES.map((entry) => log.append([entry]).rootHash)).toEqual(KNOWN_ROOTS.slice(1));
  });

  it("comes to the same files and root however the entries are divided", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 8 }), (counts) => {
        const [log, whole] = [createLog(), createLog()];
        let size = 0;
        let root = EMPTY_ROOT;
        for (const count of counts) {
          root = log.append(entriesOf(size, size + count)).rootHash;
          size += count;
        }
        const plan = whole.append(entriesOf(0, size));
        expect(root).toEqual(plan.rootHash);
        expect(root).toEqual(referenceRoot(entriesOf(0, size)));
        for (const [path, bytes] of whole.files) expect(log.files.get(path)).toEqual(bytes);
      }),
      { numRuns: 25 },
    );
  });

  it("fills a tile exactly at 256: a full tile, a hash above it, and no partial one", () => {
    const log = createLog();
    const plan = log.append(entriesOf(0, TILE_WIDTH));
    expect(plan.files.map(({ path }) => path).sort()).toEqual([
      "tile/0/000",
      "tile/1/000.p/1",
      "tile/entries/000",
    ]);
    expect(plan.filled).toEqual([
      { level: "entries", index: 0, width: 256 },
      { level: 0, index: 0, width: 256 },
    ]);
    expect(log.append([entryOf(256)]).files.map(({ path }) => path)).toEqual([
      "tile/entries/001.p/1",
      "tile/0/001.p/1",
    ]);
  });

  it("keeps the specification's tiles for 70,000 entries", () => {
    const log = createLog();
    const plan = log.append(entriesOf(0, 70_000));
    const paths = [...log.files.keys()];
    expect(paths.filter((path) => /^tile\/0\/[^.]*$/.test(path))).toHaveLength(273);
    for (const path of [
      "tile/0/273.p/112",
      "tile/1/000",
      "tile/1/001.p/17",
      "tile/2/000.p/1",
      "tile/entries/273.p/112",
    ])
      expect(paths).toContain(path);
    expect(paths).toHaveLength(273 * 2 + 2 + 2 + 1);
    expect(plan.rootHash).toEqual(referenceRoot(entriesOf(0, 70_000)));
    expect(log.hashRange({ start: 0, end: 70_000 }, 70_000)).toEqual(plan.rootHash);
  });

  it("does nothing for no entries", () => {
    expect(planAppend(EMPTY_EDGE, [])).toEqual({
      edge: EMPTY_EDGE,
      rootHash: EMPTY_ROOT,
      files: [],
      filled: [],
    });
  });
});

describe("readEdge", () => {
  it.each([0, 1, 255, 256, 257, 600, 65_536, 65_537])("reads the edge of %d entries back", (size) => {
    const log = createLog();
    const { edge, rootHash } = log.append(entriesOf(0, size));
    const read = readEdge(size, rootHash, (tile) => log.files.get(formatTilePath(tile)) ?? new Uint8Array(0));
    expect(planAppend(read, [entryOf(size)])).toEqual(planAppend(edge, [entryOf(size)]));
    expect(
      edgeTiles(size)
        .map(formatTilePath)
        .every((path) => log.files.has(path)),
    ).toBe(true);
  });

  it("refuses tiles that are not the log's, hashes and entries alike", () => {
    const log = createLog();
    const { rootHash } = log.append(entriesOf(0, 5));
    for (const path of ["tile/0/000.p/5", "tile/entries/000.p/5"]) {
      const read = (tile: Parameters<typeof formatTilePath>[0]) => {
        const bytes = Uint8Array.from(log.files.get(formatTilePath(tile)) ?? []);
        if (formatTilePath(tile) === path) bytes[10] = (bytes[10] ?? 0) ^ 1;
        return bytes;
      };
      expect(() => readEdge(5, rootHash, read)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^(PROOF_INVALID|TILE_MALFORMED)$/) }),
      );
    }
  });
});

describe("proofs out of tiles", () => {
  it("are the ones that RFC 6962 defines, and verify", () => {
    const sizes = [1, 2, 3, 7, 8, 255, 256, 257, 511, 513, 700];
    const log = createLog();
    let before = 0;
    for (const size of sizes) {
      const { rootHash } = log.append(entriesOf(before, size));
      const entries = entriesOf(0, size);
      for (const index of [0, 1, Math.floor(size / 2), size - 2, size - 1].filter(
        (i) => i >= 0 && i < size,
      )) {
        const proof = planInclusion(index, size).map((range) => log.hashRange(range, size));
        expect(proof).toEqual(referenceInclusion(index, entries));
        verifyInclusion({ index, treeSize: size, leafHash: hashLeaf(entryOf(index)), rootHash, proof });
      }
      for (const oldSize of [0, 1, before, size]) {
        const proof = planConsistency(oldSize, size).map((range) => log.hashRange(range, size));
        expect(proof).toEqual(referenceConsistency(oldSize, entries));
        const oldRoot = referenceRoot(entries.slice(0, oldSize));
        verifyConsistency({ oldSize, oldRoot, newSize: size, newRoot: rootHash, proof });
      }
      before = size;
    }
  });

  it("have as many hashes as the tree is high, however large it is", () => {
    expect(planInclusion(0, Number.MAX_SAFE_INTEGER)).toHaveLength(53);
    expect(planInclusion(2 ** 52, 2 ** 52 + 1)).toEqual([{ start: 0, end: 2 ** 52 }]);
    expect(planConsistency(2 ** 52, 2 ** 52 + 1)).toEqual([{ start: 2 ** 52, end: 2 ** 52 + 1 }]);
    expect(nodesOfRange({ start: 0, end: 2 ** 52 + 1 })).toEqual([
      { level: 52, index: 0 },
      { level: 0, index: 2 ** 52 },
    ]);
  });

  it.each([
    [1, 1],
    [-1, 4],
    [0.5, 4],
  ])("are refused for index %d of %d", (index, size) => {
    expect(() => planInclusion(index, size)).toThrow(expect.objectContaining({ code: "PROOF_MALFORMED" }));
  });
});
