// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { type CommitInput, parseCommitMessage, toCommitState } from "./parse-message.ts";

const PERSON = { name: "A. Author", email: "author@example.org" };
const FORGE = { name: "GitHub", email: "noreply@github.com" };

function parse(message: string, more: Partial<CommitInput> = {}) {
  return parseCommitMessage({ message, author: PERSON, committer: PERSON, ...more });
}

function tools(message: string, more: Partial<CommitInput> = {}): readonly string[] {
  return parse(message, more).assistance.map(
    (it) => `${it.tool}:${it.convention}${it.evidence === "none" ? " (weak)" : ""}`,
  );
}

describe("trailers that name AI", () => {
  test.each([
    ["AI-Assisted: claude-code/claude-opus-4-8", "claude-code:ai-assisted", "claude-opus-4-8"],
    ["AI-Assisted: amazon-q/2026-03", "amazon-q:ai-assisted", "2026-03"],
    ["AI-Assisted: cursor/unknown", "cursor:ai-assisted", null],
    ["AI-Assisted: some-new-tool/model-x", "some-new-tool:ai-assisted", "model-x"],
    ["AI-assisted: Codex", "codex:ai-assisted", null],
    ["X-AI-Tool: Claude Code (Opus 4.6)", "claude-code:ai-trailer", "claude-opus-4-6"],
    ["AI-Tools: LLM", "ai:ai-trailer", null],
    ["AI-Used-For: the tests", "ai:ai-trailer", null],
    ["Coding-Agent: opencode", "opencode:ai-trailer", null],
    ["Assisted-by: Claude:claude-3-opus coccinelle sparse", "claude:assisted-by", "claude-3-opus"],
    ["Assisted-by: Claude Code:claude-opus-4-8[1m]", "claude-code:assisted-by", "claude-opus-4-8"],
    ["Assisted-by: Claude Opus 4.7 <noreply@anthropic.com>", "claude-code:assisted-by", "claude-opus-4-7"],
    ["Assisted-by: Opus 4.7", "claude:assisted-by", "claude-opus-4-7"],
    ["Assisted-by: OpenAI GPT-5.4", "chatgpt:assisted-by", "gpt-5.4"],
    ["Assisted-by: Codex 5.3", "codex:assisted-by", "codex-5.3"],
    ["Assisted-by: GLM-5 via Crush <crush@charm.land>", "crush:assisted-by", "glm-5"],
    ["Assisted-by: Crush:qwen3.7-max", "crush:assisted-by", "qwen3.7-max"],
    ["Assisted-by: LLM coccinelle", "ai:assisted-by", null],
    ["Assisted-by: generic LLM chatbot", "ai:assisted-by", null],
    ["Generated-by: GPT-5", "chatgpt:generated-by", "gpt-5"],
    ["Made-with: Cursor", "cursor:made-with", null],
    [
      "Agent-Signature: codex-gpt-5.5-medium on behalf of A. Author",
      "codex:agent-signature",
      "gpt-5.5-medium",
    ],
    [
      "Agent-Signature: claude-opus-4-8-high on behalf of A. Author",
      "claude:agent-signature",
      "claude-opus-4-8",
    ],
    ["Claude-Session: https://claude.ai/code/session_01abc", "claude-code:session-trailer", null],
    ["Amp-Thread-ID: https://ampcode.com/threads/T-1", "amp:session-trailer", null],
    ["Copilot-Session: 9b663367-2ceb", "github-copilot:session-trailer", null],
    ["Agent-Logs-Url: https://github.com/o/r/sessions/1", "github-copilot:session-trailer", null],
    ["X-Lovable-Edit-ID: edt-1", "lovable:vendor-trailer", null],
    ["Replit-Commit-Author: Agent", "replit:vendor-trailer", null],
    [
      "Claude-Generated-By: Claude Code (cli/claude-opus-4-5=100%)",
      "claude-code:vendor-trailer",
      "claude-opus-4-5",
    ],
    ["Entire-Checkpoint: f598a8c28cfd", "unspecified:entire", null],
    ["Entire-Agent: Claude Code", "claude-code:entire-agent", null],
    ["Executed-By: beads/crew/emma", "gastown:executed-by", null],
    ["Executed-By: mayor", "gastown:executed-by", null],
    [
      "Co-authored-by: Claude Opus 4.5 <noreply@anthropic.com>",
      "claude-code:co-authored-by",
      "claude-opus-4-5",
    ],
    ["Co-authored-by: aider (openai/gpt-5.2) <aider@aider.chat>", "aider:co-authored-by", "gpt-5.2"],
    ["Co-authored-by: Copilot <1+Copilot@users.noreply.github.com>", "github-copilot:co-authored-by", null],
    [
      "Co-authored-by: Copilot Autofix powered by AI <1+Copilot@users.noreply.github.com>",
      "copilot-autofix:co-authored-by",
      null,
    ],
    ["Co-authored-by: OpenHands-GPT-5 openhands@all-hands.dev", "openhands:co-authored-by", "gpt-5"],
    ["Co-authored-by: GPT-5 <openhands@all-hands.dev>", "openhands:co-authored-by", "gpt-5"],
    ["Co-authored-by: OpenAI GPT 5.5 <noreply@openai.com>", "codex:co-authored-by", "gpt-5.5"],
    ["Co-authored-by: Cline <noreply@anthropic.com>", "cline:co-authored-by", null],
    ["Co-authored-by: Gemini", "gemini-cli:co-authored-by", null],
    ["Co-authored-by: gpt-4.1 <p+github-copilot@example.org>", "github-copilot:co-authored-by", "gpt-4.1"],
    ["Co-authored-by: AI Assistant <assistant@example.com>", "ai:co-authored-by", null],
    ["Co-developed-by: Claude <noreply@anthropic.com>", "claude-code:co-developed-by", null],
    ["🤖 Generated with [Claude Code](https://claude.com/claude-code)", "claude-code:footer", null],
    ["💘 Generated with Crush", "crush:footer", null],
    ["via [Happy](https://happy.engineering)", "happy:footer", null],
    ["Made with [Cursor](https://cursor.com)", "cursor:footer", null],
    ["PR created automatically by Jules for task [1](https://jules.google.com/task/1)", "jules:footer", null],
    ["Automated security fix generated by OrbisAI Security", "orbis:footer", null],
    ["https://claude.ai/code/session_01abc", "claude-code:session-link", null],
    ["Link to Devin run: https://app.devin.ai/sessions/1", "devin:session-link", null],
  ])("%s", (line, tool, model) => {
    for (const message of [
      `fix: it\n\nBody.\n\n${line}\n`,
      `fix: it\n\n${line}\nSigned-off-by: A. Author <author@example.org>`,
    ]) {
      const [only, ...others] = parse(message).assistance;
      expect(`${only?.tool}:${only?.convention}`).toBe(tool);
      expect(only?.evidence).toBe("declared");
      expect(only?.model).toBe(model);
      expect(others).toEqual([]);
      expect(toCommitState(parse(message))).toBe("declared");
    }
  });

  test("keeps the model as it was written beside the normalised one", () => {
    expect(parse("x\n\nAssisted-by: Claude Code:claude-opus-4-8[1m]").assistance[0]).toMatchObject({
      model: "claude-opus-4-8",
      modelRaw: "claude-opus-4-8[1m]",
      line: 3,
    });
  });

  test("lists every tool and model once per convention", () => {
    const line = "Co-authored-by: Claude Opus 4.5 <noreply@anthropic.com>";
    const message = `a\n\n* b\n\n${line}\n\n* c\n\n${line}\nCo-authored-by: Cursor <cursoragent@cursor.com>\n\n---------\n\n${line}`;
    expect(tools(message)).toEqual(["claude-code:co-authored-by", "cursor:co-authored-by"]);
  });

  test("reads a list of tools in one claim", () => {
    expect(tools("x\n\nAssisted-by: Claude Opus 4.7, Codex")).toEqual([
      "claude:assisted-by",
      "codex:assisted-by",
    ]);
  });
});

