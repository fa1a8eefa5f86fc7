// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { GateReport } from "@countersign/core/render";
import { openRepository } from "@countersign/git";
import type { TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVIDENCE_REF } from "../gather-context.ts";
import { runGate } from "../run-gate.ts";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  NOW,
  type Scenario,
  TARGET,
} from "./gate-scenario.fixture.ts";

let scenario: Scenario;
let repo: TestRepository;
beforeEach(async () => {
  scenario = await createScenario();
  repo = scenario.repo;
});
afterEach(() => scenario[Symbol.asyncDispose]());

const INFRA = { "main.tf": 'resource "aws_iam_role" "r" {}\n' };

/** Asks the gate in another clone, where `scenario.gate` would look into the first one. */
async function gateIn(
  clone: TestRepository,
  base: string,
  head: string,
  evidence: readonly string[] = [],
): Promise<GateReport> {
  return await runGate({
    repository: await openRepository(clone.path),
    base,
    head,
    target: TARGET,
    evaluatedAt: NOW,
    isLanding: false,
    branchNames: [],
    versions: [],
    contributors: [],
    description: null,
    evidence,
  });
}

describe("T38: refs/replace and grafts hide a commit", () => {
  it("a commit with a trailer replaced by one without", async () => {
    const head = await scenario.propose();
    const clean = await repo.git(["commit-tree", `${head}^{tree}`, "-p", scenario.start, "-m", "plain"]);
    await repo.git(["replace", head, clean]);
    expect(await repo.git(["log", "-1", "--format=%s", head])).toBe("plain");
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.commits).toMatchObject([{ id: head, title: "net: route the new subnet" }]);
  });

  it("an AI-assisted commit cut out of history by a graft", async () => {
    const hidden = await scenario.propose();
    const head = await scenario.propose({ parents: [hidden], message: "tidy\n" });
    await repo.write(".git/info/grafts", `${head} ${scenario.start}\n`);
    expect(await repo.git(["rev-list", "--count", `${scenario.start}..${head}`])).toBe("1");
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").commits).toContain(hidden);
  });

  it("an AI-assisted commit cut out of history by git replace --graft", async () => {
    const hidden = await scenario.propose();
    const head = await scenario.propose({ parents: [hidden], message: "tidy\n" });
    await repo.git(["replace", "--graft", head, scenario.start]);
    const report = await scenario.gate({ head });
    expect(findingOf(report, "ai-senior-sign-off").commits).toContain(hidden);
    expect(report.verdict).toBe("pending");
  });

  it("infrastructure replaced by an innocent file", async () => {
    const head = await scenario.propose({ files: { "notes.txt": INFRA["main.tf"] } });
    const innocent = await repo.writeObject("blob", "notes\n");
    await repo.git(["replace", await repo.git(["rev-parse", `${head}:notes.txt`]), innocent]);
    const report = await scenario.gate({ head });
    expect(findingOf(report, "ai-infrastructure").status).toBe("pending");
    expect(report.verdict).toBe("pending");
  });

  it("a tree replaced by the target's", async () => {
    const head = await scenario.propose({ files: INFRA });
    await repo.git([
      "replace",
      "-f",
      await repo.id(`${head}^{tree}`),
      await repo.id(`${scenario.start}^{tree}`),
    ]);
    expect(await repo.git(["diff", "--stat", scenario.start, head])).toBe("");
    const report = await scenario.gate({ head });
    expect(findingOf(report, "ai-infrastructure")).toMatchObject({ status: "pending", files: ["main.tf"] });
  });

  it("the policy's blob, tree or commit replaced by a lax one", async () => {
    const head = await scenario.propose();
    const lax = await repo.commit({
      branch: "refs/testing/lax",
      parents: [],
      message: "lax\n",
      files: { ".countersign/policy.yml": "version: 1\nextends: none\n" },
    });
    for (const part of [":.countersign/policy.yml", "^{tree}", ""]) {
      await repo.git([
        "replace",
        await repo.git(["rev-parse", `${scenario.start}${part}`]),
        await repo.git(["rev-parse", `${lax}${part}`]),
      ]);
      const report = await scenario.gate({ head });
      expect(report.verdict, part).toBe("pending");
      expect(findingOf(report, "ai-senior-sign-off").status, part).toBe("pending");
    }
  });

  it("an evidence entry replaced: its signature is that of the real bytes", async () => {
    const head = await scenario.propose();
    const name = await scenario.sign("stranger", { head });
    const right = await scenario.sign("senior", { head: await scenario.propose() });
    const blob = (envelope: string) =>
      repo.git(["rev-parse", `${EVIDENCE_REF}:${envelope.slice(0, 2)}/${envelope}.json`]);
    await repo.git(["replace", await blob(name), await blob(right)]);
    expect((await scenario.gate({ head })).verdict).toBe("pending");
  });

  it("objects borrowed from elsewhere (alternates) under the same ids change nothing", async () => {
    const head = await scenario.propose();
    await using other = await repo.clone();
    await other.write(".git/objects/info/alternates", `${join(repo.path, ".git/objects")}\n`);
    expect((await gateIn(other, scenario.start, head)).verdict).toBe("pending");
  });
});

