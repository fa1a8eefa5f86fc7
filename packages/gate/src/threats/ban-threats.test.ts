// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createScenario,
  findingOf,
  identityOf,
  type ProposalOptions,
  type Scenario,
} from "./gate-scenario.fixture.ts";

let scenario: Scenario;
beforeAll(async () => {
  scenario = await createScenario({
    head: "extends: ban\nrepository: https://git.example/team/project\n",
    policy: "",
  });
});
afterAll(() => scenario[Symbol.asyncDispose]());

const DCO = "Signed-off-by: author <author@example.com>\n";
const SIGNED = `fix it\n\n${DCO}`;
const BOT = { name: "dependabot[bot]", email: "49699333+dependabot[bot]@users.noreply.github.com" };

interface Denial {
  readonly rule: string;
  readonly reason: string | RegExp;
  readonly commits?: readonly string[];
}

async function expectDenied(
  head: string,
  { rule, reason, commits }: Denial,
  options: Parameters<Scenario["gate"]>[0] = {},
): Promise<void> {
  const report = await scenario.gate({ head, ...options });
  expect(report.verdict).toBe("denied");
  const finding = findingOf(report, rule);
  expect(finding.status).toBe("fail");
  expect(finding.reason).toMatch(reason);
  if (commits !== undefined) expect(finding.commits).toEqual(commits);
}

it("a human commit with its author's Signed-off-by passes, so that the tests below can fail", async () => {
  const report = await scenario.gate({ head: await scenario.propose({ message: SIGNED }) });
  expect(report.verdict).toBe("pass");
  expect(report.findings.filter(({ status }) => status === "fail")).toEqual([]);
});

