// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import type { CommitOptions } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVIDENCE_REF } from "../gather-context.ts";
import { judgePush, type RefJudgement } from "../judge-push.ts";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  NOW,
  type Scenario,
  TARGET,
} from "./gate-scenario.fixture.ts";
import { expectPending } from "./landings.fixture.ts";

let scenario: Scenario;
beforeEach(async () => {
  scenario = await createScenario();
});
afterEach(() => scenario[Symbol.asyncDispose]());

const RULE = "ai-senior-sign-off";

async function signed(files: CommitOptions["files"], from = scenario.start): Promise<string> {
  const head = await scenario.propose({ from, files: files ?? {} });
  await scenario.sign("senior", { base: from, head });
  return head;
}

/** What a forge's button or queue makes of a head: Git's own merge, as a merge commit or as a squash. */
async function land(
  base: string,
  head: string,
  as: "merge" | "squash",
  message = "Merge\n",
): Promise<string> {
  const tree = await scenario.repo.git(["merge-tree", "--write-tree", base, head]);
  return await commitTree(tree, as === "merge" ? [base, head] : [base], message);
}

function commitTree(tree: string, parents: readonly string[], message = "Merge\n"): Promise<string> {
  return scenario.repo.git(["commit-tree", tree, ...parents.flatMap((id) => ["-p", id]), "-m", message]);
}

const landing = (head: string, base = scenario.start) => scenario.gate({ base, head, isLanding: true });

async function push(next: string, old = scenario.start): Promise<RefJudgement> {
  const [judgement] = await pushAll([{ ref: TARGET, old, new: next }]);
  if (judgement === undefined) throw new Error("no judgement");
  return judgement;
}

async function pushAll(
  updates: Parameters<typeof judgePush>[0]["updates"],
): Promise<readonly RefJudgement[]> {
  return await judgePush({ repository: await openRepository(scenario.repo.path), updates, evaluatedAt: NOW });
}