describe("T39: history or content that is not here", () => {
  it.each([
    ["cut off at the head", ["--depth=1"]],
    ["cut off at the fork point", ["--depth=2"]],
    ["cut off at a date", ["--shallow-since=2026-01-01T00:02:30Z"]],
  ])("a shallow clone, %s, cannot tell, and says how to mend it", async (_what, options) => {
    const base = await repo.commit({ branch: TARGET, message: "other work\n", files: { other: "1\n" } });
    await scenario.commit({ message: AI_MESSAGE, files: { a: "1\n" } });
    const head = await scenario.commit({ message: "tidy\n", files: { b: "1\n" } });
    await using clone = await repo.clone(["--no-local", "--no-single-branch", ...options, "--branch=change"]);
    expect(await clone.git(["rev-parse", "--is-shallow-repository"])).toBe("true");
    const report = await gateIn(clone, base, head);
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toMatch(
      /shallow clone.*git fetch --unshallow.*fetch-depth: 0/s,
    );
  });

  it("a shallow clone tells again once it is whole", async () => {
    await scenario.commit({ message: AI_MESSAGE, files: { a: "1\n" } });
    const head = await scenario.commit({ message: "tidy\n", files: { b: "1\n" } });
    await using clone = await repo.clone([
      "--no-local",
      "--depth=1",
      "--no-single-branch",
      "--branch=change",
    ]);
    await clone.git(["fetch", "--quiet", "--unshallow", "origin"]);
    const report = await gateIn(clone, scenario.start, head);
    expect(report.verdict).toBe("pending");
  });

  it.each(["blob:none", "tree:0", "blob:limit=10"])(
    "a partial clone (%s) without the content cannot tell",
    async (filter) => {
      await repo.git(["config", "uploadpack.allowFilter", "true"]);
      const head = await scenario.commit({ message: "notes\n", files: { "data.txt": INFRA["main.tf"] } });
      await using clone = await repo.clone([
        "--no-local",
        "--no-checkout",
        `--filter=${filter}`,
        "--branch=change",
      ]);
      const report = await gateIn(clone, scenario.start, head);
      // Nobody can read the policy there: that alone denies; no verdict but these two is honest.
      expect(["error", "denied"]).toContain(report.verdict);
      expect(report.findings.map((finding) => finding.reason).join()).toMatch(/not in this repository/);
      expect(await clone.git(["rev-list", "--objects", "--all", "--missing=print", "--quiet"])).toMatch(
        /^\?|^$/,
      );
    },
  );

  it("nothing is fetched behind the user's back", async () => {
    await repo.git(["config", "uploadpack.allowFilter", "true"]);
    const head = await scenario.commit({ message: "notes\n", files: { "data.txt": "x\n" } });
    await using clone = await repo.clone([
      "--no-local",
      "--no-checkout",
      "--filter=blob:none",
      "--branch=change",
    ]);
    const missing = async () =>
      (await clone.git(["rev-list", "--objects", "--all", "--missing=print"]))
        .split("\n")
        .filter((row) => row.startsWith("?")).length;
    const before = await missing();
    await gateIn(clone, scenario.start, head);
    expect(await missing()).toBe(before);
    expect(before).toBeGreaterThan(0);
  });

  const looseFile = (id: string) => join(repo.path, ".git/objects", id.slice(0, 2), id.slice(2));

  it.each([
    ["a commit in the middle", (middle: string) => middle],
    ["a commit's tree", (middle: string) => `${middle}^{tree}`],
    ["the content of a changed file", (middle: string) => `${middle}:middle.txt`],
    ["the merge base", () => "main"],
    ["the merge base's tree", () => "main^{tree}"],
  ])("%s missing from the object store is an error", async (_what, which) => {
    const middle = await scenario.propose({ files: { "middle.txt": "x\n" } });
    const head = await scenario.propose({ parents: [middle], message: "tidy\n" });
    rmSync(looseFile(await repo.git(["rev-parse", which(middle)])));
    const report = await scenario.gate({ head, base: scenario.start });
    expect(["error", "denied"]).toContain(report.verdict);
    expect(report.findings[0]?.reason).toMatch(/not in this repository/);
    if (report.verdict === "denied") expect(report.findings[0]?.rule).toBe("policy");
  });

  it("the content of a file that only its class hangs on", async () => {
    const first = await scenario.propose({ files: { "data.txt": INFRA["main.tf"] } });
    const head = await scenario.propose({ parents: [first], message: "tidy\n", files: { "data.txt": null } });
    rmSync(looseFile(await repo.git(["rev-parse", `${first}:data.txt`])));
    const report = await scenario.gate({ head });
    // Read or not, it is never taken for harmless.
    expect(["error", "pending"]).toContain(report.verdict);
    if (report.verdict === "pending") expect(findingOf(report, "ai-infrastructure").status).toBe("pending");
  });

  it("a corrupt object is not taken for an empty one", async () => {
    const head = await scenario.propose({ files: { "data.txt": INFRA["main.tf"] } });
    const file = looseFile(await repo.git(["rev-parse", `${head}:data.txt`]));
    const bytes = readFileSync(file);
    rmSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 4));
    const report = await scenario.gate({ head }).catch((error: unknown) => error);
    if (report instanceof Error) expect(report.name).toBe("GitError");
    else expect((report as GateReport).verdict).toBe("error");
  });

  it("a head that is not here is an error, whatever the base", async () => {
    const report = await scenario.gate({ head: "f".repeat(40) });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toContain("not in this repository");
    expect(readdirSync(repo.path)).toContain("README.md");
  });
});
