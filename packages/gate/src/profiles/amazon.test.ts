// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judgePush } from "../judge-push.ts";
import {
  AI_MESSAGE,
  findingOf,
  identityOf,
  NOW,
  type Scenario,
  TARGET,
} from "../threats/gate-scenario.fixture.ts";
import { createProject, expectPass, expectStopped, judge } from "./profile-scenario.fixture.ts";

let project: Scenario;
beforeAll(async () => {
  project = await createProject("amazon", {
    "routes.tf": 'resource "aws_route" "r" {\n}\n',
    "src/app.c": "int a;\n",
  });
});
afterAll(() => project[Symbol.asyncDispose]());

const ONE = "0 of 1 sign-off";
const TWO = "0 of 2 sign-offs";

describe("amazon", () => {
  it("asks nothing of human work, infrastructure or not", async () => {
    await expectPass(project, { message: "app: fix\n", files: { "src/app.c": "int b;\n" } });
    await expectPass(project, { message: "net: route\n", files: { "routes.tf": "# by hand\n" } });
  });

  it.each([
    ["our trailer", AI_MESSAGE],
    ["a co-author", "x\n\nCo-authored-by: Claude <noreply@anthropic.com>\n"],
    ["a footer", "x\n\nGenerated with [Claude Code](https://claude.com/claude-code)\n"],
    ["edited AI text", "x\n\nAI-Assisted: amazon-q/2026-03; extent=edited; lines=4\n"],
    ["AI advice", "x\n\nAI-Assisted: cursor/unknown; extent=advised\n"],
  ])("asks one senior for AI-assisted work: %s", async (_what, message) => {
    await expectStopped(
      project,
      { message, files: { "src/app.c": `${message.length}\n` } },
      { "ai-senior-sign-off": ONE },
    );
  });

  it.each([
    ["Terraform", { "routes.tf": 'resource "aws_route" "r" {\n  x = 1\n}\n' }],
    ["a workflow", { ".github/workflows/deploy.yml": "on: push\n" }],
    ["a Dockerfile", { Dockerfile: "FROM node\n" }],
    ["Terraform in a text file", { "app.txt": 'resource "aws_route" "r" {\n}\n' }],
    ["infrastructure taken away", { "routes.tf": null }],
  ])("asks two for AI-assisted infrastructure: %s", async (_what, files) => {
    await expectStopped(project, { files }, { "ai-senior-sign-off": ONE, "ai-infrastructure": TWO });
  });

  it("plays out: pending, the author refused, one senior, two seniors, landed, amended", async () => {
    const files = { "routes.tf": 'resource "aws_route" "failover" {\n}\n' };
    const head = await project.propose({ files });
    expect((await project.gate({ head })).verdict).toBe("pending");
    await project.sign("author", { head });
    const own = await project.gate({ head });
    expect(own.verdict).toBe("pending");
    expect(findingOf(own, "ai-infrastructure").reason).toContain("author is author and committer");
    await project.sign("senior", { head });
    const one = await project.gate({ head });
    expect(one.verdict).toBe("pending");
    expect(findingOf(one, "ai-senior-sign-off").status).toBe("pass");
    expect(findingOf(one, "ai-infrastructure").missing).toEqual({
      role: "senior",
      count: 1,
      candidates: ["second"],
    });
    await project.sign("second", { head });
    expect((await project.gate({ head })).verdict).toBe("pass");
    const repository = await openRepository(project.repo.path);
    const [landing] = await judgePush({
      repository,
      updates: [{ ref: TARGET, old: project.start, new: head }],
      evaluatedAt: NOW,
    });
    expect(landing?.isAccepted).toBe(true);
    const amended = await project.propose({
      files: { "routes.tf": 'resource "aws_route" "failover" {\n  cidr = "0.0.0.0/0"\n}\n' },
    });
    const voided = await project.gate({ head: amended });
    expect(voided.verdict).toBe("pending");
    expect(voided.signOffs.every(({ counted }) => !counted)).toBe(true);
    expect(findingOf(voided, "ai-infrastructure").reason).toContain("the content changed after signing");
  });

  it("carries infrastructure over to a base that did not touch it, and not to one that did", async () => {
    const files = { "lb.tf": 'resource "aws_lb" "l" {\n}\n' };
    const head = await project.propose({ files });
    await project.sign("senior", { head });
    await project.sign("second", { head });
    const quiet = await project.propose({ message: "docs\n", files: { "README.md": "More.\n" } });
    expect(
      (await project.gate({ base: quiet, head: await project.propose({ from: quiet, files }) })).verdict,
    ).toBe("pass");
    const loud = await project.propose({
      message: "vpc\n",
      files: { "vpc.tf": 'resource "aws_vpc" "v" {\n}\n' },
    });
    const report = await project.gate({ base: loud, head: await project.propose({ from: loud, files }) });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-infrastructure").reason).toContain(
      "the new base also touched infrastructure",
    );
    expect(findingOf(report, "ai-senior-sign-off").status).toBe("pass");
  });

  it("denies signs of AI that nobody declared", async () => {
    const report = await judge(project, { message: "x\n" }, { branchNames: ["codex/fix-route"] });
    expect(report).toMatchObject({ verdict: "denied", failed: ["signalled"] });
    expect(findingOf(report, "signalled").reason).toContain("declare it with a line such as `AI-Assisted:");
  });

  it("asks one senior more where an author is unknown", async () => {
    await expectStopped(
      project,
      { author: identityOf("stranger") },
      { "ai-senior-sign-off": /0 of 2 sign-offs.*one more than the rule says/ },
    );
  });

  it("asks one senior for what comes from another repository", async () => {
    await expectStopped(
      project,
      { message: "deps: bump\n", files: { lib: { gitlink: "1".repeat(40) } } },
      { submodule: ONE },
    );
  });

  it("asks two for a change of the policy, by whomever", async () => {
    const files = { ".countersign/policy.yml": "version: 1\nextends: none\n" };
    await expectStopped(project, { message: "policy\n", files }, { "policy-change": TWO });
  });

  it("denies a claim of no AI beside AI", async () => {
    const message = "x\n\nAI-Assisted: none\nCo-authored-by: Claude <noreply@anthropic.com>\n";
    await expectStopped(
      project,
      { message },
      { "contradictory-claim": "claim that no AI took part", "ai-senior-sign-off": ONE },
    );
  });
});
