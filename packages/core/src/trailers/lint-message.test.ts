// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { CoreError } from "../ids/index.ts";
import { appendTrailers } from "./append-trailers.ts";
import type { Emission } from "./emission.ts";
import { formatAssistanceTrailer } from "./format-trailer.ts";
import { lintCommitMessage } from "./lint-message.ts";
import { parseCommitMessage, toCommitState } from "./parse-message.ts";

const PERSON = { name: "A. Author", email: "author@example.org" };
const lint = (message: string, emission: Emission = "ai-assisted", commentChar: string | null = null) =>
  lintCommitMessage({ message, author: PERSON, committer: PERSON }, emission, { commentChar });

describe("a trailer", () => {
  const claim = { tool: "claude-code", model: "claude-opus-4-8", extent: "edited" as const };
  test.each([
    ["ai-assisted", "AI-Assisted: claude-code/claude-opus-4-8; extent=edited"],
    ["assisted-by", "Assisted-by: claude-code:claude-opus-4-8"],
    ["generated-by", "Generated-by: claude-code:claude-opus-4-8"],
    ["co-authored-by", "Co-authored-by: claude-code (claude-opus-4-8) <noreply@anthropic.com>"],
    ["none", null],
  ] as const)("in the profile %s is %s", (emission, trailer) => {
    expect(formatAssistanceTrailer(claim, emission)).toBe(trailer);
  });

  test("falls back to our own where a convention cannot carry the tool", () => {
    const odd = { tool: "some-new-tool", model: "x-1", extent: null };
    for (const emission of ["assisted-by", "generated-by", "co-authored-by"] as const) {
      expect(formatAssistanceTrailer(odd, emission)).toBe("AI-Assisted: some-new-tool/x-1");
    }
  });

  test("without a model says unknown", () => {
    expect(formatAssistanceTrailer({ tool: "cursor", model: null, extent: null }, "ai-assisted")).toBe(
      "AI-Assisted: cursor/unknown",
    );
  });

  test.each([
    ["a line end", { tool: "a\nSigned-off-by: x", model: null, extent: null }],
    ["markup", { tool: "a", model: "<script>", extent: null }],
    ["an escape", { tool: "\u001b[31m", model: null, extent: null }],
  ])("is never written with %s in it", (_, hostile) => {
    expect(() => formatAssistanceTrailer(hostile, "ai-assisted")).toThrow(CoreError);
  });
});

describe("appending", () => {
  const trailer = "AI-Assisted: codex/gpt-5.4";
  test.each([
    ["a title", "x", `x\n\n${trailer}\n`],
    ["a title with a colon", "fix: x\n", `fix: x\n\n${trailer}\n`],
    ["a body", "x\n\nbody\n", `x\n\nbody\n\n${trailer}\n`],
    ["a body with a colon", "x\n\nnote: this\nis text\n", `x\n\nnote: this\nis text\n\n${trailer}\n`],
    ["a block", "x\n\nSigned-off-by: A <a@b>\n", `x\n\nSigned-off-by: A <a@b>\n${trailer}\n`],
    ["itself", `x\n\n${trailer}\n`, `x\n\n${trailer}\n`],
    ["carriage returns", "x\r\n\r\nbody\r\n", `x\r\n\r\nbody\r\n\r\n${trailer}\r\n`],
    ["nothing", "", ""],
  ])("to %s", (_, message, expected) => {
    expect(appendTrailers(message, [trailer])).toBe(expected);
  });

  test("leaves comments and what is below the scissors at the end", () => {
    const comments = "# Please enter the commit message\n#\n";
    expect(appendTrailers(`x\n\n${comments}`, [trailer], { commentChar: "#" })).toBe(
      `x\n\n${trailer}\n\n${comments}`,
    );
    const scissors =
      "# ------------------------ >8 ------------------------\ndiff --git a b\n+AI-Assisted: x/y\n";
    expect(appendTrailers(`x\n${scissors}`, [trailer], { commentChar: "#" })).toBe(
      `x\n\n${trailer}\n\n${scissors}`,
    );
  });

  test("refuses what is not one trailer", () => {
    expect(() => appendTrailers("x", ["a: b\nc: d"])).toThrow(CoreError);
    expect(() => appendTrailers("x", ["no trailer"])).toThrow(CoreError);
  });
});

