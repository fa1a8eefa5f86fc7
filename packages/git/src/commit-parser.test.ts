// SPDX-License-Identifier: Apache-2.0
import { toRawBytes } from "@countersign/core/ids";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createCommitParser } from "./commit-parser.ts";

const HEAD = `tree ${"2".repeat(40)}\nauthor a <b> 1 +0000\ncommitter a <b> 1 +0000\n\n`;
const ID = "1".repeat(40);

function batch(message: Uint8Array): Buffer {
  const content = Buffer.concat([Buffer.from(HEAD), message]);
  return Buffer.concat([Buffer.from(`${ID} commit ${content.length}\n`), content, Buffer.from("\n")]);
}

it("finds every commit whatever the chunks are, line ends and headers inside messages included", () => {
  const message = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(Buffer.from(`\n${ID} commit 5\n`)));
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), fc.integer({ min: 1, max: 400 }), (messages, size) => {
      const bytes = Buffer.concat(messages.map(batch));
      const parser = createCommitParser();
      const found = [];
      for (let at = 0; at < bytes.length; at += size)
        found.push(...parser.push(bytes.subarray(at, at + size)));
      parser.finish();
      expect(found.map((one) => Buffer.from(toRawBytes(one.message)))).toEqual(
        messages.map((one) => Buffer.from(one)),
      );
    }),
  );
});

it("refuses a commit that is cut off, missing, or something else", () => {
  const parser = createCommitParser();
  parser.push(batch(Buffer.from("x")).subarray(0, -1));
  expect(() => parser.finish()).toThrow(expect.objectContaining({ code: "OUTPUT_MALFORMED" }));
  for (const line of [`${ID} missing\n`, `${ID} tree 0\n\n`, "garbage\n", "\n"]) {
    expect(() => createCommitParser().push(Buffer.from(line))).toThrow(
      expect.objectContaining({ code: "MISSING_OBJECT" }),
    );
  }
});
