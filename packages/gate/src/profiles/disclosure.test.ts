// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identityOf, type ProposalOptions, type Scenario } from "../threats/gate-scenario.fixture.ts";
import { createProject, DCO, expectPass, expectStopped, judge } from "./profile-scenario.fixture.ts";

const CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>\n";
const ASSISTED_BY = "Assisted-by: Claude:claude-opus-4-8\n";
const AI_SIGNED = "Signed-off-by: Claude <noreply@anthropic.com>\n";
const OURS = "AI-Assisted: claude-code/claude-opus-4-8\n";
const BOT = { name: "dependabot[bot]", email: "49699333+dependabot[bot]@users.noreply.github.com" };

let project: Scenario;
const open = (profile: Parameters<typeof createProject>[0]) => {
  beforeAll(async () => {
    project = await createProject(profile);
  });
  afterAll(() => project[Symbol.asyncDispose]());
};
const commit = (trailers: string, rest: ProposalOptions = {}): ProposalOptions => ({
  message: `area: fix it\n\nWhy.\n\n${trailers}`,
  ...rest,
});

/** Signs of AI, contradictions and a weakened policy are stopped by every profile that asks for anything. */
function expectBasics(): void {
  it("denies signs of AI that nobody declared", async () => {
    const report = await judge(project, commit(DCO), { branchNames: ["codex/fix-it"] });
    expect(report).toMatchObject({ verdict: "denied", failed: ["signalled"] });
  });

  it("denies a claim of no AI beside AI", async () => {
    const report = await judge(project, commit(`AI-Assisted: none\n${ASSISTED_BY}${DCO}`));
    expect(report.verdict).toBe("denied");
    expect(report.failed).toContain("contradictory-claim");
  });

  it("lets nobody change the policy by a mere commit", async () => {
    const report = await judge(
      project,
      commit(DCO, { files: { ".countersign/policy.yml": "version: 1\nextends: none\n" } }),
    );
    expect(report).toMatchObject({ verdict: "denied", failed: ["policy-change"] });
  });

  it("asks for no sign-off by anybody", async () => {
    const report = await judge(project, commit(`${ASSISTED_BY}${DCO}`));
    expect(report.findings.filter(({ missing }) => missing !== null)).toEqual([]);
  });
}

describe("kernel", () => {
  open("kernel");
  expectBasics();
  const FORM = "name the AI with a line such as Assisted-by: claude-code:claude-opus-4-8";
  const SIGN = "add a Signed-off-by line of the commit's human author";

  it.each<[string, ProposalOptions]>([
    ["human work, signed off", commit(DCO)],
    ["Assisted-by, signed off", commit(`${ASSISTED_BY}${DCO}`)],
    [
      "Assisted-by with the tools it lists",
      commit(`Assisted-by: Claude:claude-3-opus coccinelle sparse\n${DCO}`),
    ],
    ["our own trailer, signed off", commit(`${OURS}${DCO}`)],
    [
      "a reviewer's and a tester's tags",
      commit(`Reviewed-by: senior <senior@example.com>\nTested-by: Jo <jo@example.com>\n${DCO}`),
    ],
    ["a person thanked with Assisted-by", commit(`Assisted-by: Jo Example <jo@example.com>\n${DCO}`)],
    [
      "a maintainer's Signed-off-by after the author's",
      commit(`${DCO}Signed-off-by: senior <senior@example.com>\n`, { committer: identityOf("senior") }),
    ],
  ])("passes %s", async (_what, options) => expectPass(project, options));

  it.each<[string, ProposalOptions, Record<string, string>]>([
    ["no Signed-off-by", commit(ASSISTED_BY), { "human-signed-off-by": SIGN }],
    ["an AI co-author instead of Assisted-by", commit(`${CLAUDE}${DCO}`), { "assisted-by": FORM }],
    [
      "a footer instead of Assisted-by",
      commit(`Generated with [Claude Code](https://claude.com/claude-code)\n\n${DCO}`),
      { "assisted-by": FORM },
    ],
    [
      "an AI's Signed-off-by",
      commit(`${ASSISTED_BY}${AI_SIGNED}${DCO}`),
      { "no-ai-signed-off-by": "an AI cannot give a Signed-off-by" },
    ],
    ["a bot without a human", commit("", { author: BOT }), { "human-signed-off-by": SIGN }],
  ])("denies %s", async (_what, options, reasons) => expectStopped(project, options, reasons));

  it("asks a pull's merges for no Signed-off-by, and their commits all the same", async () => {
    const one = await project.propose(commit(DCO));
    const two = await project.propose({ message: "side\n" });
    const report = await judge(project, {
      message: "Merge tag 'net-6.19'\n",
      parents: [one, two],
      files: {},
    });
    expect(report.failed).toEqual(["human-signed-off-by"]);
    expect(report.findings.find(({ rule }) => rule === "human-signed-off-by")?.commits).toEqual([two]);
    const fine = await judge(project, {
      message: "Merge tag 'net-6.20'\n",
      parents: [one, await project.propose(commit(DCO))],
      files: {},
    });
    expect(fine.verdict).toBe("pass");
  });
});