describe("T47: a merge queue's group is what its members make of it, in their order, and nothing else", () => {
  const A = { "a.txt": "a\n" };
  const B = { "b.txt": "b\n" };
  const C = { "c.txt": "c\n" };

  describe.each(["merge", "squash"] as const)("each landed as a %s", (as) => {
    const landAll = async (...heads: readonly string[]) => {
      let base = scenario.start;
      for (const head of heads) base = await land(base, head, as);
      return base;
    };

    it("two approved changes pass, each judged as itself", async () => {
      const group = await landAll(await signed(A), await signed(B));
      const report = await landing(group);
      expect(report.verdict).toBe("pass");
      expect(report.change).toMatchObject({ landings: [{ paths: ["a.txt"] }, { paths: ["b.txt"] }] });
      expect(report.signOffs.filter(({ counted }) => counted).map(({ cover }) => cover)).toHaveLength(2);
    });

    it("three in another order than they were approved in", async () => {
      const [a, b, c] = [await signed(A), await signed(B), await signed(C)];
      expect((await landing(await landAll(c, a, b))).verdict).toBe("pass");
    });

    it("an unapproved one in the middle is found, and named", async () => {
      const unapproved = await scenario.propose({ files: B });
      const [a, c] = [await signed(A), await signed(C)];
      const report = await landing(await landAll(a, unapproved, c));
      expectPending(report, /0 of 1 sign-offs? by senior/);
      const waiting = report.findings.filter(
        (finding) => finding.rule === RULE && finding.status === "pending",
      );
      expect(waiting).toHaveLength(1);
      expect(waiting[0]?.files).toEqual(["b.txt"]);
      expect(
        report.findings.filter((finding) => finding.rule === RULE && finding.status === "pass"),
      ).toHaveLength(2);
    });

    it("a tampered group tree, at the end and in the middle", async () => {
      const [a, b] = [await signed(A), await signed(B)];
      const first = await land(scenario.start, a, as);
      const tampered = await scenario.repo.commit({
        branch: "tampered",
        message: "Merge\n\nAI-Assisted: cursor/unknown\n",
        parents: as === "merge" ? [first, b] : [first],
        files: { ...B, "extra.txt": "slipped in\n" },
      });
      const report = await landing(tampered);
      expectPending(report, /sign-offs? by senior/);
      expect(
        report.findings.filter(({ status }) => status === "pending").flatMap(({ files }) => files),
      ).toContain("extra.txt");
      const more = await land(tampered, await signed(C), as);
      expect((await landing(more)).verdict).toBe("pending");
    });

    it("a member changed after its approval", async () => {
      const a = await signed(A);
      const changed = await scenario.propose({
        parents: [a],
        message: "more\n",
        files: { "a.txt": "other\n" },
      });
      expectPending(await landing(await landAll(await signed(B), changed)), /sign-offs? by senior/);
    });

    it("a member twice lands once: the second time it holds nothing", async () => {
      const a = await signed(A);
      const once = await land(scenario.start, a, as);
      const report = await landing(
        await commitTree(await scenario.repo.id(`${once}^{tree}`), [once], "again\n"),
      );
      expect(report.verdict).toBe("pass");
    });

    it("a member whose merge conflicts and was settled by hand", async () => {
      const [a, b] = [
        await signed({ "README.md": "A project of a.\n" }),
        await signed({ "README.md": "A project of b.\n" }),
      ];
      const first = await land(scenario.start, a, as);
      const byHand = await scenario.repo.commit({
        branch: "by-hand",
        message: AI_MESSAGE,
        parents: as === "merge" ? [first, b] : [first],
        files: { "README.md": "A project of both.\n" },
      });
      expectPending(
        await landing(byHand),
        /conflicts; a hand-made resolution needs a new sign-off|sign-offs? by senior/,
      );
    });
  });

  it("mixed: a merge, a squash, and a signed head fast-forwarded first", async () => {
    const a = await signed(A);
    const second = await land(a, await signed(B), "squash");
    const third = await land(second, await signed(C), "merge");
    expect((await landing(third)).verdict).toBe("pass");
  });

  it("a signed head fast-forwarded with one more commit on it is a new change of the whole", async () => {
    const a = await signed(A);
    const more = await scenario.propose({ parents: [a], message: "just one more\n", files: B });
    const report = await landing(more);
    expectPending(report, "the content changed after signing");
    expect(findingOf(report, RULE).files).toEqual(["a.txt", "b.txt"]);
  });

  it("an octopus of two approved heads is nobody's approval", async () => {
    const [a, b] = [await signed(A), await signed(B)];
    const octopus = await scenario.repo.commit({
      branch: "octopus",
      message: "Merge\n",
      parents: [scenario.start, a, b],
      files: { ...A, ...B },
    });
    expectPending(await landing(octopus), /sign-offs? by senior/);
  });

  it("a head that nobody can explain is judged as a change of its own, AI or not", async () => {
    const group = await land(scenario.start, await signed(A), "squash");
    const odd = await scenario.propose({
      parents: [group],
      message: "gh-readonly-queue/main/pr-7\n\nAI-Assisted: cursor/unknown\n",
      files: B,
    });
    const report = await landing(odd);
    expectPending(report, /0 of 1 sign-offs? by senior/);
  });

  it("an approved change with human ones around it", async () => {
    const human = await scenario.propose({ message: "by hand\n", files: B });
    const group = await land(
      await land(scenario.start, human, "squash", "by hand\n"),
      await signed(A),
      "squash",
    );
    const last = await scenario.propose({ parents: [group], message: "by hand too\n", files: C });
    expect((await landing(last)).verdict).toBe("pass");
  });
});

describe("T48: a push past the process", () => {
  it("an AI-assisted commit pushed straight to the target is refused, with the report that says why", async () => {
    const head = await scenario.propose();
    const judgement = await push(head);
    expect(judgement.isAccepted).toBe(false);
    expect(judgement.report && findingOf(judgement.report, RULE).status).toBe("pending");
  });

  it("with its sign-off beside it in the same push it is accepted", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head });
    const evidence = await scenario.repo.id(EVIDENCE_REF);
    await scenario.repo.git(["update-ref", "-d", EVIDENCE_REF]);
    expect((await push(head)).isAccepted).toBe(false);
    const judgements = await pushAll([
      { ref: TARGET, old: scenario.start, new: head },
      { ref: EVIDENCE_REF, old: "0".repeat(40), new: evidence },
    ]);
    expect(judgements.map(({ isAccepted }) => isAccepted)).toEqual([true, true]);
  });

  it("what landed while the gate was off is found by auditing the range", async () => {
    const before = scenario.start;
    const bypassed = await scenario.repo.commit({
      branch: TARGET,
      message: AI_MESSAGE,
      files: { "x.txt": "x\n" },
    });
    const after = await scenario.repo.commit({
      branch: TARGET,
      message: "later\n",
      files: { "y.txt": "y\n" },
    });
    const report = await scenario.gate({ base: before, head: after });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, RULE).commits).toContain(bypassed);
  });

  it("what landed through the gate passes the same audit", async () => {
    const head = await signed({ "x.txt": "x\n" });
    await scenario.repo.git(["update-ref", TARGET, head]);
    expect((await scenario.gate({ base: scenario.start, head })).verdict).toBe("pass");
  });

  it("a force-push that takes history away, a deletion, and a move backwards are refused", async () => {
    const head = await signed({ "x.txt": "x\n" });
    const root = await scenario.repo.commit({
      branch: "other-root",
      parents: [],
      message: "root\n",
      files: { x: "1\n" },
    });
    for (const [next, old] of [
      [root, scenario.start],
      ["0".repeat(40), scenario.start],
      [scenario.start, head],
    ] as const) {
      const judgement = await push(next, old);
      expect(judgement.isAccepted).toBe(false);
      expect(judgement.reason).toMatch(/cannot be deleted by a push|its history cannot be rewritten/);
    }
  });

  it.each(["refs/heads/Main", "refs/heads/MAIN"])(
    "%s is the target by another name where file names have no case",
    async (ref) => {
      const head = await scenario.propose();
      const [judgement] = await pushAll([{ ref, old: "0".repeat(40), new: head }]);
      expect(judgement?.isAccepted).toBe(false);
    },
  );

  it("the server's own records cannot be pushed", async () => {
    const [judgement] = await pushAll([
      { ref: "refs/countersign/pushes", old: "0".repeat(40), new: scenario.start },
    ]);
    expect(judgement).toMatchObject({
      isAccepted: false,
      reason: expect.stringContaining("the server's own record"),
    });
  });
});

