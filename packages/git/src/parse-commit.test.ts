// SPDX-License-Identifier: Apache-2.0
import { toRawBytes } from "@countersign/core/ids";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommit } from "./parse-commit.ts";

const ID = "1".repeat(40);
const TREE = "2".repeat(40);
const WHO = "author <author@example.com> 1767225600 +0000";

function commit(parts: {
  author?: string;
  committer?: string;
  more?: string;
  message?: string | Uint8Array;
}) {
  const { author = WHO, committer = WHO, more = "", message = "title\n" } = parts;
  const header = `tree ${TREE}\nauthor ${author}\ncommitter ${committer}\n${more}\n`;
  return parseCommit(ID, Buffer.concat([Buffer.from(header, "latin1"), Buffer.from(message)]));
}

it("reads a plain commit and finds nothing odd", () => {
  const record = commit({ author: "A B <a@b.c> 1700000000 -0330", message: "t\n\n  body \n\n" });
  expect(record.author).toEqual({ name: "A B", email: "a@b.c", at: 1_700_000_000, offset: -210 });
  expect(record).toMatchObject({
    id: ID,
    tree: TREE,
    parents: [],
    message: "t\n\n  body \n\n",
    anomalies: [],
  });
});

it("keeps the whole message behind a NUL, where git log stops", () => {
  const record = commit({ message: "title\n\0AI-Assisted: x/y\n" });
  expect(record.message).toBe("title\n\0AI-Assisted: x/y\n");
  expect(record.anomalies).toEqual(["nul-in-commit"]);
});

it("takes the first of two authors and says that there are two", () => {
  const record = commit({ more: "author senior <senior@example.com> 1 +0000\n" });
  expect(record.author.name).toBe("author");
  expect(record.anomalies).toEqual(["duplicate-header"]);
});

it("does not take lines inside a signature or tag for headers", () => {
  const record = commit({
    more: "gpgsig -----BEGIN\n author evil <e@e> 1 +0000\n \n x\nmergetag object 1\n tree 3\n",
  });
  expect(record.author.name).toBe("author");
  expect(record).toMatchObject({ tree: TREE, message: "title\n", anomalies: [] });
});

describe("encodings", () => {
  it("decodes by the encoding header", () => {
    const record = commit({
      author: "Jos\xe9 <j@e> 1 +0000",
      more: "encoding ISO-8859-1\n",
      message: Buffer.from("caf\xe9\n", "latin1"),
    });
    expect([record.author.name, record.message, record.anomalies]).toEqual(["José", "café\n", []]);
  });

  it.each(["UTF-16LE", "UTF-7", "ISO-2022-JP", "IBM037", "x-user-defined", "made-up", "../../x", ""])(
    "does not let encoding %j hide what the bytes say",
    (encoding) => {
      const record = commit({ more: `encoding ${encoding}\n`, message: "title\n\nAI-Assisted: x/y\n" });
      expect(record.message).toBe("title\n\nAI-Assisted: x/y\n");
      expect(record.anomalies).toEqual(["unsupported-encoding"]);
    },
  );

  it("does not read an encoding out of the message", () => {
    expect(commit({ message: "t\n\nx\nencoding UTF-16\n" }).anomalies).toEqual([]);
  });

  it("keeps bytes that are no UTF-8 exactly", () => {
    const message = Buffer.from([0x61, 0xff, 0xc3, 0x28, 0x0a]);
    const record = commit({ author: "A\xff <\xfe@x> 1 +0000", message });
    expect(Buffer.from(toRawBytes(record.message))).toEqual(message);
    expect(Buffer.from(toRawBytes(record.author.name))).toEqual(Buffer.from("A\xff", "latin1"));
    expect(record.anomalies).toEqual(["undecodable-text"]);
  });

  it("does not call a replacement character in the text undecodable", () => {
    expect(commit({ message: "a \uFFFD b\n" })).toMatchObject({ message: "a \uFFFD b\n", anomalies: [] });
  });

  it("keeps a byte order mark", () => {
    expect(commit({ message: "\uFEFFtitle\n" }).message).toBe("\uFEFFtitle\n");
  });
});

describe("people and dates that no tool would write", () => {
  it.each([
    ["<> 1 +0000", "", "", []],
    ["author 1 +0000", "author 1 +0000", "", ["malformed-date", "malformed-identity"]],
    ["a <b 1 +0000", "a", "b 1 +0000", ["malformed-date", "malformed-identity"]],
    ["a <b> <c@d> 1 +0000", "a", "b", ["malformed-identity"]],
    ["a <b<c@d> 1 +0000", "a", "b<c@d", ["malformed-identity"]],
    ["a <b>", "a", "b", ["malformed-date"]],
    ["a <b> -5 +0000", "a", "b", ["malformed-date"]],
    ["a <b> 99999999999999999999 +0000", "a", "b", ["malformed-date"]],
    ["a <b> 1 +051800", "a", "b", ["malformed-date"]],
    ["", "", "", ["malformed-date", "malformed-identity"]],
  ])("reads %j", (author, name, email, anomalies) => {
    const record = commit({ author });
    expect([record.author.name, record.author.email, record.anomalies]).toEqual([name, email, anomalies]);
    expect(() => new Date(record.author.at * 1000).toISOString()).not.toThrow();
  });
});

it.each(["", "\n", "\n\n", "tree", "tree x", "author", "\0", "no blank line\nat all"])(
  "survives the commit %j",
  (text) => {
    const record = parseCommit(ID, Buffer.from(text));
    expect(record.anomalies).toContain("malformed-header");
  },
);

it("never throws and never loses a byte of the message", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 60 }), (message, junk) => {
      expect(parseCommit(ID, Buffer.from(junk))).toBeDefined();
      const record = commit({ message });
      expect(Buffer.from(toRawBytes(record.message))).toEqual(Buffer.from(message));
    }),
    { numRuns: 500 },
  );
});
