// SPDX-License-Identifier: Apache-2.0
import type { AuditReport } from "@countersign/core/audit";
import { DECIDING_REFS } from "@countersign/gate";
import { openRepository, snapshotRefs } from "@countersign/git";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createScenario,
  identityOf,
  NOW,
  type Scenario,
  TARGET,
} from "../../../gate/src/threats/gate-scenario.fixture.ts";
import { gatherReport } from "./gather-report.ts";

/** A week of a busy team on a forge that squashes. */
const CHANGES = 36;
const FORGE = { GIT_COMMITTER_NAME: "Forge", GIT_COMMITTER_EMAIL: "noreply@forge.example" };

let scenario: Scenario;
let report: AuditReport;
const reviewerOf = (n: number) => (n % 3 === 0 ? "second" : "senior");
/** Every ninth change is landed with something in it that nobody saw. */
const isEvil = (n: number) => n % 9 === 8;
const EVIL = Array.from({ length: CHANGES }, (_, n) => n).filter(isEvil);

/** A branch of two commits, the first of which names an AI; approved; landed as one commit whose message names nobody. */
async function land(n: number, tip: string): Promise<string> {
  const { repo, start } = scenario;
  const ai = `net: route ${n}\n\nAI-Assisted: claude-code/claude-opus-4-8\n`;
  const below = await scenario.propose({ from: start, message: ai });
  const head = await scenario.propose({ from: below, message: `net: name ${n}\n` });
  await scenario.sign(reviewerOf(n), { base: start, head, at: NOW - 7200 + n });
  // Forges keep what a request was about, though the branch is gone.
  await repo.git(["update-ref", `refs/pull/${n}/head`, head]);
  const merged = await repo.git(["merge-tree", "--write-tree", tip, head]);
  const tree = isEvil(n) ? await withAnotherFile(merged) : merged;
  const author = identityOf("author");
  const environment = { ...FORGE, GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email };
  return await repo.git(["commit-tree", tree, "-p", tip, "-m", `net: route ${n} (#${n})\n`], { environment });
}

/** The same tree and one file more. */
async function withAnotherFile(tree: string): Promise<string> {
  const blob = await scenario.repo.writeObject("blob", "nobody saw this\n");
  const rows = await scenario.repo.git(["ls-tree", tree]);
  return await scenario.repo.git(["mktree"], { input: `${rows}\n100644 blob ${blob}\tzz-more.txt\n` });
}

beforeAll(async () => {
  scenario = await createScenario({ head: "repository: https://git.example/team/project\n" });
  let tip = scenario.start;
  for (let n = 0; n < CHANGES; n++) tip = await land(n, tip);
  await scenario.repo.git(["update-ref", TARGET, tip]);
  await scenario.repo.checkout("main");
  await scenario.repo.tryGit(["branch", "-D", "change"]);
  report = await gatherReport({
    repository: await snapshotRefs(await openRepository(scenario.repo.path), DECIDING_REFS),
    scope: { kind: "range", from: "start", to: "main" },
    base: scenario.start,
    head: tip,
    target: TARGET,
    now: NOW,
    evidence: [],
    depth: 1,
    ledger: null,
    surviving: null,
    deployments: [],
    notes: [],
  });
}, 300_000);
afterAll(() => scenario?.[Symbol.asyncDispose]());

describe("changes that a forge landed as squashes, their trailers dropped", () => {
  const rowOf = (n: number) => [...report.changes].find(({ title }) => title === `net: route ${n} (#${n})`);

  it("are each named, with the AI of the commits that were squashed and with who reviewed them", () => {
    expect(report.totals).toMatchObject({ changes: CHANGES, assisted: CHANGES - EVIL.length });
    for (let n = 0; n < CHANGES; n++) {
      if (isEvil(n)) continue;
      const row = rowOf(n);
      expect(row, `change ${n}`).toMatchObject({
        isAssisted: true,
        verdict: "pass",
        tools: [{ tool: "claude-code", model: "claude-opus-4-8" }],
        gaps: [],
      });
      const counted = row?.signOffs.filter((one) => one.counted) ?? [];
      expect(counted.map(({ person, decision }) => [person, decision])).toEqual([[reviewerOf(n), "approve"]]);
    }
  });

  it("are of unknown provenance, and without a sign-off, where what landed is not what Git makes of what was signed", () => {
    for (const n of EVIL) {
      expect(rowOf(n)).toMatchObject({ state: "unknown", gaps: ["unknown-provenance"] });
      expect(rowOf(n)?.signOffs.filter(({ counted }) => counted)).toEqual([]);
    }
    expect(report.totals.signedOff).toBe(CHANGES - EVIL.length);
  });

  it("are counted by reviewer", () => {
    const own = (person: string) =>
      Array.from({ length: CHANGES }, (_, n) => n).filter((n) => !isEvil(n) && reviewerOf(n) === person)
        .length;
    const counts = Object.fromEntries(
      report.totals.reviewers.map(({ person, approvals }) => [person, approvals]),
    );
    expect(counts).toEqual({ senior: own("senior"), second: own("second") });
  });
});
