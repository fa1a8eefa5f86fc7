// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseCommit } from "./parse-commit.ts";
import { parsePlainCommit } from "./parse-plain-commit.ts";

const ID = "1".repeat(40);
const TREE = `tree ${"2".repeat(40)}\n`;
const PARENT = `parent ${"3".repeat(40)}\n`;
const WHO = "A B <a@b.c> 1767225600 +0130\n";
const PLAIN = `${TREE}${PARENT}${PARENT}author ${WHO}committer ${WHO}\ntitle\n\nbody\n`;
const SIGNED = PLAIN.replace("\n\ntitle", "\ngpgsig -----BEGIN\n \n author x\n -----END\n\ntitle");

it.each([
  ["a merge", PLAIN],
  ["a root", `${TREE}author ${WHO}committer C <> 0000000000 -0000\n\n`],
  ["a signed commit", SIGNED],
  ["a merged tag", SIGNED.replace("gpgsig ", "mergetag ")],
  ["characters of all planes", PLAIN.replace("A B", "\u00c9 \u{1f916}")],
  ["an offset that is minus nothing", PLAIN.replace("+0130", "-0000")],
])("reads %s as it is read piece by piece", (_what, text) => {
  const record = parsePlainCommit(text, ID);
  expect(record).toBeDefined();
  expect(record).toEqual(parseCommit(ID, Buffer.from(text)));
});

it.each([
  ["an encoding", PLAIN.replace("\n\ntitle", "\nencoding x\n\ntitle")],
  ["a second author", PLAIN.replace("committer", `author ${WHO}committer`)],
  ["an author behind a signature", SIGNED.replace("-----END\n", `-----END\nauthor ${WHO}`)],
  ["a parent out of place", PLAIN.replace("committer", `${PARENT}committer`)],
  ["a header without a blank", SIGNED.replace("gpgsig ", "gpgsig")],
  ["an unknown header", SIGNED.replace("gpgsig ", "HG:extra ")],
  ["two addresses", PLAIN.replace("<a@b.c>", "<a@b.c> <d@e.f>")],
  ["no address", PLAIN.replace("<a@b.c>", "")],
  ["a date of nine digits", PLAIN.replace("1767225600", "999999999")],
  ["a date that is none", PLAIN.replace("1767225600", "17672256x0")],
  ["an offset beyond a day", PLAIN.replace("+0130", "+9900")],
  ["an offset that is none", PLAIN.replace("+0130", "+01:0")],
  ["no blank line", PLAIN.slice(0, PLAIN.indexOf("\n\n") + 1)],
  ["a signature without an end", SIGNED.slice(0, SIGNED.indexOf(" -----END") - 1)],
])("leaves %s to the parser that knows what is odd", (_what, text) => {
  expect(text).not.toBe(PLAIN);
  expect(parsePlainCommit(text, ID)).toBeUndefined();
});

it("reads nothing otherwise than piece by piece, whatever is written (fuzz)", () => {
  const line = fc.constantFrom(
    TREE,
    PARENT,
    `author ${WHO}`,
    `committer ${WHO}`,
    "committer D <d@e> 1767225600 -0800\n",
    "gpgsig x\n",
    "mergetag y\n",
    " author z\n",
    "\n",
    "encoding utf-8\n",
    "title\n",
  );
  const lines = fc.array(line, { maxLength: 10 }).map((all) => all.join(""));
  const edit = fc.tuple(
    fc.nat(400),
    fc.nat(3),
    fc.constantFrom("", "\n", " ", "<", ">", "+", "1", "x", "\u00e9"),
  );
  const edited = fc
    .tuple(fc.constantFrom(PLAIN, SIGNED), fc.array(edit, { maxLength: 3 }))
    .map(([text, edits]) =>
      edits.reduce((all, [at, cut, put]) => all.slice(0, at) + put + all.slice(at + cut), text),
    );
  let plain = 0;
  fc.assert(
    fc.property(fc.oneof(lines, edited), (text) => {
      const record = parsePlainCommit(text, ID);
      if (record === undefined) return;
      plain++;
      expect(record).toEqual(parseCommit(ID, Buffer.from(text)));
    }),
    { numRuns: 5000 },
  );
  expect(plain).toBeGreaterThan(100);
});
