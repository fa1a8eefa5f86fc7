// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgePush } from "../judge-push.ts";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  identityOf,
  NOW,
  type ProposalOptions,
  type Scenario,
  TARGET,
} from "../threats/gate-scenario.fixture.ts";
import { createProject, DCO, expectPass, expectStopped, judge } from "./profile-scenario.fixture.ts";

let project: Scenario;

describe("ban, as Redox, QEMU and Gentoo have it: no AI, and the author's DCO", () => {
  beforeAll(async () => {
    project = await createProject("ban");
  });
  afterAll(() => project[Symbol.asyncDispose]());
  const NO_AI = "this project takes no AI-assisted contributions";
  const SIGN = "add a Signed-off-by line of the commit's human author";

  it.each<[string, ProposalOptions]>([
    ["a signed-off commit", { message: `hw/net: fix it\n\n${DCO}` }],
    [
      "one with review tags",
      { message: `hw/net: fix it\n\nReviewed-by: senior <senior@example.com>\n${DCO}` },
    ],
    [
      "one that a maintainer queued",
      {
        message: `hw/net: fix it\n\n${DCO}Signed-off-by: senior <senior@example.com>\n`,
        committer: identityOf("senior"),
      },
    ],
    ["a claim of no AI", { message: `hw/net: fix it\n\nAI-Assisted: none\n${DCO}` }],
  ])("passes %s", async (_what, options) => expectPass(project, options));

  it.each<[string, ProposalOptions, Record<string, string>]>([
    ["AI in our form", { message: `x\n\nAI-Assisted: cursor/unknown\n${DCO}` }, { "no-ai": NO_AI }],
    [
      "AI in the kernel's form",
      { message: `x\n\nAssisted-by: Claude:claude-opus-4-8\n${DCO}` },
      { "no-ai": NO_AI },
    ],
    [
      "AI advice only",
      { message: `x\n\nAI-Assisted: cursor/unknown; extent=advised\n${DCO}` },
      { "no-ai": NO_AI },
    ],
    ["AI without a Signed-off-by", { message: AI_MESSAGE }, { "no-ai": NO_AI, "human-signed-off-by": SIGN }],
    ["human work without a Signed-off-by", { message: "x\n" }, { "human-signed-off-by": SIGN }],
  ])("denies %s", async (_what, options, reasons) => expectStopped(project, options, reasons));

  it("refuses the push of a series with one AI-assisted patch in it, and names the patch", async () => {
    const one = await project.propose({ message: `1/3\n\n${DCO}` });
    const two = await project.propose({
      parents: [one],
      message: `2/3\n\nCo-authored-by: Claude <noreply@anthropic.com>\n${DCO}`,
    });
    const three = await project.propose({ parents: [two], message: `3/3\n\n${DCO}` });
    const repository = await openRepository(project.repo.path);
    const [refused] = await judgePush({
      repository,
      updates: [{ ref: TARGET, old: project.start, new: three }],
      evaluatedAt: NOW,
    });
    expect(refused?.isAccepted).toBe(false);
    expect(refused?.report && findingOf(refused.report, "no-ai").commits).toEqual([two]);
    const [accepted] = await judgePush({
      repository,
      updates: [{ ref: TARGET, old: project.start, new: one }],
      evaluatedAt: NOW,
    });
    expect(accepted?.isAccepted).toBe(true);
  });

  it("can be added to: a directory whose changes two people sign", async () => {
    const policy =
      "roles: { senior: { members: [senior, second] } }\nrules:\n  - { id: crypto, when: 'change.paths.exists(path, path.startsWith(\"crypto/\"))', require: { role: senior, count: 2 } }\n";
    await using own = await createScenario({ head: "extends: ban\n", policy });
    await expectStopped(
      own,
      { message: `x\n\n${DCO}`, files: { "crypto/aes.c": "x\n" } },
      { crypto: "0 of 2 sign-offs" },
    );
  });
});

describe("none", () => {
  beforeAll(async () => {
    project = await createProject("none");
  });
  afterAll(() => project[Symbol.asyncDispose]());

  it.each<[string, ProposalOptions]>([
    ["human work", { message: "x\n" }],
    ["AI", { message: AI_MESSAGE }],
    ["AI infrastructure", { files: { "main.tf": 'resource "a" "b" {\n}\n' } }],
    ["an unknown author", { author: identityOf("stranger") }],
    ["an AI's Signed-off-by", { message: "x\n\nSigned-off-by: Claude <noreply@anthropic.com>\n" }],
  ])("passes %s, and still reports what it saw", async (_what, options) => expectPass(project, options));

  it("reports the tools", async () => {
    const report = await judge(project, { message: AI_MESSAGE }, { branchNames: ["codex/x"] });
    expect(report.change).toMatchObject({ ai: { assisted: true, tools: ["claude-code"] } });
    expect(report.commits).toMatchObject([
      {
        state: "declared",
        tools: expect.arrayContaining([expect.objectContaining({ tool: "claude-code" })]),
      },
    ]);
  });

  it("does not pass what makes the facts unreliable: a contradiction, a change of the policy, history that is not here", async () => {
    const claim = await judge(project, {
      message: "x\n\nAI-Assisted: none\nCo-authored-by: Claude <noreply@anthropic.com>\n",
    });
    expect(claim).toMatchObject({ verdict: "denied", failed: ["contradictory-claim"] });
    const policy = await judge(project, {
      message: "x\n",
      files: { ".countersign/policy.yml": "version: 1\nextends: ban\n" },
    });
    expect(policy).toMatchObject({ verdict: "denied", failed: ["policy-change"] });
    expect((await project.gate({ head: "f".repeat(40) })).verdict).toBe("error");
  });
});
