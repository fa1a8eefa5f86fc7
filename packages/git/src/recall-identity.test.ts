// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommit } from "./parse-commit.ts";

const ID = "a".repeat(40);
const commitBy = (line: string) =>
  parseCommit(
    ID,
    Buffer.from(`tree ${"b".repeat(40)}\nauthor ${line}\ncommitter C <c@example.com> 1 +0000\n\nTitle\n`),
  );

/** The plain reading, in the fewest words: first `<`, next `>`, date behind the last `>`. */
function readPlainly(line: string) {
  const open = line.indexOf("<");
  const close = line.indexOf(">", open + 1);
  const last = line.lastIndexOf(">");
  const date = /^ (\d{1,20}) ([+-])(\d{1,8})$/.exec(line.slice(last + 1));
  const digits = Number(date?.[3] ?? 0);
  const minutes = Math.trunc(digits / 100) * 60 + (digits % 100);
  const at = Number(date?.[1] ?? Number.NaN);
  const isDate = at <= 8_640_000_000_000 && minutes <= 24 * 60;
  const isIdentity = open >= 0 && close >= 0 && close === last && line.indexOf("<", open + 1) < 0;
  return {
    name: (open < 0 ? line : line.slice(0, open)).replace(/^[\t-\r ]+|[\t-\r ]+$/g, ""),
    email: open < 0 ? "" : line.slice(open + 1, close < 0 ? line.length : close),
    at: at <= 8_640_000_000_000 ? at : 0,
    offset: isDate && minutes !== 0 ? (date?.[2] === "-" ? -minutes : minutes) : 0,
    anomalies: [...(isDate ? [] : ["malformed-date"]), ...(isIdentity ? [] : ["malformed-identity"])],
  };
}

const PIECES = [
  "<",
  ">",
  " ",
  "a",
  "A Person",
  "a@example.com",
  " 1234567890 +0100",
  " 5 -0930",
  " 9999999999 -0000",
];
const LINES = fc
  .array(fc.constantFrom(...PIECES, "+9999", "1234567890 +2460", "\t", "0"), { minLength: 1, maxLength: 8 })
  .map((pieces) => pieces.join(""));

describe("an identity that was met before", () => {
  it.each([
    "A Person <a@example.com> 1234567890 +0100",
    "A Person mail> 1234567890 +0100",
    "a> <b@example.com 1234567890 +0100",
    "A <a@example.com> < 1234567890 +0100",
    "A <a@example.com> b> 1234567890 +0100",
    "A <a@example.com> 1234567890 +2360",
    "A <a@example.com> 123456789x +0100",
    "A <a@example.com> 1234567890 -0000",
  ])("reads as the first time: %s", (line) => {
    const { author, anomalies } = commitBy(line);
    expect({ ...author, anomalies }).toEqual(readPlainly(line));
    expect(commitBy(line)).toEqual(commitBy(line));
  });

  it("reads as the plain reading says, however often and in whatever order lines come", () => {
    fc.assert(
      fc.property(LINES, (line) => {
        for (let time = 0; time < 2; time++) {
          const { author, anomalies } = commitBy(line);
          expect({ ...author, anomalies }).toEqual(readPlainly(line));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps its own commit's date", () => {
    expect(commitBy("A <a@example.com> 1111111111 +0000").author.at).toBe(1111111111);
    expect(commitBy("A <a@example.com> 2222222222 +0000").author.at).toBe(2222222222);
  });

  it("is still read right after more identities than are remembered", () => {
    for (let n = 0; n < 10_000; n++) {
      const { author } = commitBy(`P${n} <p${n}@example.com> 1 +0000`);
      if (author.name !== `P${n}` || author.email !== `p${n}@example.com`) expect.unreachable(`${n}`);
    }
    expect(commitBy("P0 <p0@example.com> 1 +0000").author.name).toBe("P0");
  });
});
