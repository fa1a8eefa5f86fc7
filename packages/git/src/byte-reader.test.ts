// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, it } from "vitest";
import { createByteReader } from "./byte-reader.ts";

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    yield Buffer.from(bytes.subarray(at, at + size));
    at += size;
  }
}

const SIZES = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const FIELD = fc.uint8Array({ maxLength: 20 });

it("reads counted fields whatever the chunks are", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(FIELD, { maxLength: 12 }), SIZES, async (fields, sizes) => {
      const stream = Buffer.concat(
        fields.map((field) => Buffer.concat([Buffer.from(`${field.length}\n`), field, Buffer.from("\n")])),
      );
      const reader = createByteReader(chunksOf(stream, sizes));
      for (const [n, field] of fields.entries()) {
        const length = Number((await reader.readUntil(0x0a))?.toString());
        if (n % 3 === 2) await reader.skipBytes(length);
        else expect(Buffer.from(await reader.readBytes(length))).toEqual(Buffer.from(field));
        await reader.skipBytes(1);
      }
      expect(await reader.readUntil(0x0a)).toBeUndefined();
    }),
  );
});

it("refuses a stream that ends inside a record", async () => {
  const cut = () => createByteReader(chunksOf(Buffer.from("abc"), [2]));
  await expect(cut().readUntil(0)).rejects.toMatchObject({ code: "OUTPUT_MALFORMED" });
  await expect(cut().readBytes(4)).rejects.toMatchObject({ code: "OUTPUT_MALFORMED" });
  await expect(cut().skipBytes(4)).rejects.toMatchObject({ code: "OUTPUT_MALFORMED" });
});
