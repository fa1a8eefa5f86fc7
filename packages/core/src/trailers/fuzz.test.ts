// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appendTrailers } from "./append-trailers.ts";
import type { Assistance } from "./assistance.ts";
import { isCandidateAt } from "./candidate-lines.ts";
import { parseFooterLine } from "./footer-line.ts";
import { formatAssistanceTrailer } from "./format-trailer.ts";
import { isAiIdentity } from "./identities.ts";
import { splitLines } from "./message-lines.ts";
import { toModelName } from "./model-name.ts";
import { parseCommitMessage, toCommitState } from "./parse-message.ts";
import { readStatement } from "./read-prose.ts";
import { TOOLS } from "./registry.ts";
import { parseTrailerLine } from "./trailer-line.ts";

const PERSON = { name: "A. Author", email: "author@example.org" };
const parse = (message: string) => parseCommitMessage({ message, author: PERSON, committer: PERSON });

const FRAGMENTS = [
  "AI-Assisted: codex/gpt-5.4",
  "AI-Assisted: none",
  "Co-authored-by: Claude <noreply@anthropic.com>",
  "Signed-off-by: A <a@b>",
  "This reverts commit 0123456789012345678901234567890123456789.",
  'Revert "x"',
  "```",
  "~~~",
  "> ",
  "    ",
  "* a",
  "\\n\\n",
  "\n",
  "\n\n",
  "\r\n",
  "\0",
  "\uDC80",
  "\u200B",
  "Assisted-by: ",
  "Claude Opus 4.7",
  "(((((",
  "<<<<",
  "🤖 Generated with [",
  "Squashed commit of the following:\n\ncommit 0123456\nAuthor: Devin AI <x@y>\n\n",
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: "binary", maxLength: 12 })), {
    maxLength: 30,
  })
  .map((parts) => parts.join(""));