describe("identities of the commit", () => {
  test("an AI author is declared, and the same committer adds nothing", () => {
    const bot = { name: "Cursor Agent", email: "cursoragent@cursor.com" };
    expect(tools("x", { author: bot, committer: bot })).toEqual(["cursor:author"]);
    expect(tools("x", { author: bot, committer: FORGE })).toEqual(["cursor:author"]);
    expect(tools("x", { committer: bot })).toEqual(["cursor:committer"]);
  });

  test("a suffix on the author's name declares, on the committer's it is a sign", () => {
    expect(tools("x", { author: { name: "A. Author (aider)", email: "author@example.org" } })).toEqual([
      "aider:author-suffix",
    ]);
    expect(tools("x", { author: { name: "A. Author + Claude", email: "author@example.org" } })).toEqual([
      "claude-code:author-suffix",
    ]);
    const committer = { name: "A. Author (aider)", email: "author@example.org" };
    expect(tools("x", { committer })).toEqual(["aider:committer-suffix (weak)"]);
    expect(toCommitState(parse("x", { committer }))).toBe("signalled");
  });
});

describe("weak signs", () => {
  test.each([
    ["Merge pull request #9 from owner/copilot/fix-it", "github-copilot:branch-name (weak)"],
    ["Merge branch 'codex/fix-it' into main", "codex:branch-name (weak)"],
    ["Merge remote-tracking branch 'origin/claude/x-1' into y", "claude-code:branch-name (weak)"],
    ["Merge pull request #1 from owner/jules-7937777160058881281-f9d47eff", "jules:branch-name (weak)"],
    ["aider: fix the parser", "aider:subject-prefix (weak)"],
    ["x\n\nSuggested-by: Claude <noreply@anthropic.com>", "claude-code:suggested-by (weak)"],
    [
      "x\n\nAI: fully generated by Claude Code (claude-opus-4-6), reviewed by a person.",
      "claude-code:prose (weak)",
    ],
    ["x\n\nThis PR was largely generated by Claude Code and fully reviewed.", "claude-code:prose (weak)"],
  ])("%s", (message, expected) => {
    expect(tools(message)).toEqual([expected]);
    expect(toCommitState(parse(message))).toBe("signalled");
  });

  test("branch names from outside the message count the same", () => {
    expect(tools("x", { branchNames: ["devin/1771095052-x", "refs/heads/cursor/y", "main"] })).toEqual([
      "devin:branch-name (weak)",
      "cursor:branch-name (weak)",
    ]);
  });
});

