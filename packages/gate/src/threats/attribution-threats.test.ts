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
  scenario = await createScenario();
});
afterAll(async () => {
  await scenario[Symbol.asyncDispose]();
});

const TRAILER = "AI-Assisted: claude-code/claude-opus-4-8";
const HUMAN = "net: route the new subnet\n";

/** Proposes one commit and asks the gate; every proposal has content of its own. */
async function ask(options: ProposalOptions) {
  const head = await scenario.propose(options);
  const report = await scenario.gate({ head });
  const commit = report.commits.find(({ id }) => id === head);
  const codes = report.findings
    .filter(({ rule }) => rule === "attribution-warnings")
    .map(({ reason }) => reason.split(":", 1)[0]);
  return { head, report, commit, codes };
}

type Asked = Awaited<ReturnType<typeof ask>>;

/** What every hidden or misspelt claim must come to: a senior is asked, and the finding names the commit. */
function expectSeniorAsked({ report, head, commit }: Asked, tool: string): void {
  expect(report.verdict).toBe("pending");
  expect(report.change).toMatchObject({ ai: { assisted: true } });
  expect(commit?.state).toBe("declared");
  expect(commit?.tools.map((claim) => claim.tool)).toContain(tool);
  const finding = findingOf(report, "ai-senior-sign-off");
  expect(finding).toMatchObject({
    status: "pending",
    commits: [head],
    missing: { role: "senior", count: 1, candidates: ["second", "senior"] },
  });
  expect(finding.reason).toContain("0 of 1 sign-off by senior; 1 more needed");
}

it("a change without any sign of AI passes, so that the tests below can fail", async () => {
  const { report, commit } = await ask({ message: HUMAN });
  expect(report.verdict).toBe("pass");
  expect(commit?.state).toBe("unknown");
});

describe("T03: a trailer that stands only in a merge commit counts for the whole range", () => {
  it.each([
    ["a merge of two branches", 1],
    ["an octopus merge", 2],
  ])("%s", async (_name, others) => {
    const first = await scenario.propose({ message: HUMAN });
    const rest = await Promise.all(Array.from({ length: others }, (_, i) => i)).then(async (indices) => {
      const heads: string[] = [];
      for (const i of indices) heads.push(await scenario.propose({ message: `side ${i}\n` }));
      return heads;
    });
    for (const [i, side] of rest.entries()) await scenario.repo.git(["branch", "-f", `side-${i}`, side]);
    await scenario.repo.checkout(first);
    await scenario.repo.git(["merge", "--quiet", "--no-ff", "-m", `Merge the sides\n\n${TRAILER}`, ...rest]);
    const head = await scenario.repo.id("HEAD");
    expect(
      await scenario.repo.git(["log", "--no-merges", "--format=%(trailers)", `${scenario.start}..${head}`]),
    ).not.toContain("AI-Assisted");
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").commits.toSorted()).toEqual(
      [first, ...rest, head].toSorted(),
    );
    expect(report.commits.find(({ id }) => id === head)?.state).toBe("declared");
  });

  it("a merge in the middle of the branch", async () => {
    const first = await scenario.propose({ message: HUMAN });
    const side = await scenario.propose({ message: "side\n" });
    const merge = await scenario.propose({
      message: `Merge\n\n${TRAILER}\n`,
      parents: [first, side],
      files: { "merged.txt": "1\n" },
    });
    const { report } = await ask({ message: "more\n", parents: [merge] });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({ ai: { assisted: true, commitCount: 1 } });
  });
});

