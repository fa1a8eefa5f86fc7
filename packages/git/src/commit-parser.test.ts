// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createCommitParser } from "./commit-parser.ts";
import { parseCommit } from "./parse-commit.ts";

const HEAD = `tree ${"2".repeat(40)}\nauthor a <b> 1767225600 +0000\ncommitter a <b> 1767225600 +0000\n\n`;
const ID = "1".repeat(40);

function idOf(content: Uint8Array): string {
  return createHash("sha1").update(`commit ${content.length}\0`).update(content).digest("hex");
}

/** What `rev-list --header` writes: the header, the message indented, its ending made one line feed. */
function show(id: string, text: string): Buffer {
  const lines = text.split("\n").map((line) => `    ${line}\n`);
  return Buffer.from(`${id}\n${HEAD}${lines.join("")}\0`);
}

/** Lines without blanks at their ends, the first of them not empty. */
const message = fc
  .array(fc.constantFrom("", "line", "  code", "caf\u00e9", `${ID}`, "tree x", "    four"), { maxLength: 5 })
  .map((lines) => ["title", ...lines, "end"].join("\n"));
/** How Git, forges, and forges that keep what a browser sent end lines. */
const endings = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => `${text}\n`,
  (text) => `${text}\n\n`,
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => `${text}\n`.replaceAll("\n", "\r\n"),
  (text) => belowTitle(text),
  (text) => belowTitle(`${text}\n`),
);

function belowTitle(text: string): string {
  const at = text.indexOf("\n\n") + 2;
  return at < 2 ? text : text.slice(0, at) + text.slice(at).replaceAll("\n", "\r\n");
}

it("finds every commit whatever the chunks are, line ends and headers inside messages included", () => {
  const commits = fc.array(fc.tuple(message, endings), { maxLength: 6 });
  fc.assert(
    fc.property(commits, fc.integer({ min: 1, max: 400 }), (all, size) => {
      const contents = all.map(([text, end]) => Buffer.from(`${HEAD}${end(text)}`));
      const bytes = Buffer.concat(all.map(([text], i) => show(idOf(contents[i] ?? Buffer.of()), text)));
      const parser = createCommitParser("sha1");
      const found = [];
      for (let at = 0; at < bytes.length; at += size)
        found.push(...parser.push(bytes.subarray(at, at + size)));
      parser.finish();
      expect(found).toEqual(contents.map((content) => parseCommit(idOf(content), content)));
    }),
  );
});

it("says nothing of a commit but its id where its content is not proved", () => {
  const junk = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    message.map((text) => show(ID, text)),
    message.map((text) => show(ID, text).subarray(0, -8)),
  );
  fc.assert(
    fc.property(fc.array(junk, { maxLength: 5 }), (parts) => {
      const parser = createCommitParser("sha1");
      for (const part of parts) for (const commit of parser.push(part)) expect(typeof commit).toBe("string");
    }),
  );
});

it("refuses output that is cut off", () => {
  const parser = createCommitParser("sha1");
  parser.push(show(ID, "x").subarray(0, -1));
  expect(() => parser.finish()).toThrow(expect.objectContaining({ code: "OUTPUT_MALFORMED" }));
});
