// SPDX-License-Identifier: Apache-2.0
import { inflateRawSync } from "node:zlib";
import { type MadeZip, toZip } from "@countersign/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreError } from "../../ids/index.ts";
import { parseZipDirectory } from "./zip-directory.ts";

const FILES = [
  { name: "tfplan", content: "plan" },
  { name: "tfconfig/m-/main.tf", content: "resource" },
];

/** A made archive with one part changed. */
function changed(change: (made: MadeZip & { readonly bytes: Buffer }) => Buffer | undefined): Buffer {
  const made = toZip(FILES);
  return change(made) ?? made.bytes;
}

/** Bytes put in at a place, with the directory still where its end says. */
function inserted(bytes: Buffer, at: number, end: number, what: Buffer): Buffer {
  const start = bytes.readUInt32LE(end + 16);
  const longer = Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);
  longer.writeUInt32LE(start + what.length, end + what.length + 16);
  return longer;
}

describe("the directory of a zip", () => {
  it("lists what Go's writer put in, packed", () => {
    const entries = parseZipDirectory(toZip(FILES).bytes);
    expect(entries.map(({ name, method, size }) => ({ name, method, size }))).toEqual([
      { name: "tfplan", method: "deflated", size: 4 },
      { name: "tfconfig/m-/main.tf", method: "deflated", size: 8 },
    ]);
    expect(entries.map(({ packed }) => inflateRawSync(packed).toString())).toEqual(["plan", "resource"]);
    expect(parseZipDirectory(toZip([]).bytes)).toEqual([]);
  });

  it.each<[string, string, Buffer]>([
    ["something else", "does not end as a zip", Buffer.from('{"format_version":"1.2"}')],
    ["nothing", "does not end as a zip", Buffer.alloc(0)],
    ["bytes after it", "does not end as a zip", Buffer.concat([toZip(FILES).bytes, Buffer.from("x")])],
    [
      "bytes before it, which some readers pass over",
      "its directory is not where it says",
      Buffer.concat([Buffer.from("x"), toZip(FILES).bytes]),
    ],
    [
      "a comment, in which a second end could stand",
      "a comment",
      changed(({ bytes, end }) => {
        const longer = Buffer.concat([bytes.subarray(0, end), bytes.subarray(end)]);
        longer.writeUInt16LE(1, end + 20);
        return longer;
      }),
    ],
    [
      "bytes between two files",
      'bytes lie before "tfconfig/m-/main.tf"',
      changed(({ bytes, locals, directory, end }) => {
        const longer = inserted(bytes, locals[1] ?? 0, end, Buffer.from("PK"));
        const second = longer.lastIndexOf("tfconfig/m-/main.tf") - 46;
        expect(second).toBeGreaterThan(directory);
        longer.writeUInt32LE((locals[1] ?? 0) + 2, second + 42);
        return longer;
      }),
    ],
    [
      "bytes between the files and the directory",
      "bytes lie between",
      changed(({ bytes, directory, end }) => inserted(bytes, directory, end, Buffer.from("PK"))),
    ],
    [
      "two files of one name",
      'two files are named "tfplan"',
      toZip([...FILES, { name: "tfplan", content: "other" }]).bytes,
    ],
    [
      "a header by another name than the directory's",
      "contradict each other",
      changed(({ bytes, locals }) => {
        bytes.write("tfPlan", (locals[0] ?? 0) + 30);
        return undefined;
      }),
    ],
    [
      "a size in the directory that is not the one after the content",
      "contradict each other",
      changed(({ bytes, directory }) => {
        bytes.writeUInt32LE(5, directory + 24);
        return undefined;
      }),
    ],
    [
      "a packed size that ends in another file",
      "is cut off",
      changed(({ bytes, directory }) => {
        bytes.writeUInt32LE(0x7fffffff, directory + 20);
        return undefined;
      }),
    ],
    [
      "two entries that are one file",
      "lies inside another file",
      changed(({ bytes, directory }) => {
        const second = bytes.indexOf("PK\u0001\u0002", directory + 4, "latin1");
        bytes.writeUInt32LE(0, second + 42);
        return undefined;
      }),
    ],
    [
      "an encrypted file",
      "is encrypted",
      changed(({ bytes, directory, locals }) => {
        bytes.writeUInt16LE(9, directory + 8);
        bytes.writeUInt16LE(9, (locals[0] ?? 0) + 6);
        return undefined;
      }),
    ],
    [
      "a name that leads out of its folder",
      'is named "tfconfig/../../x"',
      toZip([{ name: "tfconfig/../../x", content: "" }]).bytes,
    ],
    ["an absolute name", 'is named "/etc/passwd"', toZip([{ name: "/etc/passwd", content: "" }]).bytes],
    ["a name for Windows", "is named", toZip([{ name: "a\\..\\b", content: "" }]).bytes],
    [
      "more files than there are",
      "cut off",
      changed(({ bytes, end }) => {
        bytes.writeUInt16LE(3, end + 8);
        bytes.writeUInt16LE(3, end + 10);
        return undefined;
      }),
    ],
    [
      "fewer files than there are",
      "holds more than its files",
      changed(({ bytes, end }) => {
        bytes.writeUInt16LE(1, end + 8);
        bytes.writeUInt16LE(1, end + 10);
        return undefined;
      }),
    ],
  ])("refuses %s", (_what, words, bytes) => {
    expect(() => parseZipDirectory(bytes)).toThrow(
      expect.objectContaining({ code: "PLAN_MALFORMED", message: expect.stringContaining(words) }),
    );
  });

  it("says of every damaged archive that it is one, and never reads past its end", () => {
    const { bytes } = toZip(FILES);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(bytes.length), (changes, cut) => {
        const copy = Buffer.from(bytes);
        for (const [at, by] of changes) copy[at] = ((copy[at] ?? 0) + by) % 256;
        for (const each of [copy, copy.subarray(0, cut)])
          try {
            for (const { packed } of parseZipDirectory(each))
              expect(packed.length).toBeLessThan(bytes.length);
          } catch (error) {
            expect(error).toBeInstanceOf(CoreError);
          }
      }),
    );
  });
});