describe("T54: something moves between the verdict and the landing", () => {
  it("the verdict names the head, base and policy it is about", async () => {
    const head = await signed({ "x.txt": "x\n" });
    const report = await scenario.gate({ head });
    expect(report).toMatchObject({
      verdict: "pass",
      head,
      base: scenario.start,
      target: TARGET,
      mergeBase: scenario.start,
    });
    expect(report.policyDigest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("a push after the verdict is judged anew at the door", async () => {
    const head = await signed({ "x.txt": "x\n" });
    expect((await push(head)).isAccepted).toBe(true);
    const later = await scenario.propose({ parents: [head], message: "later\n", files: { "x.txt": "y\n" } });
    const judgement = await push(later);
    expect(judgement.isAccepted).toBe(false);
    expect(judgement.report?.head).toBe(later);
  });

  it("a target that moved meanwhile: what was judged against the old tip no longer fast-forwards", async () => {
    const head = await signed({ "x.txt": "x\n" });
    expect((await push(head)).isAccepted).toBe(true);
    const moved = await scenario.repo.commit({
      branch: TARGET,
      message: "first\n",
      files: { "y.txt": "y\n" },
    });
    const judgement = await push(head, moved);
    expect(judgement).toMatchObject({
      isAccepted: false,
      reason: expect.stringContaining("its history cannot be rewritten"),
    });
  });

  it("a policy tightened meanwhile counts, although the base that was judged is the old one", async () => {
    const head = await signed({ "x.txt": "x\n" });
    const text = await scenario.repo.git(["show", `${scenario.start}:.countersign/policy.yml`]);
    const moved = await scenario.repo.commit({
      branch: TARGET,
      message: "tighten\n",
      files: { ".countersign/policy.yml": `${text.replace("count: 1", "count: 2")}\n` },
    });
    const report = await scenario.gate({ base: scenario.start, head });
    expect(report.policySource?.commit).toBe(moved);
    expectPending(report, "signed under policy");
  });

  it("two pushes judged at once from one tip: Git moves the ref for one of them, and the other is judged again", async () => {
    const [a, b] = [await signed({ "a.txt": "a\n" }), await signed({ "b.txt": "b\n" })];
    const [first, second] = await Promise.all([push(a), push(b)]);
    expect([first.isAccepted, second.isAccepted]).toEqual([true, true]);
    await scenario.repo.git(["update-ref", TARGET, a, scenario.start]);
    expect((await scenario.repo.tryGit(["update-ref", TARGET, b, scenario.start])).exitCode).not.toBe(0);
    expect((await push(b, a)).isAccepted).toBe(false);
    const merged = await land(a, b, "merge");
    expect((await push(merged, a)).isAccepted).toBe(true);
  });

  it("a revocation that arrives before the landing stops it", async () => {
    const head = await signed({ "x.txt": "x\n" });
    await scenario.sign("senior", {
      head,
      at: NOW - 60,
      predicate: { decision: "revoke", reason: "saw a mistake" },
    });
    const judgement = await push(head);
    expect(judgement.isAccepted).toBe(false);
    expect(judgement.report?.signOffs.find(({ decision }) => decision === "approve")?.reason).toContain(
      "revoked at",
    );
  });
});