describe("T60: each way around a ban has its own reason", () => {
  const AI = { rule: "no-ai", reason: "this project takes no AI-assisted contributions" };

  it.each([
    ["our own trailer", `AI-Assisted: cursor/gpt-4o\n`],
    ["Assisted-by", `Assisted-by: Claude:claude-opus-4-8\n`],
    ["Generated-by", `Generated-by: GitHub Copilot\n`],
    ["a co-author", `Co-authored-by: Claude <noreply@anthropic.com>\n`],
    ["a footer", `Generated with [Claude Code](https://claude.com/claude-code)\n\n`],
    ["a trailer in other case", `ai-ASSISTED : cursor/gpt-4o\n`],
    ["a trailer in look-alike letters", `\u0410I\u2011Assisted: cursor/gpt-4o\n`],
    ["a malformed trailer", `AI-Assisted cursor gpt-4o\nAI-Assisted: \n`],
  ])("AI in one commit: %s", async (_what, text) => {
    const head = await scenario.propose({ message: `fix it\n\n${text}${DCO}` });
    await expectDenied(head, { ...AI, commits: [head] });
  });

  it("AI as the author", async () => {
    const head = await scenario.propose({
      message: SIGNED,
      author: { name: "Claude", email: "noreply@anthropic.com" },
    });
    await expectDenied(head, { ...AI, commits: [head] });
  });

  it("AI as the committer", async () => {
    const head = await scenario.propose({
      message: SIGNED,
      committer: { name: "copilot-swe-agent[bot]", email: "198982749+Copilot@users.noreply.github.com" },
    });
    await expectDenied(head, { ...AI, commits: [head] });
  });

  it("AI in an earlier commit whose work a later one takes away", async () => {
    const first = await scenario.propose({
      message: `fix\n\nAI-Assisted: cursor/gpt-4o\n${DCO}`,
      files: { "gone.txt": "1\n" },
    });
    const head = await scenario.propose({ parents: [first], message: SIGNED, files: { "gone.txt": null } });
    await expectDenied(head, { ...AI, commits: [first] });
  });

  it("AI in an earlier version whose trailer was amended away, told by the caller", async () => {
    const files = { "amended-1.txt": "1\n" };
    const before = await scenario.propose({ message: `fix\n\nAI-Assisted: cursor/gpt-4o\n${DCO}`, files });
    const head = await scenario.propose({ message: SIGNED, files });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
    await expectDenied(head, { ...AI, commits: [head] }, { versions: [before] });
  });

  it("AI in an earlier version whose trailer was amended away, told by the reflog", async () => {
    const files = { "amended-2.txt": "1\n" };
    await scenario.propose({
      branch: "amended",
      message: `fix\n\nAI-Assisted: cursor/gpt-4o\n${DCO}`,
      files,
    });
    const head = await scenario.propose({ branch: "amended", message: SIGNED, files });
    await expectDenied(head, { ...AI, commits: [head] });
  });

  it("AI in a merge's own message", async () => {
    const [ours, theirs] = [
      await scenario.propose({ message: SIGNED }),
      await scenario.propose({ message: SIGNED }),
    ];
    const head = await scenario.propose({
      message: `Merge\n\nAI-Assisted: cursor/gpt-4o\n${DCO}`,
      parents: [ours, theirs],
    });
    await expectDenied(head, { ...AI, commits: [head] });
  });

  it("AI on the side of a merge", async () => {
    const ours = await scenario.propose({ message: SIGNED });
    const theirs = await scenario.propose({ message: `side\n\nAI-Assisted: cursor/gpt-4o\n${DCO}` });
    const head = await scenario.propose({ message: `Merge\n\n${DCO}`, parents: [ours, theirs], files: {} });
    await expectDenied(head, { ...AI, commits: [theirs] });
  });

  it.each([
    ["our own trailer", "Fixes the parser.\n\nAI-Assisted: cursor/gpt-4o\n"],
    [
      "a footer",
      "Fixes the parser.\n\n\ud83e\udd16 Generated with [Claude Code](https://claude.com/claude-code)\n",
    ],
  ])("AI in the description only: %s", async (_what, description) => {
    const head = await scenario.propose({ message: SIGNED });
    const reason = "the change says that an AI took part; this project takes no AI-assisted contributions";
    await expectDenied(head, { rule: "no-ai-change", reason }, { description });
  });

  it("a sign of AI in the branch's name only: nothing declared", async () => {
    const head = await scenario.propose({ message: SIGNED });
    await expectDenied(
      head,
      { rule: "signalled", reason: /signs of AI .* and declare nothing/ },
      { branchNames: ["codex/fix-parser"] },
    );
  });

  it("an AI's Signed-off-by, beside a human's", async () => {
    const head = await scenario.propose({
      message: `fix it\n\nSigned-off-by: Claude <noreply@anthropic.com>\n${DCO}`,
    });
    await expectDenied(head, {
      rule: "no-ai-signed-off-by",
      reason: "an AI cannot certify the origin of a commit",
      commits: [head],
    });
  });

  it("an AI's Signed-off-by alone is no human's", async () => {
    const head = await scenario.propose({
      message: "fix it\n\nSigned-off-by: Claude <noreply@anthropic.com>\n",
    });
    await expectDenied(head, { rule: "no-ai-signed-off-by", reason: "an AI cannot certify" });
    await expectDenied(head, {
      rule: "human-signed-off-by",
      reason: "add a Signed-off-by line of the commit's human author",
      commits: [head],
    });
  });

  it.each<[string, ProposalOptions]>([
    ["none", { message: "fix it\n" }],
    ["somebody else's", { message: "fix it\n\nSigned-off-by: senior <senior@example.com>\n" }],
    [
      "the author's name with another address",
      { message: "fix it\n\nSigned-off-by: author <author@elsewhere.example>\n" },
    ],
    ["the author's in a quotation", { message: `fix it\n\n> ${DCO}` }],
    ["the author's in a code block", { message: `fix it\n\n\`\`\`\n${DCO}\`\`\`\n` }],
    ["one without an address", { message: "fix it\n\nSigned-off-by: author\n" }],
    ["a bot author's own", { message: `bump\n\nSigned-off-by: ${BOT.name} <${BOT.email}>\n`, author: BOT }],
    ["none, and a bot as author", { message: "bump\n", author: BOT }],
    [
      "none, and an author named like a bot",
      { message: "bump\n", author: { name: "renovate[bot]", email: "author@example.com" } },
    ],
  ])("no human Signed-off-by of the author: %s", async (_what, options) => {
    const head = await scenario.propose(options);
    await expectDenied(head, {
      rule: "human-signed-off-by",
      reason: /add a Signed-off-by line .*git commit --amend -s/,
      commits: [head],
    });
  });

  it("a merge without one, Git's own included", async () => {
    const [ours, theirs] = [
      await scenario.propose({ message: SIGNED }),
      await scenario.propose({ message: SIGNED }),
    ];
    const tree = await scenario.repo.git(["merge-tree", "--write-tree", ours, theirs]);
    const head = await scenario.repo.git([
      "commit-tree",
      tree,
      "-p",
      ours,
      "-p",
      theirs,
      "-m",
      "Merge branch 'theirs'",
    ]);
    await expectDenied(head, { rule: "human-signed-off-by", reason: "Signed-off-by", commits: [head] });
  });

  it("a revert without one", async () => {
    const first = await scenario.propose({ message: SIGNED });
    const head = await scenario.propose({
      parents: [first],
      message: `Revert "fix it"\n\nThis reverts commit ${first}.\n`,
    });
    await expectDenied(head, { rule: "human-signed-off-by", reason: "Signed-off-by", commits: [head] });
  });

  it("one commit of three without one, and only that one is named", async () => {
    const first = await scenario.propose({ message: SIGNED });
    const second = await scenario.propose({ parents: [first], message: "forgot\n" });
    const head = await scenario.propose({ parents: [second], message: SIGNED });
    await expectDenied(head, { rule: "human-signed-off-by", reason: "Signed-off-by", commits: [second] });
  });

  it("a claim of no AI beside an AI's name", async () => {
    const head = await scenario.propose({
      message: `fix\n\nAI-Assisted: none\nCo-authored-by: Claude <noreply@anthropic.com>\n${DCO}`,
    });
    await expectDenied(head, {
      rule: "contradictory-claim",
      reason: "claim that no AI took part and name one all the same",
      commits: [head],
    });
  });

  it("AI that a signed label tells of afterwards", async () => {
    const head = await scenario.propose({ message: SIGNED });
    await scenario.amendLabel("senior", head, "cursor");
    await expectDenied(head, { ...AI, commits: [head] });
  });

  it("no sign-off buys an exemption", async () => {
    const head = await scenario.propose({ message: `fix\n\nAI-Assisted: cursor/gpt-4o\n${DCO}` });
    await scenario.sign("senior", { head });
    await expectDenied(head, { ...AI, commits: [head] });
  });
});