describe("any message", () => {
  test("parses, with lines inside the message and a state", () => {
    fc.assert(
      fc.property(hostile, (message) => {
        const parsed = parse(message);
        const count = message.split("\n").length;
        for (const { line } of parsed.assistance)
          expect(line === null || (line >= 1 && line <= count)).toBe(true);
        expect(["declared", "signalled", "cleared", "unknown"]).toContain(toCommitState(parsed));
        expect(parse(message)).toEqual(parsed);
      }),
      { numRuns: 2000 },
    );
  });

  test("the quick rejection never drops a line that says something", () => {
    fc.assert(
      fc.property(hostile, (message) => {
        for (const { text } of splitLines(message)) {
          if (isCandidateAt(text, 0)) continue;
          // Of our own key's misspellings only those are looked at whose first word is right.
          const trailer = parseTrailerLine(text, []);
          expect(trailer === undefined || trailer.isSuspicious).toBe(true);
          expect([parseFooterLine(text), readStatement(text)]).toEqual([undefined, undefined]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("names and addresses never throw", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.string({ unit: "binary" }),
        (name, email) => void isAiIdentity({ name, email }),
      ),
    );
  });

  test("a normalised model is normalised already", () => {
    const model = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc
        .array(
          fc.constantFrom(
            "claude",
            "opus",
            "sonnet",
            "3.5",
            "4-7",
            "gpt",
            "5.4",
            "-",
            " ",
            "/",
            ":free",
            "[1m]",
            "k2p6",
            "kimi",
            "(1M context)",
            "high",
          ),
        )
        .map((it) => it.join("")),
    );
    fc.assert(
      fc.property(model, (raw) => {
        const once = toModelName(raw);
        if (once !== null) expect(toModelName(once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });
});

const claim = fc.record({
  tool: fc.constantFrom(...TOOLS.map((it) => it.tool), "ai"),
  model: fc.option(
    fc.constantFrom(
      "claude-opus-4-8",
      "gpt-5.4",
      "gemini-2.5-pro",
      "kimi-k2.6",
      "2026-03",
      "glm-5",
      "claude-3-5-sonnet",
    ),
  ),
  extent: fc.option(fc.constantFrom("generated" as const, "edited" as const, "advised" as const)),
});

describe("what is written is read back", () => {
  test("in our own form, tool, model and extent", () => {
    const anyTool = fc
      .stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,2}$/)
      .filter((it) => it !== "none");
    fc.assert(
      fc.property(claim, fc.option(anyTool), (known, other) => {
        const written = { ...known, tool: other ?? known.tool };
        const trailer = formatAssistanceTrailer(written, "ai-assisted") ?? "";
        const parsed = parse(appendTrailers("x", [trailer]));
        const { tool, model, extent } = parsed.assistance[0] as Assistance;
        if (tool !== written.tool) expect(TOOLS.map((it) => it.tool)).toContain(tool);
        else expect({ tool, model, extent }).toEqual(written);
        expect(parsed.warnings.filter((it) => it.code !== "non-canonical-trailer")).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test("in every other form, tool and model", () => {
    fc.assert(
      fc.property(
        claim,
        fc.constantFrom("assisted-by" as const, "generated-by" as const, "co-authored-by" as const),
        (written, emission) => {
          const trailer = formatAssistanceTrailer(written, emission) ?? "";
          const parsed = parse(appendTrailers("x\n\nbody", [trailer]));
          const [read] = parsed.assistance;
          expect([trailer, read?.tool, read?.evidence]).toEqual([trailer, written.tool, "declared"]);
          if (written.tool !== "ai") expect([trailer, read?.model]).toEqual([trailer, written.model]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("appending twice is appending once, whatever the message", () => {
    fc.assert(
      fc.property(hostile, (message) => {
        const trailer = "AI-Assisted: codex/gpt-5.4";
        if (message.trim() === "") return;
        const once = appendTrailers(message, [trailer]);
        expect(appendTrailers(once, [trailer])).toBe(once);
        expect(
          parse(once).assistance.some((it) => it.tool === "codex" && it.convention === "ai-assisted"),
        ).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("work is linear", () => {
  const time = (message: string) => {
    const started = process.cpuUsage().user / 1000;
    parse(message);
    return process.cpuUsage().user / 1000 - started;
  };
  const MB = 1 << 20;
  test.each([
    ["one line", "a".repeat(10 * MB)],
    ["blanks", " ".repeat(10 * MB)],
    ["line ends", `x${"\n".repeat(10 * MB)}`],
    ["one trailer's value", `x\n\nCo-authored-by: ${"<".repeat(10 * MB)}`],
    ["one own value", `x\n\nAI-Assisted: ${"; a=b".repeat(2 * MB)}`],
    ["fences", `x\n\n${"```\n".repeat(2 * MB)}`],
    ["open fences", `x\n\n${"~~~\n```x\n".repeat(MB / 2)}`],
    ["folded values", `x\n\n${"AI-Assisted: a/b\n a\n".repeat(MB / 4)}`],
    ["indented", `x\n\n${"    AI-Assisted: none\n".repeat(MB / 4)}`],
    ["literal line ends", `x${"\\n\\nAI: x".repeat(MB)}`],
    ["brackets", `x\n\n${"Assisted-by: ((((((((((\n".repeat(MB / 4)}`],
    ["zero width", `x\n\n${"\u200B".repeat(MB)}`],
    ["look-alikes", `x\n\n${"АI-Аssisted: x\n".repeat(MB / 8)}`],
    ["blanks within a value", `x\n\nCo-authored-by: a${" ".repeat(10 * MB)}b`],
    ["blanks within an own value", `x\n\nAI-Assisted: a${" ".repeat(10 * MB)}b`],
    ["blanks within a line", `x\n\nGenerated with${" ".repeat(10 * MB)}b`],
    ["blanks within a title", `fix AI-Assisted${" ".repeat(10 * MB)}b`],
    ["session links", `x\n\nhttps://claude.ai/code/session_${"a ".repeat(5 * MB)}`],
    ["a statement", `x\n\nThis PR ${"was ".repeat(2 * MB)}`],
    ["commits in a pasted log", `x\n\n${"commit 0123456\nAuthor: a <b>\n    x\n".repeat(MB / 4)}`],
    ["reverts", `Revert "x"\n\n${"This reverts commit 0123456.\n    x\n".repeat(MB / 4)}`],
    [
      "co-authors who may be tools",
      `x\n\n${"Co-authored-by: Nori <a@b>\nCo-authored-by: Cursor <cursoragent@cursor.com>\n".repeat(MB / 10)}`,
    ],
    ["squash starts", `x\n\n${"* a\n\n".repeat(MB)}`],
    ["spaces before words", `x\n\nCo-authored-by: ${" a".repeat(MB)}\n`],
  ])("10 MB of %s", (_, message) => {
    // Generous: a quadratic reading of 10 MB takes hours, a linear one well under a second on an idle machine.
    expect(time(message)).toBeLessThan(15_000);
  });
});
