// SPDX-License-Identifier: Apache-2.0
import { openRepository, snapshotRefs } from "@countersign/git";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DECIDING_REFS } from "../run-gate.ts";
import {
  AI_MESSAGE,
  createScenario,
  identityOf,
  NOW,
  peopleYaml,
  type Scenario,
  SENIOR_RULES,
  TARGET,
} from "../threats/gate-scenario.fixture.ts";
import type { LandedChange } from "./landed-change.ts";
import { readLanded } from "./read-landed.ts";

let scenario: Scenario;
beforeEach(async () => {
  scenario = await createScenario();
});
afterEach(() => scenario[Symbol.asyncDispose]());

async function readAll(head: string, base: string | null = scenario.start): Promise<readonly LandedChange[]> {
  await scenario.repo.git(["update-ref", TARGET, head]);
  const repository = await snapshotRefs(await openRepository(scenario.repo.path), DECIDING_REFS);
  const { changes } = await readLanded({
    repository,
    base,
    head,
    target: TARGET,
    judgedAt: () => NOW,
    now: NOW,
    evidence: [],
  });
  const all: LandedChange[] = [];
  for await (const batch of changes) all.push(...batch);
  return all;
}

async function proposeSigned(files: Record<string, string>, from = scenario.start): Promise<string> {
  const head = await scenario.propose({ from, files });
  await scenario.sign("senior", { base: from, head });
  return head;
}

async function land(
  base: string,
  head: string,
  as: "merge" | "squash",
  message = "Merge\n",
): Promise<string> {
  const tree = await scenario.repo.git(["merge-tree", "--write-tree", base, head]);
  return await commitTree(tree, as === "merge" ? [base, head] : [base], message);
}

function commitTree(tree: string, parents: readonly string[], message: string): Promise<string> {
  return scenario.repo.git(["commit-tree", tree, ...parents.flatMap((id) => ["-p", id]), "-m", message]);
}

/** The gate at the door, asked about the same landing, must have said the same. */
async function expectSameAsGate(changes: readonly LandedChange[]): Promise<void> {
  for (const change of changes) {
    if (change.evaluation === null || change.base === null) continue;
    const report = await scenario.gate({ base: change.base, head: change.head, isLanding: true });
    const { verdict, findings, signOffs } = change.evaluation;
    const told = new Set(signOffs.map(({ envelope }) => envelope));
    // The door lists revocations of other changes too, which count for nothing there.
    const others = report.signOffs.filter(({ envelope }) => !told.has(envelope));
    expect(others.filter(({ decision, counted }) => decision !== "revoke" || counted)).toEqual([]);
    expect({ verdict, findings, signOffs: signOffs.map(toOutcome) }).toEqual({
      verdict: report.verdict,
      findings: report.findings,
      signOffs: report.signOffs.filter(({ envelope }) => told.has(envelope)).map(toOutcome),
    });
    expect(change.commits.map(({ id, state }) => [id, state]).sort()).toEqual(
      report.commits.map(({ id, state }) => [id, state]).sort(),
    );
  }
}

const toOutcome = ({ principal, decision, counted, cover, reason, envelope }: LandedOutcome) => ({
  principal,
  decision,
  counted,
  cover,
  reason,
  envelope,
});
type LandedOutcome = NonNullable<LandedChange["evaluation"]>["signOffs"][number];

const verdicts = (changes: readonly LandedChange[]) =>
  changes.map(({ evaluation }) => evaluation?.verdict ?? null);