describe("T04: spellings that Git itself recognises as the trailer", () => {
  it.each([
    ["lower case", `${HUMAN}\nai-assisted: claude-code/claude-opus-4-8\n`],
    ["upper case", `${HUMAN}\nAI-ASSISTED: claude-code/claude-opus-4-8\n`],
    ["a blank before the colon", `${HUMAN}\nai-assisted : claude-code/claude-opus-4-8\n`],
    ["no blank after the colon", `${HUMAN}\nAI-Assisted:claude-code/claude-opus-4-8\n`],
    ["carriage returns", `${HUMAN}\n${TRAILER}\n`.replaceAll("\n", "\r\n")],
    ["a folded value", `${HUMAN}\nAI-Assisted:\n claude-code/claude-opus-4-8\n`],
    ["a value folded by a tab", `${HUMAN}\nAI-Assisted: claude-code/claude-opus-4-8;\n\textent=edited\n`],
    ["blanks after the value", `${HUMAN}\n${TRAILER}   \n`],
  ])("%s", async (_name, message) => {
    const asked = await ask({ message });
    expectSeniorAsked(asked, "claude-code");
    const known = await scenario.repo.git(["log", "-1", "--format=%(trailers:key=AI-Assisted)", asked.head]);
    expect(known).not.toBe("");
  });

  it.each([
    ["a blank before the colon", `${HUMAN}\nai-assisted : claude-code/claude-opus-4-8\n`],
    ["a folded value", `${HUMAN}\nAI-Assisted: claude-code/\n  claude-opus-4-8\n`],
  ])("%s is reported as not canonical", async (_name, message) => {
    expect((await ask({ message })).codes).toContain("non-canonical-trailer");
  });
});

describe("T05: places where Git does not look for trailers", () => {
  it.each([
    ["not in the last paragraph", `${HUMAN}\n${TRAILER}\n\nThis paragraph came later.\n`],
    ["glued to the body", `${HUMAN}\nThis routes the subnet.\n${TRAILER}\n`],
    ["indented by two blanks", `${HUMAN}\n  ${TRAILER}\n`],
    ["at the end of the title", `net: route the subnet ${TRAILER}\n`],
    ["as the title", `${TRAILER}\n`],
    ["in the title's paragraph", `net: route the subnet\n${TRAILER}\n`],
    [
      "among more than three times as many other lines",
      `${HUMAN}\n${TRAILER}\none\ntwo\nthree\nfour\nfive\n`,
    ],
    ["behind a list mark", `${HUMAN}\n- ${TRAILER}\n\nmore\n`],
    [
      "in a forge's list of squashed commits",
      `net: routes (#12)\n\n* route one\n\n${TRAILER}\n\n* route two\n\nwords\n`,
    ],
  ])("%s", async (_name, message) => {
    const asked = await ask({ message });
    expect(await scenario.repo.git(["log", "-1", "--format=%(trailers:key=AI-Assisted)", asked.head])).toBe(
      "",
    );
    expectSeniorAsked(asked, "claude-code");
    expect(asked.codes).toContain("malformed-trailer");
  });

  it("a whole message of literal \\n", async () => {
    expectSeniorAsked(await ask({ message: `net: route\\n\\n${TRAILER}` }), "claude-code");
  });
});

describe("T06: a trailer before a line of three dashes", () => {
  it.each([
    ["and a patch's description", `${HUMAN}\n${TRAILER}\n---\nnotes for the reviewer\n`],
    ["and nothing else", `${HUMAN}\n${TRAILER}\n---\n`],
    ["with the trailer after it as well", `${HUMAN}\nwords\n---\nv2: tidied\n\n${TRAILER}\n`],
    ["with blanks after the dashes", `${HUMAN}\n${TRAILER}\n--- \nv2\n`],
  ])("%s", async (_name, message) => {
    expectSeniorAsked(await ask({ message }), "claude-code");
  });
});

