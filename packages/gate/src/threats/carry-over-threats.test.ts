// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  identityOf,
  type ProposalOptions,
  type Scenario,
  SENIOR_RULES,
  TARGET,
} from "./gate-scenario.fixture.ts";
import { expectVoid, forgetSignOffs, moveTarget, numbered, proposeSigned } from "./signed-changes.fixture.ts";

let scenario: Scenario;
beforeAll(async () => {
  scenario = await createScenario({ files: { "shared.txt": numbered({}) } });
});
afterAll(() => scenario[Symbol.asyncDispose]());
beforeEach(() => forgetSignOffs(scenario));

describe("T24: a clean rebase or update carries the approval over, and says so", () => {
  async function rebased(options: ProposalOptions, baseFiles: ProposalOptions["files"], own = scenario) {
    const signed = await own.propose(options);
    await own.sign("senior", { base: own.start, head: signed });
    const base = await own.propose({
      message: "other work\n",
      author: identityOf("auditor"),
      ...(baseFiles && { files: baseFiles }),
    });
    const head = await own.propose({ ...options, from: base });
    return { signed, base, head, report: await own.gate({ base, head }) };
  }

  it("a rebase of one commit", async () => {
    const { report, signed, base } = await rebased({ files: { "t24.txt": "1\n" } }, { "other.txt": "1\n" });
    expect(report.verdict).toBe("pass");
    expect(report.signOffs).toMatchObject([
      {
        counted: true,
        cover: "carried",
        reason: `carried over: Git merges the signed head ${signed.slice(0, 12)} onto ${base.slice(0, 12)} to exactly this tree`,
      },
    ]);
  });

  it("a rebase over changes elsewhere in the same file", async () => {
    const base = await moveTarget(scenario, { "shared.txt": numbered({ 1: "theirs" }) });
    await proposeSigned(scenario, { files: { "shared.txt": numbered({ 12: "ours" }) } });
    const head = await scenario.propose({
      from: base,
      files: { "shared.txt": numbered({ 1: "theirs", 12: "ours" }) },
    });
    expect((await scenario.gate({ base, head })).signOffs).toMatchObject([
      { counted: true, cover: "carried" },
    ]);
  });

  it("a rebase of a series, each commit of which is the merge of its own original", async () => {
    const first = await scenario.propose({ files: { "s1.txt": "1\n" } });
    await proposeSigned(scenario, { parents: [first], files: { "s2.txt": "2\n" } });
    const base = await moveTarget(scenario, { "other-series.txt": "1\n" });
    const one = await scenario.propose({ from: base, files: { "s1.txt": "1\n" } });
    const head = await scenario.propose({ parents: [one], files: { "s2.txt": "2\n" } });
    const report = await scenario.gate({ base, head });
    expect(report.verdict).toBe("pass");
    expect(report.signOffs).toMatchObject([{ cover: "carried", counted: true }]);
  });

  it("but a rebased series with a commit nobody signed waits, although its last tree is right", async () => {
    const first = await scenario.propose({ files: { "s3.txt": "1\n" } });
    await proposeSigned(scenario, { parents: [first], files: { "s4.txt": "2\n" } });
    const base = await moveTarget(scenario, { "other-series-2.txt": "1\n" });
    const bad = await scenario.propose({ from: base, files: { "s3.txt": "1\n", "backdoor.txt": "1\n" } });
    const head = await scenario.propose({ parents: [bad], files: { "s4.txt": "2\n", "backdoor.txt": null } });
    const report = await scenario.gate({ base, head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off")).toMatchObject({ status: "pending", commits: [bad] });
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain(
      "1 commit(s) were not part of what was signed",
    );
  });

  it("an update merge, as the forge's button makes it", async () => {
    const signed = await proposeSigned(scenario, { files: { "t24-b.txt": "1\n" } });
    const base = await moveTarget(scenario, { "other-b.txt": "1\n" });
    const tree = await scenario.repo.git(["merge-tree", "--write-tree", signed, base]);
    const head = await scenario.repo.git([
      "commit-tree",
      tree,
      "-p",
      signed,
      "-p",
      base,
      "-m",
      "Merge branch 'main' into change",
    ]);
    const report = await scenario.gate({ base, head });
    expect(report.verdict).toBe("pass");
    expect(report.signOffs).toMatchObject([{ cover: "carried", counted: true }]);
    expect(report.change).toMatchObject({ authors: ["author"], unknownAuthors: [] });
  });

  it("the target moving on alone changes nothing: same merge base, same tree", async () => {
    const head = await proposeSigned(scenario);
    const base = await moveTarget(scenario, { "moved-on.txt": "1\n" });
    const report = await scenario.gate({ base, head });
    expect(report.verdict).toBe("pass");
    expect(report.signOffs).toMatchObject([{ cover: "exact", counted: true }]);
  });

  it("a commit added while rebasing does not ride along", async () => {
    const signed = await proposeSigned(scenario, { files: { "t24-c.txt": "1\n" } });
    const base = await moveTarget(scenario, { "other-c.txt": "1\n" });
    const head = await scenario.propose({ from: base, files: { "t24-c.txt": "1\n", "extra.txt": "evil\n" } });
    expectVoid(
      await scenario.gate({ base, head, versions: [signed] }),
      "gives another tree than this change's: the content changed after signing",
    );
  });

  const TF = { "net.tf": 'resource "aws_route" "a" {}\n' };

  describe.each([
    ["always", "always", [true, true, true]],
    ["never", "never", [false, false, false]],
    ["unless the base touched the class", "{ unless: infrastructure }", [true, false, false]],
  ] as const)("carryOver: %s", (_name, setting, expected) => {
    it.each([
      ["over application code", { "app.txt": "1\n" }, expected[0]],
      ["over infrastructure by path", TF, expected[1]],
      [
        "over infrastructure by content",
        {
          "roles.json":
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}\n',
        },
        expected[2],
      ],
    ])("%s", async (_case, files, isCarried) => {
      await using own = await createScenario({
        policy: SENIOR_RULES.replaceAll("count: 1 }", `count: 1, carryOver: ${setting} }`),
      });
      const { report } = await rebased({ files: { "t24-d.txt": "1\n" } }, files, own);
      expect(report.signOffs).toMatchObject([{ cover: "carried", counted: isCarried }]);
      expect(report.verdict).toBe(isCarried ? "pass" : "pending");
      if (!isCarried)
        expect(findingOf(report, "ai-senior-sign-off").reason).toMatch(
          /carryOver: (?:never|"unless: infrastructure")/,
        );
    });
  });
});

describe("T25: a conflict resolved by hand", () => {
  const ours = { "shared.txt": numbered({ 5: "ours" }) };
  const theirs = { "shared.txt": numbered({ 5: "theirs" }) };

  async function conflicting() {
    const signed = await proposeSigned(scenario, { files: ours });
    return { signed, base: await moveTarget(scenario, theirs) };
  }

  it.each([
    ["in a rebase", { 5: "resolved" }],
    ["in a rebase that takes the change's side", { 5: "ours" }],
  ])("%s needs a new approval", async (_name, lines) => {
    const { signed, base } = await conflicting();
    const head = await scenario.propose({ from: base, files: { "shared.txt": numbered(lines) } });
    const report = await scenario.gate({ base, head, versions: [signed] });
    expectVoid(report, "conflicts; a hand-made resolution needs a new sign-off");
  });

  it.each([
    ["by hand", { 5: "resolved" }],
    ["by -X ours", { 5: "ours" }],
  ])("in an update merge, %s, needs a new approval", async (_name, lines) => {
    const { signed, base } = await conflicting();
    const head = await scenario.propose({
      message: "Merge\n",
      parents: [signed, base],
      files: { "shared.txt": numbered(lines) },
    });
    expectVoid(await scenario.gate({ base, head }), "conflicts; a hand-made resolution needs a new sign-off");
  });

  it("left as Git's own conflict markers is nobody's approval either", async () => {
    const { signed, base } = await conflicting();
    const merged = await scenario.repo.tryGit([
      "merge-tree",
      "--write-tree",
      "--no-messages",
      "--name-only",
      signed,
      base,
    ]);
    const tree = merged.stdout.toString().split("\n")[0] ?? "";
    const head = await scenario.repo.git(["commit-tree", tree, "-p", signed, "-p", base, "-m", "Merge"]);
    expect(await scenario.repo.git(["show", `${head}:shared.txt`])).toContain("<<<<<<<");
    expectVoid(await scenario.gate({ base, head }), "conflicts; a hand-made resolution needs a new sign-off");
  });

  it("is settled by an approval of the result", async () => {
    const { base } = await conflicting();
    const head = await scenario.propose({ from: base, files: { "shared.txt": numbered({ 5: "both" }) } });
    await scenario.sign("senior", { base, head });
    expect((await scenario.gate({ base, head })).verdict).toBe("pass");
  });
});

describe("T26: a merge that holds more than its parents", () => {
  it("an update merge edited after the approval", async () => {
    const signed = await proposeSigned(scenario, { files: { "t26.txt": "1\n" } });
    const base = await moveTarget(scenario, { "other-26.txt": "1\n" });
    const head = await scenario.propose({
      message: "Merge branch 'main'\n",
      parents: [signed, base],
      files: { "other-26.txt": "1\n", "README.md": "evil\n" },
    });
    // Git's own log shows nothing of it.
    expect(await scenario.repo.git(["log", "-1", "--format=", "--name-only", head])).toBe("");
    expectVoid(
      await scenario.gate({ base, head }),
      "gives another tree than this change's: the content changed after signing",
    );
  });

  it("an edit in a merge is a change of that commit's own, classes included", async () => {
    const first = await scenario.propose({ files: { "t26-b.txt": "1\n" } });
    const side = await scenario.propose({ message: "side\n" });
    const head = await scenario.propose({
      parents: [first, side],
      message: "Merge\n",
      files: { "evil.tf": 'resource "aws_iam_role" "a" {}\n' },
    });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-infrastructure")).toMatchObject({
      status: "pending",
      missing: { count: 2 },
    });
    expect(findingOf(report, "ai-infrastructure").files).toContain("evil.tf");
    expect(
      (report.change.commits as { id: string; paths: string[] }[]).find(({ id }) => id === head)?.paths,
    ).toContain("evil.tf");
  });

  it("an update merge that drops the target's fix (-s ours)", async () => {
    const signed = await proposeSigned(scenario, { files: { "t26-c.txt": "1\n" } });
    const base = await moveTarget(scenario, { "README.md": "A project with a security fix.\n" });
    const tree = await scenario.repo.id(`${signed}^{tree}`);
    const head = await scenario.repo.git([
      "commit-tree",
      tree,
      "-p",
      signed,
      "-p",
      base,
      "-m",
      "Merge branch 'main'",
    ]);
    expectVoid(await scenario.gate({ base, head }), "gives another tree than this change's");
  });

  it("an octopus merge with an edit", async () => {
    const signed = await proposeSigned(scenario, { files: { "t26-d.txt": "1\n" } });
    const base = await moveTarget(scenario, { "other-d.txt": "1\n" });
    const third = await scenario.propose({ from: base, message: "third\n", files: { "third.txt": "1\n" } });
    const files = { "other-d.txt": "1\n", "third.txt": "1\n", "evil.txt": "1\n" };
    const head = await scenario.propose({ message: "Octopus\n", parents: [signed, base, third], files });
    const report = await scenario.gate({ base, head });
    expectVoid(report, "gives another tree than this change's");
    expect(
      (report.change.commits as { id: string; paths: string[] }[]).find(({ id }) => id === head)?.paths,
    ).toContain("evil.txt");
  });

  it.each([
    ["a merge commit on the target", 2],
    ["a squash on the target", 1],
  ])("%s that is not what Git makes of the approved head", async (_name, parents) => {
    const signed = await proposeSigned(scenario, { files: { "t26-e.txt": `${parents}\n` } });
    const base = await moveTarget(scenario, { "other-e.txt": `${parents}\n` });
    const landing = {
      message: AI_MESSAGE,
      parents: [base, signed].slice(0, parents),
      files: { "t26-e.txt": `${parents}\n`, "evil.txt": "1\n" },
    };
    const head = await scenario.propose(landing);
    const report = await scenario.gate({ base, head, isLanding: true, versions: [signed] });
    expectVoid(report, "the content changed after signing");
  });

  it("the merge that Git makes of it lands", async () => {
    const signed = await proposeSigned(scenario, { files: { "t26-f.txt": "1\n" } });
    const base = await moveTarget(scenario, { "other-f.txt": "1\n" });
    const head = await scenario.propose({
      message: "Merge\n",
      parents: [base, signed],
      files: { "t26-f.txt": "1\n" },
    });
    const report = await scenario.gate({ base, head, isLanding: true });
    expect(report.verdict).toBe("pass");
    expect(report.signOffs).toMatchObject([{ cover: "landed", counted: true }]);
  });
});

