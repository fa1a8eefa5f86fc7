// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatEntryBundle, formatTile, parseEntryBundle, parseTile } from "./tile.ts";
import { countHashes, formatTilePath, partialFolder, widthOfTile } from "./tile-path.ts";

const MALFORMED = expect.objectContaining({ name: "CoreError", code: "TILE_MALFORMED" });

describe("paths of tiles", () => {
  it.each([
    [0, 0, 256, "tile/0/000"],
    [0, 0, 1, "tile/0/000.p/1"],
    [1, 0, 17, "tile/1/000.p/17"],
    ["entries", 999, 256, "tile/entries/999"],
    ["entries", 1000, 256, "tile/entries/x001/000"],
    [0, 67, 255, "tile/0/067.p/255"],
    [0, 1067, 256, "tile/0/x001/067"],
    [63, 1_234_067, 256, "tile/63/x001/x234/067"],
    [0, 1_234_067, 4, "tile/0/x001/x234/067.p/4"],
  ] as const)("level %s, tile %d, width %d: %s", (level, index, width, path) => {
    expect(formatTilePath({ level, index, width })).toBe(path);
  });

  it("have one folder for every partial form", () => {
    expect(partialFolder({ level: 0, index: 1000, width: 3 })).toBe("tile/0/x001/000.p");
  });

  it("have the widths of the specification's examples", () => {
    const widths = (size: number, level: number) => {
      const full = Math.floor(countHashes(level, size) / 256);
      return [full, widthOfTile(level, full, size)];
    };
    expect([0, 1, 2, 3].map((level) => widths(70_000, level))).toEqual([
      [273, 112],
      [1, 17],
      [0, 1],
      [0, 0],
    ]);
    expect([0, 1].map((level) => widths(256, level))).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(widthOfTile(0, 0, 0)).toBe(0);
    expect(widthOfTile(0, 5, 256)).toBe(0);
  });
});

describe("tiles", () => {
  it("come back as they were written, and a full one serves for a partial one", () => {
    const hashes = Array.from({ length: 256 }, (_, i) => new Uint8Array(32).fill(i));
    expect(parseTile(formatTile(hashes), 256)).toEqual(hashes);
    expect(parseTile(formatTile(hashes), 7)).toEqual(hashes.slice(0, 7));
  });

  it.each([0, 31, 33, 63])("are refused with %d bytes where two hashes belong", (length) => {
    expect(() => parseTile(new Uint8Array(length), 2)).toThrow(MALFORMED);
  });
});

describe("entry bundles", () => {
  it("come back as they were written, empty entries and the longest too", () => {
    const longest = new Uint8Array(65_535).fill(7);
    expect(parseEntryBundle(formatEntryBundle([new Uint8Array(0), longest]), 2)).toEqual([
      new Uint8Array(0),
      longest,
    ]);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 20 }), (entries) => {
        expect(parseEntryBundle(formatEntryBundle(entries), entries.length)).toEqual(entries);
      }),
    );
  });

  it("have lengths in big-endian order", () => {
    expect([...formatEntryBundle([new Uint8Array(258)])].slice(0, 2)).toEqual([1, 2]);
  });

  it("refuse an entry too long for its length to be written", () => {
    expect(() => formatEntryBundle([new Uint8Array(65_536)])).toThrow(MALFORMED);
  });

  it("are refused where they end inside an entry, and read whatever else they are", () => {
    const bundle = formatEntryBundle([Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
    for (let length = 0; length < bundle.length; length++)
      expect(() => parseEntryBundle(bundle.slice(0, length), 2)).toThrow(MALFORMED);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 256 }), (bytes, width) => {
        try {
          expect(parseEntryBundle(bytes, width)).toHaveLength(width);
        } catch (error) {
          expect(error).toEqual(MALFORMED);
        }
      }),
    );
  });
});