describe("T61: what only looks like AI passes the ban", () => {
  it.each<[string, ProposalOptions]>([
    [
      "the word in prose",
      {
        message: `fix it\n\nClaude Debussy would not have liked this, nor would a copilot or a cursor.\nSee the docs about Codex and Gemini.\n\n${DCO}`,
      },
    ],
    ["the word in the title", { message: `claude: rename the cursor to caret\n\n${DCO}` }],
    [
      "a person named Claude",
      {
        message: "fix it\n\nSigned-off-by: Claude Dupont <claude.dupont@example.com>\n",
        author: { name: "Claude Dupont", email: "claude.dupont@example.com" },
      },
    ],
    [
      "a person named Devin as co-author",
      { message: `fix it\n\nCo-authored-by: Devin Jones <devin.jones@example.com>\n${DCO}` },
    ],
    [
      "somebody who works at a vendor",
      {
        message: "fix it\n\nSigned-off-by: Pat Example <pat@anthropic.com>\n",
        author: { name: "Pat Example", email: "pat@anthropic.com" },
      },
    ],
    [
      "people thanked with Assisted-by",
      { message: `fix it\n\nAssisted-by: Jo Example <jo@example.com>\n${DCO}` },
    ],
    [
      "people named by Suggested-by",
      { message: `fix it\n\nSuggested-by: Claude Dupont <claude.dupont@example.com>\n${DCO}` },
    ],
    ["a claim of no AI", { message: `fix it\n\nAI-Assisted: none\n${DCO}` }],
    [
      "code that calls an AI library",
      {
        message: `client: add retries\n\n${DCO}`,
        files: { "client.py": "from anthropic import Anthropic\nimport openai\n# Generated with love\n" },
      },
    ],
    [
      "documentation that quotes the trailers",
      {
        message: `docs: how to disclose\n\n${DCO}`,
        files: {
          "CONTRIBUTING.md": "AI-Assisted: cursor/gpt-4o\nCo-authored-by: Claude <noreply@anthropic.com>\n",
        },
      },
    ],
    [
      "a message that quotes a trailer in a code block",
      { message: `docs: how to disclose\n\nWrite:\n\n\`\`\`\nAI-Assisted: cursor/gpt-4o\n\`\`\`\n\n${DCO}` },
    ],
    [
      "a message that quotes one with an angle bracket",
      { message: `fix\n\n> AI-Assisted: cursor/gpt-4o\n\n${DCO}` },
    ],
    ["a word that only begins like a tool", { message: `cursors: fix the codexes\n\n${DCO}` }],
    ["a human's bot at a distance", { message: `bump\n\nReported-by: ${BOT.name} <${BOT.email}>\n${DCO}` }],
  ])("%s", async (_what, options) => {
    const report = await scenario.gate({ head: await scenario.propose(options) });
    expect(report.findings.filter(({ status }) => status === "fail")).toEqual([]);
    expect(report.verdict).toBe("pass");
  });

  it.each([
    ["a branch with the word in it", { branchNames: ["fix-cursor-position"] }],
    [
      "a description in prose",
      { description: "Claude suggested to look here; the cursor jumps. I wrote this myself." },
    ],
  ])("%s", async (_what, options) => {
    expect(
      (await scenario.gate({ head: await scenario.propose({ message: SIGNED }), ...options })).verdict,
    ).toBe("pass");
  });

  it("a merge and a commit by somebody else, all signed off by who made them", async () => {
    const ours = await scenario.propose({ message: SIGNED });
    const theirs = await scenario.propose({
      message: "side\n\nSigned-off-by: senior <senior@example.com>\n",
      author: identityOf("senior"),
    });
    const head = await scenario.propose({ message: `Merge\n\n${DCO}`, parents: [ours, theirs], files: {} });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });
});
