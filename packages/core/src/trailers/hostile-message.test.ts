// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { type CommitInput, parseCommitMessage, toCommitState } from "./parse-message.ts";

const PERSON = { name: "A. Author", email: "author@example.org" };

function parse(message: string, more: Partial<CommitInput> = {}) {
  return parseCommitMessage({ message, author: PERSON, committer: PERSON, ...more });
}

function tools(message: string, more: Partial<CommitInput> = {}): readonly string[] {
  return parse(message, more).assistance.map(
    (it) => `${it.tool}:${it.convention}${it.evidence === "none" ? " (weak)" : ""}`,
  );
}

function codes(message: string, more: Partial<CommitInput> = {}): readonly string[] {
  return parse(message, more).warnings.map((it) => it.code);
}

describe("attacks", () => {
  test.each([
    ["T04 case and spacing", "ai-assisted :codex/gpt-5.4"],
    ["T04 upper case", "AI-ASSISTED:   codex/gpt-5.4   "],
    ["T04 folded", "AI-Assisted: codex/\n gpt-5.4"],
    ["T05 indented by two", "  AI-Assisted: codex/gpt-5.4"],
    ["T05 indented by four", "    AI-Assisted: codex/gpt-5.4"],
    ["T05 tab", "\tAI-Assisted: codex/gpt-5.4"],
    ["T05 in a list", "- AI-Assisted: codex/gpt-5.4"],
    ["T05 in bold", "**AI-Assisted:** codex/gpt-5.4"],
    ["T07 non-breaking hyphen", "AI\u2011Assisted: codex/gpt-5.4"],
    ["T07 Cyrillic", "АI-Аssіsted: codex/gpt-5.4"],
    ["T07 Greek", "ΑΙ-Assisted: codex/gpt-5.4"],
    ["T07 zero width", "AI-As\u200Bsisted: codex/gpt-5.4"],
    ["T07 leading zero width", "\u200B\uFEFFAI-Assisted: codex/gpt-5.4"],
    ["T07 full width", "ＡＩ－Ａｓｓｉｓｔｅｄ： codex/gpt-5.4"],
    ["T07 NBSP", "AI-Assisted:\u00A0codex/gpt-5.4\u00A0"],
    ["T07 NBSP before the colon", "AI-Assisted\u00A0: codex/gpt-5.4"],
    ["T07 soft hyphen", "AI\u00AD-Assisted: codex/gpt-5.4"],
    ["T07 combining mark", "A\u0332I-Assisted: codex/gpt-5.4"],
    ["T07 unknown look-alike", "AI-Assi\u1E9Eted: codex/gpt-5.4"],
    ["near miss", "AI-Asisted: codex/gpt-5.4"],
    ["blank for hyphen", "AI Assisted: codex/gpt-5.4"],
    ["underscore", "AI_Assisted: codex/gpt-5.4"],
    ["no hyphen", "AIAssisted: codex/gpt-5.4"],
  ])("%s is still codex, and is warned about unless Git reads it", (name, line) => {
    const parsed = parse(`x\n\nBody\n\n${line}\n`);
    expect(parsed.assistance.map((it) => [it.tool, it.model, it.evidence])).toEqual([
      ["codex", "gpt-5.4", "declared"],
    ]);
    if (!name.startsWith("T04")) expect(parsed.warnings.length).toBeGreaterThan(0);
    if (/T07 (?!NBSP)|near/.test(name))
      expect(parsed.warnings.map((it) => it.code)).toContain("suspicious-trailer");
  });

  test.each([
    ["not the last paragraph", "x\n\nAI-Assisted: codex/gpt-5.4\n\nMore text."],
    ["glued to the body", "x\n\nSome text\nAI-Assisted: codex/gpt-5.4\nmore text"],
    ["glued to the title", "x\nAI-Assisted: codex/gpt-5.4"],
    ["as the title", "AI-Assisted: codex/gpt-5.4"],
    ["at the end of the title", "fix it AI-Assisted: codex/gpt-5.4"],
    ["T06 before a --- line", "x\n\nAI-Assisted: codex/gpt-5.4\n---\n file | 2 +-"],
    ["literal line ends", "x\\n\\nAI-Assisted: codex/gpt-5.4"],
    ["indented log", "x\n\n    y\n\n    AI-Assisted: codex/gpt-5.4\n\n    z"],
  ])("T05 %s: counts, and the message is malformed", (_, message) => {
    const parsed = parse(message);
    expect(parsed.assistance.map((it) => [it.tool, it.model])).toEqual([["codex", "gpt-5.4"]]);
    expect(parsed.warnings.map((it) => it.code)).toContain("malformed-trailer");
  });

  test("T02 a squash by git merge --squash keeps authors, trailers and their lines", () => {
    const message = [
      "Squashed commit of the following:",
      "",
      "commit 0123456789012345678901234567890123456789",
      "Author: Devin AI <1+devin-ai-integration[bot]@users.noreply.github.com>",
      "Date:   Thu Jan 1 00:00:00 2026 +0000",
      "",
      "    Fix it",
      "    ",
      "    Co-authored-by: Cursor <cursoragent@cursor.com>",
    ].join("\n");
    expect(tools(message)).toEqual(["devin:squashed-author", "cursor:co-authored-by"]);
  });

  test("an indented trailer block is not one folded value", () => {
    const message =
      "Squashed commit of the following:\n\ncommit 0123456789\n\n    x\n\n    Assisted-by: Codex 5.3\n    Co-authored-by: Cursor <cursoragent@cursor.com>\n    Signed-off-by: A. Author <author@example.org>";
    expect(tools(message)).toEqual(["codex:assisted-by", "cursor:co-authored-by"]);
  });

  test("literal line ends in a quotation stay quoted", () => {
    expect(tools("x\n\n> a\\n\\nCo-authored-by: Cursor <cursoragent@cursor.com>")).toEqual([]);
  });

  test("HTML escapes and missing brackets are read", () => {
    expect(tools("x\n\nCo-authored-by: Cursor &lt;cursoragent@cursor.com&gt;")).toEqual([
      "cursor:co-authored-by",
    ]);
    expect(tools("x\n\nCo-authored-by: Cursor <cursoragent@cursor.com")).toEqual(["cursor:co-authored-by"]);
    expect(tools("x\r\n\r\nCo-authored-by: Amp <amp@ampcode.com>\r\n")).toEqual(["amp:co-authored-by"]);
  });

  test("an opened fence that never closes hides nothing", () => {
    expect(tools("x\n\n```\ncode\n\nAI-Assisted: codex/gpt-5.4")).toEqual(["codex:ai-assisted"]);
    expect(tools("x\n\n```\ncode\n~~~\n\nAI-Assisted: codex/gpt-5.4")).toEqual(["codex:ai-assisted"]);
    expect(tools("x\n\n````\n```\n\nAI-Assisted: codex/gpt-5.4")).toEqual(["codex:ai-assisted"]);
  });

  test("a stray fence in one squashed commit does not pair with another's", () => {
    const message =
      "x (#1)\n\n* a\n\n```\ncode\n\n* b\n\nAI-Assisted: codex/gpt-5.4\n\n* c\n\n```\nmore\n```";
    expect(tools(message)).toEqual(["codex:ai-assisted"]);
  });

  test("indented attribution of other conventions in the middle is a sign and suspicious", () => {
    const message = "x\n\nAdd this line:\n\n    Co-authored-by: Cursor <cursoragent@cursor.com>\n\ntext";
    expect(tools(message)).toEqual(["cursor:co-authored-by (weak)"]);
    expect(codes(message)).toContain("suspicious-trailer");
  });

  test("T09 a denial beside any sign of AI contradicts, and the commit stays AI", () => {
    const message = "x\n\nAI-Assisted: none\nCo-authored-by: Cursor <cursoragent@cursor.com>";
    expect(parse(message).claimsNone).toBe(3);
    expect(codes(message)).toContain("contradictory-claim");
    expect(toCommitState(parse(message))).toBe("declared");
    const branch = parse("x\n\nAI-Assisted: none", { branchNames: ["codex/x"] });
    expect(branch.warnings.map((it) => it.code)).toEqual(["contradictory-claim"]);
    expect(toCommitState(branch)).toBe("signalled");
  });

  test("a plain denial clears the commit", () => {
    expect(toCommitState(parse("x\n\nAI-Assisted: none\nSigned-off-by: A <a@example.org>"))).toBe("cleared");
    expect(toCommitState(parse("x\n\nai-assisted: NONE"))).toBe("cleared");
  });

  test.each([
    ["outside the trailer block", "x\n\nAI-Assisted: none\n\nmore"],
    ["one of several squashed commits", "x (#1)\n\n* a\n\ntext\n\n* b\n\nAI-Assisted: none"],
    [
      "git merge --squash",
      "Squashed commit of the following:\n\ncommit 0123456789\n\n    x\n\nAI-Assisted: none",
    ],
    ["indented", "x\n\n    AI-Assisted: none"],
    ["written otherwise", "x\n\nAI-Assistеd: none"],
    ["another word", "x\n\nAI-Assisted: no"],
    ["fenced", "x\n\n```\nAI-Assisted: none\n```"],
    ["title", "AI-Assisted: none"],
  ])("a denial does not clear: %s", (_, message) => {
    expect(parse(message).claimsNone).toBe(null);
    expect(toCommitState(parse(message))).not.toBe("cleared");
  });

  test("T60 an AI's sign-off is a finding of its own, and no authorship", () => {
    const parsed = parse(
      "x\n\nSigned-off-by: Claude <noreply@anthropic.com>\nSigned-off-by: A. Author <author@example.org>",
    );
    expect(parsed.warnings.map((it) => it.code)).toEqual(["ai-signed-off-by"]);
    expect(parsed.signedOffBy).toEqual([
      { name: "Claude", email: "noreply@anthropic.com", line: 3, isAi: true },
      { name: "A. Author", email: "author@example.org", line: 4, isAi: false },
    ]);
    expect(toCommitState(parsed)).toBe("signalled");
  });

  test("an unreadable claim of our own is an unnamed AI", () => {
    expect(tools("x\n\nAI-Assisted: ???")).toEqual(["ai:ai-assisted"]);
    expect(tools("x\n\nAI-Assisted:")).toEqual(["ai:ai-assisted"]);
    expect(codes("x\n\nAI-Assisted: ???")).toContain("malformed-trailer");
  });

  test("T50 ids of cherry-picks are kept, trailers too", () => {
    const id = "0123456789012345678901234567890123456789";
    const parsed = parse(`x\n\nAI-Assisted: codex/gpt-5.4\n(cherry picked from commit ${id})`);
    expect(parsed.cherryPickedFrom).toEqual([id]);
    expect(parsed.assistance).toHaveLength(1);
    expect(parsed.warnings).toEqual([]);
  });

  test("a crowd of co-authors hides nobody", () => {
    const crowd = "Co-authored-by: A. Person <person@example.org>\n".repeat(20_000);
    const parsed = parse(`x\n\n${crowd}Co-authored-by: Cursor <cursoragent@cursor.com>\n`);
    expect(parsed.assistance.map((it) => [it.tool, it.line])).toEqual([["cursor", 20_003]]);
    expect(parsed.coAuthors).toHaveLength(20_001);
  });

  test("T62 huge and hostile values are bounded", () => {
    const parsed = parse(
      `x\n\nAI-Assisted: codex/${"a".repeat(1_000_000)}\nCo-authored-by: ${"b".repeat(1_000_000)} <c@d>`,
    );
    expect(parsed.warnings.map((it) => it.code)).toContain("value-truncated");
    expect(JSON.stringify(parsed).length).toBeLessThan(10_000);
    expect(tools("x\n\nAI-Assisted: codex/\u001b[31mred\u0000;<script>")).toEqual(["codex:ai-assisted"]);
  });

  test("a name a person may bear counts where the message shows the tool otherwise", () => {
    const message =
      "x\n\n🤖 Generated with [Nori](https://nori.ai)\n\nCo-Authored-By: Nori <person@example.org>";
    expect(tools(message)).toEqual(["nori:footer", "nori:co-authored-by"]);
    expect(tools("x\n\nCo-Authored-By: Nori <person@example.org>")).toEqual([]);
  });
});