describe("the commit-msg check", () => {
  test("has nothing to say about a canonical message, or one without AI", () => {
    expect(lint("x\n\nAI-Assisted: codex/gpt-5.4\n")).toEqual({ problems: [], canonicalMessage: null });
    expect(lint("x\n\nbody")).toEqual({ problems: [], canonicalMessage: null });
    expect(lint("x\n\nCo-authored-by: B. Person <b@example.org>")).toEqual({
      problems: [],
      canonicalMessage: null,
    });
  });

  test.each([
    ["malformed", "x\n\nAI-Assisted: Codex\n", "x\n\nAI-Assisted: codex/unknown\n"],
    [
      "out of place",
      "x\n\nAI-Assisted: codex/gpt-5.4\n\nmore\n",
      "x\n\nmore\n\nAI-Assisted: codex/gpt-5.4\n",
    ],
    ["spelt otherwise", "x\n\nai-assisted : codex/gpt-5.4\n", "x\n\nAI-Assisted: codex/gpt-5.4\n"],
    ["look-alike", "x\n\nАI-Assisted: codex/gpt-5.4\n", "x\n\nAI-Assisted: codex/gpt-5.4\n"],
    [
      "folded",
      "x\n\nAI-Assisted: Codex\n with GPT-5.4\nSigned-off-by: A <a@b>\n",
      "x\n\nSigned-off-by: A <a@b>\nAI-Assisted: codex/unknown\n",
    ],
    [
      "repeated",
      "x\n\nAI-Assisted: codex/gpt-5.4\nAI-Assisted: codex/gpt-5.4\n",
      "x\n\nAI-Assisted: codex/gpt-5.4\n",
    ],
    [
      "another convention",
      "x\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n\nCo-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>\n",
      "x\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n\nCo-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>\nAI-Assisted: claude-code/claude-opus-4-6\n",
    ],
    [
      "an AI's sign-off",
      "x\n\nSigned-off-by: Claude <noreply@anthropic.com>\nSigned-off-by: A <a@b>\n",
      "x\n\nSigned-off-by: A <a@b>\nAI-Assisted: claude-code/unknown\n",
    ],
  ])("offers the canonical form: %s", (_, message, canonical) => {
    const result = lint(message);
    expect(result.problems.length).toBeGreaterThan(0);
    expect(result.canonicalMessage).toBe(canonical);
    expect(lint(canonical).problems).toEqual([]);
    const state = toCommitState(
      parseCommitMessage({ message: canonical, author: PERSON, committer: PERSON }),
    );
    expect(state).toBe("declared");
  });

  test("asks for the convention that the project writes", () => {
    expect(lint("x\n\nAI-Assisted: codex/gpt-5.4\n", "assisted-by").canonicalMessage).toBe(
      "x\n\nAI-Assisted: codex/gpt-5.4\nAssisted-by: codex:gpt-5.4\n",
    );
  });

  test("takes attribution out where the project takes none", () => {
    const result = lint(
      "x\n\nGenerated with Crush\n\nCo-authored-by: Cursor <cursoragent@cursor.com>\nSigned-off-by: A <a@b>\n",
      "none",
    );
    expect(result.problems.map((it) => it.code)).toEqual(["forbidden-trailer", "forbidden-trailer"]);
    expect(result.canonicalMessage).toBe("x\n\nSigned-off-by: A <a@b>\n");
  });

  test("offers nothing where only a person knows what is true", () => {
    const result = lint("x\n\nAI-Assisted: none\nCo-authored-by: Cursor <cursoragent@cursor.com>\n");
    expect(result.problems.map((it) => it.code)).toContain("contradictory-claim");
    expect(result.canonicalMessage).toBe(null);
  });

  test("asks an AI author's commit for the trailer", () => {
    const author = { name: "Cursor Agent", email: "cursoragent@cursor.com" };
    const result = lintCommitMessage({ message: "x\n", author, committer: PERSON }, "ai-assisted");
    expect(result.canonicalMessage).toBe("x\n\nAI-Assisted: cursor/unknown\n");
  });

  test("does not read comments", () => {
    const message =
      "x\n\n# AI-Assisted: codex/x\n# ------------------------ >8 ------------------------\nAI-Assisted: codex/y\n";
    expect(lint(message, "ai-assisted", "#")).toEqual({ problems: [], canonicalMessage: null });
  });
});