describe("fedora", () => {
  open("fedora");
  expectBasics();

  it.each<[string, ProposalOptions]>([
    ["human work without any trailer", { message: "spec: bump\n" }],
    ["Assisted-by, signed off", commit(`${ASSISTED_BY}${DCO}`)],
    ["our own trailer, signed off", commit(`${OURS}${DCO}`)],
  ])("passes %s", async (_what, options) => expectPass(project, options));

  it.each<[string, ProposalOptions, Record<string, string>]>([
    [
      "AI without somebody who stands for it",
      commit(ASSISTED_BY),
      { "human-signed-off-by": "add a Signed-off-by" },
    ],
    [
      "an AI co-author",
      commit(`${CLAUDE}${DCO}`),
      { "assisted-by": "name the AI with a line such as Assisted-by" },
    ],
    [
      "an AI that signs for itself",
      commit(`${ASSISTED_BY}${AI_SIGNED}`),
      {
        "human-signed-off-by": "add a Signed-off-by",
        "no-ai-signed-off-by": "an AI cannot give a Signed-off-by",
      },
    ],
  ])("denies %s", async (_what, options, reasons) => expectStopped(project, options, reasons));
});

describe("apache", () => {
  open("apache");
  expectBasics();

  it.each<[string, ProposalOptions]>([
    ["human work", { message: "fix it\n" }],
    ["Generated-by", commit("Generated-by: Claude Code\n")],
    ["Generated-by with a model", commit("Generated-by: GitHub Copilot gpt-4o\n")],
    ["our own trailer", commit(OURS)],
  ])("passes %s", async (_what, options) => expectPass(project, options));

  it.each<[string, ProposalOptions, Record<string, string>]>([
    [
      "an AI co-author",
      commit(CLAUDE),
      { "generated-by": "name the AI with a line such as Generated-by: claude-code" },
    ],
    ["Assisted-by", commit(ASSISTED_BY), { "generated-by": "Generated-by" }],
  ])("denies %s", async (_what, options, reasons) => {
    await expectStopped(project, options, reasons);
  });
});

describe("disclose", () => {
  open("disclose");
  expectBasics();

  it.each<[string, ProposalOptions]>([
    ["human work", { message: "fix it\n" }],
    ["a co-author", commit(CLAUDE)],
    ["Assisted-by", commit(ASSISTED_BY)],
    ["Generated-by", commit("Generated-by: Claude Code\n")],
    ["our own trailer", commit(OURS)],
    [
      "an AI as the author",
      { message: "fix it\n", author: { name: "Claude", email: "noreply@anthropic.com" } },
    ],
  ])("passes %s", async (_what, options) => expectPass(project, options));

  it("denies AI without the name of the tool", async () => {
    await expectStopped(project, commit("AI-Assisted: yes\n"), {
      "named-tool": "name the tool with a line such as AI-Assisted",
    });
  });
});