describe("what landed is judged as the gate would have", () => {
  it("merges and squashes of approved heads, one after the other, and one that nobody approved", async () => {
    const [a, b, c] = [
      await proposeSigned({ "a.txt": "a\n" }),
      await proposeSigned({ "b.txt": "b\n" }),
      await scenario.propose({ files: { "c.txt": "c\n" } }),
    ];
    const first = await land(scenario.start, a, "merge");
    const second = await land(first, b, "squash", "b (#2)\n");
    const third = await land(second, c, "squash", "c (#3)\n");
    const changes = await readAll(third);
    expect(verdicts(changes)).toEqual(["pass", "pass", "pending"]);
    expect(changes.map(({ signedHead }) => signedHead)).toEqual([a, b, null]);
    // The squash's message names no AI; the branch that it is of does (T02).
    expect(changes[2]?.commits.at(-1)).toMatchObject({ id: third, state: "declared" });
    await expectSameAsGate(changes);
  });

  it("a fast-forward of three approved commits is one change, and what lies on top another", async () => {
    const steps = { from: scenario.start };
    const one = await scenario.propose({ ...steps, files: { "x.txt": "1\n" } });
    const two = await scenario.propose({ from: one, files: { "x.txt": "2\n" } });
    const three = await scenario.propose({ from: two, files: { "y.txt": "3\n" } });
    await scenario.sign("senior", { base: scenario.start, head: three });
    const top = await scenario.propose({ from: three, files: { "z.txt": "4\n" } });
    const changes = await readAll(top);
    expect(changes.map(({ base, head }) => [base, head])).toEqual([
      [scenario.start, three],
      [three, top],
    ]);
    expect(verdicts(changes)).toEqual(["pass", "pending"]);
    await expectSameAsGate(changes);
  });

  it("a rebased series, recomputed from Git", async () => {
    const one = await scenario.propose({ files: { "x.txt": "1\n" } });
    const two = await scenario.propose({ from: one, files: { "y.txt": "2\n" } });
    await scenario.sign("senior", { base: scenario.start, head: two });
    const other = await scenario.propose({ message: "other\n", files: { "o.txt": "o\n" } });
    const treeOf = (base: string, head: string) =>
      scenario.repo.git(["merge-tree", "--write-tree", base, head]);
    const first = await commitTree(await treeOf(other, one), [other], AI_MESSAGE);
    const second = await commitTree(await treeOf(other, two), [first], AI_MESSAGE);
    const changes = await readAll(second);
    expect(verdicts(changes)).toEqual(["pass", "pass"]);
    expect(changes[1]).toMatchObject({ base: other, head: second, signedHead: two });
    await expectSameAsGate(changes);
  });

  it("T26: a merge with something of its own, and T18: what was changed after signing", async () => {
    const head = await proposeSigned({ "a.txt": "a\n" });
    const clean = await scenario.repo.git(["merge-tree", "--write-tree", scenario.start, head]);
    const evil = await scenario.repo.commit({
      message: "Merge\n",
      branch: "evil",
      parents: [scenario.start, head],
      files: { "a.txt": "a\n", "evil.txt": "e\n" },
    });
    expect(await scenario.repo.id(`${evil}^{tree}`)).not.toBe(clean);
    const changes = await readAll(evil);
    expect(verdicts(changes)).toEqual(["pending"]);
    await expectSameAsGate(changes);
  });

  it("T32: an approved change that landed, was reverted and came back is not approved again", async () => {
    const head = await proposeSigned({ "a.txt": "a\n" });
    const other = await scenario.propose({ message: "other\n", files: { "o.txt": "o\n" } });
    const landed = await land(other, head, "squash", AI_MESSAGE);
    const reverted = await commitTree(await scenario.repo.id(`${other}^{tree}`), [landed], "undo it\n");
    const again = await land(reverted, head, "squash", AI_MESSAGE);
    const changes = await readAll(again);
    expect(verdicts(changes)).toEqual(["pass", "pass", "pass", "pending"]);
    await expectSameAsGate(changes);
  });

  it("rejections, revocations and overrides count as they do at the door", async () => {
    const rejected = await scenario.propose({ files: { "r.txt": "r\n" } });
    await scenario.sign("senior", { head: rejected, predicate: { decision: "reject", reason: "no" } });
    const first = await land(scenario.start, rejected, "merge");
    const revoked = await scenario.propose({ from: first, files: { "v.txt": "v\n" } });
    const envelope = await scenario.sign("second", { base: first, head: revoked });
    await scenario.sign("second", {
      base: first,
      head: revoked,
      predicate: { decision: "revoke", revokes: [envelope], reason: "looked again" },
    });
    const second = await land(first, revoked, "merge");
    const changes = await readAll(second);
    expect(verdicts(changes)).toEqual(["denied", "pending"]);
    await expectSameAsGate(changes);
  });

  it("each change by the policy that was in force when it landed; none is said, not guessed", async () => {
    const before = await scenario.propose({ files: { "a.txt": "a\n" } });
    const policy = await scenario.repo.commit({
      message: "policy: nothing is asked\n",
      branch: "policy",
      parents: [before],
      files: {
        ".countersign/policy.yml": `version: 1\nrepository: https://git.example/team/project\n${await peopleYaml()}unknown: allow\n`,
      },
      author: identityOf("auditor"),
    });
    const after = await scenario.propose({ from: policy, files: { "b.txt": "b\n" } });
    const changes = await readAll(after, null);
    expect(changes.map(({ unjudged }) => unjudged)).toEqual([
      expect.stringContaining("first commit"),
      null,
      null,
      null,
    ]);
    expect(verdicts(changes)).toEqual([null, "pending", "pending", "pass"]);
    await expectSameAsGate(changes);
  });

  it("an open break-glass is held against what landed after it, never against what landed before", async () => {
    await scenario[Symbol.asyncDispose]();
    scenario = await createScenario({
      policy: `${SENIOR_RULES}breakGlass: { role: commander, count: 1, expires: 24h, postReview: 1h }\n`,
    });
    const before = await proposeSigned({ "before.txt": "1\n" });
    const broken = await scenario.propose({ from: before, files: { "broken.txt": "1\n" } });
    await scenario.sign("commander", {
      base: before,
      head: broken,
      at: NOW - 7200,
      predicate: { decision: "override", reason: "the site is down and nobody is awake" },
    });
    const after = await proposeSigned({ "after.txt": "1\n" }, broken);
    const changes = await readAll(after);
    expect(verdicts(changes)).toEqual(["pass", "pass", "denied"]);
    await expectSameAsGate(changes);
  });

  it("reads many landings in chunks without losing or repeating any", async () => {
    let tip = scenario.start;
    for (let n = 0; n < 3; n++) tip = await land(tip, await proposeSigned({ [`f${n}.txt`]: "1\n" }), "merge");
    const ids = (await scenario.repo.git(["rev-list", `${scenario.start}..${tip}`])).split("\n").sort();
    const changes = await readAll(tip);
    expect(changes.flatMap(({ commits }) => commits.map(({ id }) => id)).sort()).toEqual(ids);
  });
});