describe("T27: something bad and its undoing in one change", () => {
  const BAD = { "door.tf": 'resource "aws_security_group_rule" "open" { cidr_blocks = ["0.0.0.0/0"] }\n' };
  const UNDONE = { "door.tf": null };

  it("an empty net difference does not hide what the commits did", async () => {
    const bad = await scenario.propose({ files: BAD });
    const head = await scenario.propose({ parents: [bad], files: UNDONE });
    expect(await scenario.repo.git(["diff", "--stat", scenario.start, head])).toBe("");
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({ classes: ["infrastructure"], paths: ["door.tf"] });
    const finding = findingOf(report, "ai-infrastructure");
    expect(finding).toMatchObject({
      status: "pending",
      commits: [bad, head],
      files: ["door.tf"],
      missing: { role: "senior", count: 2 },
    });
  });

  it("those who sign all of it cover all of it", async () => {
    const bad = await scenario.propose({ files: BAD });
    const head = await scenario.propose({ parents: [bad], files: UNDONE });
    await scenario.sign("senior", { head });
    await scenario.sign("second", { head });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it("slipped in after the approval, with the approved tree at the end", async () => {
    const signed = await proposeSigned(scenario, { files: { "t27.txt": "1\n" } });
    const bad = await scenario.propose({ parents: [signed], files: { "backdoor.txt": "1\n" } });
    const head = await scenario.propose({ parents: [bad], files: { "backdoor.txt": null } });
    expect(await scenario.repo.id(`${head}^{tree}`)).toBe(await scenario.repo.id(`${signed}^{tree}`));
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    const finding = findingOf(report, "ai-senior-sign-off");
    expect(finding).toMatchObject({
      status: "pending",
      commits: [bad],
      missing: { count: 1, candidates: ["second", "senior"] },
    });
    expect(finding.reason).toContain("1 commit(s) were not part of what was signed");
  });

  it("slipped in below the approved commit", async () => {
    await proposeSigned(scenario, { files: { "t27-b.txt": "1\n" } });
    const bad = await scenario.propose({ files: { "backdoor.txt": "1\n" } });
    const head = await scenario.propose({
      parents: [bad],
      files: { "t27-b.txt": "1\n", "backdoor.txt": null },
    });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").commits).toEqual([bad]);
  });

  it("slipped in on a side branch that a merge throws away (-s ours)", async () => {
    const signed = await proposeSigned(scenario, { files: { "t27-c.txt": "1\n" } });
    const bad = await scenario.propose({ message: "side\n", files: { "backdoor.txt": "1\n" } });
    const tree = await scenario.repo.id(`${signed}^{tree}`);
    const head = await scenario.repo.git(["commit-tree", tree, "-p", signed, "-p", bad, "-m", "Merge side"]);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").commits).toEqual([bad]);
  });

  it("slipped in and landed as a fast-forward", async () => {
    const signed = await proposeSigned(scenario, { files: { "t27-d.txt": "1\n" } });
    const bad = await scenario.propose({ parents: [signed], files: { "backdoor.txt": "1\n" } });
    const head = await scenario.propose({ parents: [bad], files: { "backdoor.txt": null } });
    const report = await scenario.gate({ head, isLanding: true });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").commits).toEqual([bad]);
  });

  it("landed as a squash it never was: only the approved tree lands", async () => {
    const signed = await proposeSigned(scenario, { files: { "t27-e.txt": "1\n" } });
    const bad = await scenario.propose({ parents: [signed], files: { "backdoor.txt": "1\n" } });
    await scenario.propose({ parents: [bad], files: { "backdoor.txt": null } });
    const head = await scenario.propose({ message: "squashed\n", files: { "t27-e.txt": "1\n" } });
    expect((await scenario.gate({ head, isLanding: true, target: TARGET })).verdict).toBe("pass");
  });
});
