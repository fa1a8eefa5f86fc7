// SPDX-License-Identifier: Apache-2.0
import { deflateSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { inflateSmall } from "./inflate.ts";

const texts = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc
    .array(fc.constantFrom("alpha", " = ", "bravo();\n", "}\n", "é"), { maxLength: 800 })
    .map((parts) => Buffer.from(parts.join(""))),
  fc.integer({ min: 0, max: 40_000 }).map((length) => Buffer.alloc(length, "abc")),
);

it("inflates what zlib deflates, at every level and strategy", () => {
  fc.assert(
    fc.property(
      texts,
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 0, max: 4 }),
      (bytes, level, strategy) => {
        const packed = deflateSync(bytes, { level, strategy });
        expect(Buffer.from(inflateSmall(packed, 50_000) ?? [1]).equals(Buffer.from(bytes))).toBe(true);
      },
    ),
    { numRuns: 600 },
  );
});

it("says nothing rather than something wrong of streams that are cut off, too long or of another kind", () => {
  const packed = deflateSync(Buffer.from("line of a file\n".repeat(50)));
  expect(inflateSmall(packed, 749)).toBeUndefined();
  expect(inflateSmall(packed, 750)).toHaveLength(750);
  expect(inflateSmall(packed.subarray(0, packed.length - 8), 10_000)).toBeUndefined();
  for (const other of [[], [0x78], [0x1f, 0x8b, 8], [0x78, 0xbb, 0, 0, 0, 0]])
    expect(inflateSmall(Uint8Array.from(other), 100)).toBeUndefined();
});

it("ends on every damaged stream, and agrees with zlib where that finds no damage", () => {
  fc.assert(
    fc.property(texts, fc.nat(), fc.integer({ min: 0, max: 255 }), (bytes, place, byte) => {
      const packed = deflateSync(bytes);
      const damaged = Buffer.from(packed);
      damaged[2 + (place % Math.max(1, damaged.length - 2))] = byte;
      const ours = inflateSmall(damaged, 60_000);
      let theirs: Buffer | undefined;
      try {
        theirs = inflateSync(damaged, { maxOutputLength: 60_000 });
      } catch {
        return;
      }
      expect(Buffer.from(ours ?? [1]).equals(theirs)).toBe(true);
    }),
    { numRuns: 600 },
  );
});
