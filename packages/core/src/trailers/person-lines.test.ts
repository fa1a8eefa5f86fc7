// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCommitMessage } from "./parse-message.ts";

const PERSON = { name: "author", email: "author@example.com" };
const parse = (message: string) => parseCommitMessage({ message, author: PERSON, committer: PERSON });

/** The same message with the person renamed to one of as many letters that nobody named before, and named back. */
let strangers = 0;
function parseFresh(message: string) {
  const digits = `${strangers++}`.padStart(4, "0");
  const fresh = `zq${digits.replace(/\d/g, (digit) => "bcdfghjkmp"[Number(digit)] ?? "")}`;
  const read = parse(message.replaceAll("senior", fresh));
  return toPlain(read, (text) => text.replaceAll(fresh, "senior"));
}

/** Plain JSON. Model names are cut off at a length, which may fall in the middle of a person's name: their start is enough. */
function toPlain(read: unknown, rename: (text: string) => string = (text) => text): unknown {
  const named = JSON.parse(rename(JSON.stringify(read))) as unknown;
  return JSON.parse(JSON.stringify(named), (key, value) => {
    return key === "model" && typeof value === "string" ? value.slice(0, 100) : (value as unknown);
  });
}

const LINES = [
  "Signed-off-by: senior <senior@example.com>",
  "Co-authored-by: senior <senior@example.com>",
  "Reviewed-by: senior <senior@example.com>",
  "    Signed-off-by: senior <senior@example.com>",
  "> Signed-off-by: senior <senior@example.com>",
  "* Signed-off-by: senior <senior@example.com>",
  "Signed-0ff-by: senior <senior@example.com>",
  "  continued <noreply@anthropic.com>",
  "    Co-authored-by: Claude <noreply@anthropic.com>",
  "Co-authored-by: Claude <senior@example.com>",
  "Co-authored-by: Claude <noreply@anthropic.com>",
  "AI-Assisted: none",
  "AI-Assisted: codex/gpt-5.4",
  "```",
  "commit 0123456789abcdef",
  "This reverts commit 0123456789abcdef0123456789abcdef01234567.",
  "THIS REVERTS COMMIT 0123456789abcdef0123456789abcdef01234567.",
  "Author: senior <senior@example.com>",
  "* a squashed commit",
  "prose by senior",
  "\tan example",
  "",
];

describe("a person's line that was read before", () => {
  it("says what it says to a reader who never saw it, whatever stands around it", () => {
    for (const line of LINES) parse(`Title\n\n${line}\n`);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LINES), { maxLength: 9 }), (lines) => {
        const message = `Title\n\n${lines.join("\n")}\n`;
        expect(toPlain(parse(message))).toEqual(parseFresh(message));
      }),
      { numRuns: 3000 },
    );
  });

  it("is not taken for the whole of a folded line", () => {
    const line = "Co-authored-by: senior";
    expect(parse(`Title\n\n${line}\n`).assistance).toEqual([]);
    const folded = parse(`Title\n\n${line}\n <noreply@anthropic.com>\n`);
    expect(folded.assistance).toMatchObject([{ tool: "claude-code", line: 3 }]);
  });

  it("stays undecided where a tool may bear the name", () => {
    const line = "Co-authored-by: Claude <claude@example.com>";
    for (let time = 0; time < 2; time++) {
      expect(parse(`Title\n\n${line}\n`).assistance).toEqual([]);
      const shown = parse(`Title\n\n${line}\nAI-Assisted: claude/claude-opus-4-8\n`).assistance;
      expect(shown.map((it) => it.line)).toEqual([3, 4]);
    }
  });

  it("is still read right after more lines than are remembered", () => {
    for (let n = 0; n < 10_000; n++) {
      const [found] = parse(`Title\n\nSigned-off-by: P${n} <p${n}@example.com>\n`).signedOffBy;
      if (found?.name !== `P${n}` || found.email !== `p${n}@example.com`) expect.unreachable(`${n}`);
    }
  });
});