describe("T07: look-alikes are found, and called suspicious", () => {
  it.each([
    ["a non-breaking hyphen in the key", "AI\u2011Assisted: claude-code/claude-opus-4-8"],
    ["an en dash in the key", "AI\u2013Assisted: claude-code/claude-opus-4-8"],
    ["a Cyrillic A", "\u0410I-Assisted: claude-code/claude-opus-4-8"],
    ["a Cyrillic i and s", "A\u0406-A\u0455\u0455isted: claude-code/claude-opus-4-8"],
    ["a Greek alpha", "\u0391I-Assisted: claude-code/claude-opus-4-8"],
    ["full-width letters", "\uff21\uff29-Assisted: claude-code/claude-opus-4-8"],
    ["mathematical letters", "\ud835\udc00\ud835\udc08-Assisted: claude-code/claude-opus-4-8"],
    ["a zero-width space", "AI-\u200bAssisted: claude-code/claude-opus-4-8"],
    ["a zero-width joiner at the start", "\u200dAI-Assisted: claude-code/claude-opus-4-8"],
    ["a soft hyphen", "AI-Ass\u00adisted: claude-code/claude-opus-4-8"],
    ["a byte-order mark", "\ufeffAI-Assisted: claude-code/claude-opus-4-8"],
    ["a combining mark", "AI-Assi\u0301sted: claude-code/claude-opus-4-8"],
    ["a full-width colon", "AI-Assisted\uff1a claude-code/claude-opus-4-8"],
    ["a ratio sign for the colon", "AI-Assisted\u2236 claude-code/claude-opus-4-8"],
    ["a letter that is missing", "AI-Asisted: claude-code/claude-opus-4-8"],
    ["an underscore", "AI_Assisted: claude-code/claude-opus-4-8"],
    ["a no-break space in the value", "AI-Assisted:\u00a0claude-code/claude-opus-4-8"],
    ["a zero-width space in the value", "AI-Assisted: claude\u200b-code/claude-opus-4-8"],
    ["a Cyrillic letter in the value", "AI-Assisted: cl\u0430ude-code/claude-opus-4-8"],
  ])("%s", async (_name, line) => {
    const asked = await ask({ message: `${HUMAN}\n${line}\n` });
    expectSeniorAsked(asked, "claude-code");
    expect(
      asked.codes.some((code) => code === "suspicious-trailer" || code === "non-canonical-trailer"),
    ).toBe(true);
  });

  it("a right-to-left override does not hide the key", async () => {
    expect(
      (await ask({ message: `${HUMAN}\n\u202eAI-Assisted: cursor/unknown\n` })).report.change,
    ).toMatchObject({ ai: { assisted: true } });
  });

  it("`none` written with look-alikes does not clear a change of an AI author", async () => {
    const { report } = await ask({
      message: `${HUMAN}\nAI-Assisted: n\u043ene\nCo-authored-by: Claude <noreply@anthropic.com>\n`,
    });
    expect(report.change).toMatchObject({ ai: { assisted: true } });
    expect(["pending", "denied"]).toContain(report.verdict);
  });
});