describe("what is no attribution", () => {
  test.each([
    [
      "prose about tools",
      "Support Claude and Codex\n\nThe Claude Code hook and GPT-5 are now told apart.\nGemini: a model.",
    ],
    ["a person called Claude", "x\n\nCo-authored-by: Claude Martin <claude@example.org>"],
    [
      "only a first name",
      "x\n\nCo-authored-by: Claude <claude@example.org>\nCo-authored-by: Devin <devin@example.org>",
    ],
    [
      "people at a vendor",
      "x\n\nCo-authored-by: A. Person <person@anthropic.com>\nSigned-off-by: B <b@openai.com>",
    ],
    [
      "people who assisted",
      "x\n\nAssisted-by: A. Person <person@example.org>\nHelped-by: B. Person <b@example.org>",
    ],
    ["a person with a tool's first name who assisted", "x\n\nAssisted-by: Claude Martin"],
    ["a script that generated", "x\n\nGenerated-by: openstack/project-config:tools/x.py"],
    [
      "dependabot",
      "x\n\nSigned-off-by: dependabot[bot] <support@github.com>\nCo-authored-by: dependabot[bot] <1+dependabot[bot]@users.noreply.github.com>",
    ],
    [
      "other bots",
      "x\n\nCo-authored-by: renovate[bot] <1+renovate[bot]@users.noreply.github.com>\nCo-authored-by: gemini-cli-robot <gemini-cli-robot@google.com>",
    ],
    ["a review by a tool", "x\n\nCodex-Reviewed-By: codex\nReviewed-by: Claude <noreply@anthropic.com>"],
    [
      "a branch that begins like a tool's",
      "Merge branch 'main' into openhands-fix-1\n\nMerge cursor-pointer",
    ],
    [
      "a sentence about a trailer",
      "Drop the Co-Authored-By: Claude <noreply@anthropic.com> line\n\nWe no longer add 'Co-Authored-By: Claude' here.",
    ],
    ["a denial in prose", "x\n\nThis change was not generated by Claude Code."],
    ["made with something else", "x\n\nMade-with: love"],
    ["no tools", "x\n\nAI-Tools: none"],
    ["a key's word in a sentence", "x\n\nclaude-session: 40 tests passing"],
    ["a user's own edit", "x\n\nReplit-Commit-Author: User"],
  ])("%s", (_, message) => {
    expect(tools(message)).toEqual([]);
    expect(toCommitState(parse(message))).toBe("unknown");
  });

  test.each([
    ["quoted", "x\n\n> Co-authored-by: Cursor <cursoragent@cursor.com>\n> AI-Assisted: cursor/x"],
    ["fenced", "x\n\n```\nCo-authored-by: Cursor <cursoragent@cursor.com>\n```\n\ntext"],
    ["fenced with tildes", "x\n\n~~~ text\nAI-Assisted: cursor/x\n```\n~~~\n\ntext"],
    [
      "title of a reverted commit",
      'Revert "aider: x"\n\nThis reverts commit 0123456789012345678901234567890123456789.',
    ],
    ["merge title of a reverted commit", "Revert \"Merge branch 'codex/x'\"\n"],
    [
      "message of a reverted commit",
      'Revert "x"\n\nThis reverts commit 0123456789012345678901234567890123456789.\n\n    x\n\n    AI-Assisted: cursor/y',
    ],
    [
      "original description",
      'Revert "x"\n\nReason: broken.\n\nOriginal change\'s description:\n\nx\n\nGenerated with Crush\nMade with Cursor\n\nBug: 1',
    ],
  ])("%s text is another's", (_, message) => {
    expect(tools(message)).toEqual([]);
  });

  test("a revert's own trailers are its own", () => {
    const id = "0123456789012345678901234567890123456789";
    const parsed = parse(
      `Revert "x"\n\nThis reverts commit ${id}.\n\nCo-authored-by: Cursor <cursoragent@cursor.com>`,
    );
    expect(parsed.assistance.map((it) => it.tool)).toEqual(["cursor"]);
    expect(parsed.reverts).toEqual([id]);
  });
});

describe("title", () => {
  test.each([
    ["x", "x"],
    ["\n\n  x\n\nbody", "x"],
    ["x\ny \nz\n\nbody", "x y z"],
    ["x\r\n\r\nbody", "x"],
    ["", ""],
  ])("%j is %j", (message, title) => {
    expect(parse(message).title).toBe(title);
  });
});