describe("T08: other conventions than ours mean AI as well", () => {
  it.each([
    [
      "a co-author trailer",
      { message: `${HUMAN}\nCo-Authored-By: Claude <noreply@anthropic.com>\n` },
      "claude-code",
    ],
    [
      "a co-author trailer without an address",
      { message: `${HUMAN}\nCo-authored-by: Cursor Agent\n` },
      "cursor",
    ],
    [
      "a co-author's app account",
      { message: `${HUMAN}\nCo-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>\n` },
      "github-copilot",
    ],
    [
      "a footer",
      { message: `${HUMAN}\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n` },
      "claude-code",
    ],
    ["Assisted-by", { message: `${HUMAN}\nAssisted-by: codex/gpt-5.4\n` }, "codex"],
    ["Generated-by", { message: `${HUMAN}\nGenerated-by: GitHub Copilot\n` }, "github-copilot"],
    ["a session trailer", { message: `${HUMAN}\nClaude-Session: 0f2d\n` }, "claude-code"],
    ["a session link", { message: `${HUMAN}\nhttps://claude.ai/code/session_01abc\n` }, "claude-code"],
    ["a vendor's trailer", { message: `${HUMAN}\nClaude-Generated-By: claude-opus-4-8\n` }, "claude-code"],
    [
      "the author",
      {
        message: HUMAN,
        author: { name: "Claude", email: "noreply@anthropic.com" },
        committer: identityOf("author"),
      },
      "claude-code",
    ],
    [
      "a bot's account as author",
      {
        message: HUMAN,
        author: { name: "copilot-swe-agent[bot]", email: "198982749+Copilot@users.noreply.github.com" },
        committer: identityOf("author"),
      },
      "github-copilot",
    ],
    [
      "the committer",
      { message: HUMAN, committer: { name: "Cursor Agent", email: "cursoragent@cursor.com" } },
      "cursor",
    ],
    [
      "a person's name with the tool behind it",
      { message: HUMAN, author: { name: "author (aider)", email: "author@example.com" } },
      "aider",
    ],
    [
      "an AI's Signed-off-by",
      { message: `${HUMAN}\nSigned-off-by: Claude <noreply@anthropic.com>\n` },
      "claude-code",
    ],
  ])("%s", async (_name, options, tool) => {
    const { report, head, commit } = await ask(options);
    expect(commit?.tools.map((claim) => claim.tool)).toContain(tool);
    expect(report.verdict).not.toBe("pass");
    const asking = report.findings.filter(({ status }) => status === "pending" || status === "fail");
    expect(
      asking.map(({ rule }) => rule).filter((rule) => rule === "ai-senior-sign-off" || rule === "signalled"),
    ).not.toEqual([]);
    expect(asking.flatMap(({ commits }) => commits)).toContain(head);
  });

  it("the description of the change on its forge", async () => {
    const head = await scenario.propose({ message: HUMAN });
    const report = await scenario.gate({
      head,
      description: "Routes.\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n",
    });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({ ai: { assisted: true, conventions: ["description"] } });
  });

  it("a branch name is a sign and no more: the policy's `signalled` answers it", async () => {
    const head = await scenario.propose({ message: HUMAN });
    const report = await scenario.gate({ head, branchNames: ["claude/issue-12-fix"] });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "signalled")).toMatchObject({ status: "fail", commits: [head] });
    expect(findingOf(report, "signalled").reason).toContain("show signs of AI (claude-code");
  });
});

describe("T09: `AI-Assisted: none` beside evidence of AI denies, whoever signs", () => {
  it.each([
    [
      "an AI co-author",
      { message: `${HUMAN}\nAI-Assisted: none\nCo-authored-by: Claude <noreply@anthropic.com>\n` },
    ],
    ["another trailer", { message: `${HUMAN}\nAI-Assisted: none\n${TRAILER}\n` }],
    [
      "a footer",
      {
        message: `${HUMAN}\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n\nAI-Assisted: none\n`,
      },
    ],
    [
      "an AI author",
      {
        message: `${HUMAN}\nAI-Assisted: none\n`,
        author: { name: "Claude", email: "noreply@anthropic.com" },
      },
    ],
    [
      "an AI committer",
      {
        message: `${HUMAN}\nAI-Assisted: none\n`,
        committer: { name: "Cursor Agent", email: "cursoragent@cursor.com" },
      },
    ],
  ])("%s", async (_name, options) => {
    const head = await scenario.propose(options);
    await scenario.sign("senior", { head });
    await scenario.sign("second", { head });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("denied");
    const finding = findingOf(report, "contradictory-claim");
    expect(finding).toMatchObject({ status: "fail", commits: [head] });
    expect(finding.reason).toContain("claim that no AI took part and name one all the same");
  });

  it("a signed label made afterwards", async () => {
    const head = await scenario.propose({ message: `${HUMAN}\nAI-Assisted: none\n` });
    await scenario.amendLabel("auditor", head, "codex", "gpt-5.4");
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "contradictory-claim").commits).toEqual([head]);
  });

  it("`none` alone clears the commit", async () => {
    const { report, commit } = await ask({ message: `${HUMAN}\nAI-Assisted: none\n` });
    expect(commit?.state).toBe("cleared");
    expect(report.verdict).toBe("pass");
  });
});
