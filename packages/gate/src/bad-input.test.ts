// SPDX-License-Identifier: Apache-2.0
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { GateReport } from "@countersign/core/render";
import { addEvidence, openRepository, readEvidenceSet } from "@countersign/git";
import { createRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeChange } from "./describe-change.ts";
import { EVIDENCE_REF } from "./gather-context.ts";
import { judgePush } from "./judge-push.ts";
import { type PlanSignOffResult, planAs } from "./plan-as.fixture.ts";
import { runGate } from "./run-gate.ts";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  NOW,
  type Scenario,
  TARGET,
} from "./threats/gate-scenario.fixture.ts";

describe("evidence that is none", () => {
  let scenario: Scenario;
  let head: string;
  beforeAll(async () => {
    scenario = await createScenario();
    head = await scenario.propose();
  });
  afterAll(() => scenario[Symbol.asyncDispose]());

  const base64 = (value: unknown) =>
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64");
  const envelope = (payload: string, signatures: unknown = [{ sig: "AAAA" }]) =>
    JSON.stringify({ payloadType: "application/vnd.in-toto+json", payload, signatures });

  it.each<[string, string | Uint8Array]>([
    ["empty", ""],
    ["one byte", "x"],
    ["random bytes", Uint8Array.from({ length: 2000 }, (_, i) => (i * 7919) % 256)],
    ["JSON of another kind", "[1,2,3]"],
    ["JSON null", "null"],
    ["deep JSON", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["an envelope of nothing", envelope("")],
    ["an envelope of bad base64", envelope("****")],
    ["an envelope of no statement", envelope(base64("{}"))],
    ["an envelope without signatures", envelope(base64({ _type: "https://in-toto.io/Statement/v1" }), [])],
    ["an envelope with a thousand signatures", envelope(base64("{}"), Array(1000).fill({ sig: "AAAA" }))],
    ["a key twice", '{"payloadType":"a","payloadType":"b","payload":"","signatures":[]}'],
    [
      "a prototype's name",
      '{"__proto__":{"payload":"x"},"payloadType":"x","payload":"e30=","signatures":[]}',
    ],
    ["just under a megabyte", envelope("A".repeat(1_000_000))],
    ["an SSH signature alone", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"],
    [
      "a later version's statement",
      envelope(base64({ _type: "https://in-toto.io/Statement/v9", predicateType: "x" })),
    ],
  ])("%s: reported, and nothing else is lost", async (_what, bytes) => {
    await scenario.repo.tryGit(["update-ref", "-d", EVIDENCE_REF]);
    const good = await scenario.sign("senior", { head });
    const bad = await scenario.addEnvelope(Buffer.from(bytes));
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pass");
    expect(report.notes).toMatchObject([
      { code: "evidence-unusable", message: expect.stringContaining(bad.slice(0, 12)) },
    ]);
    expect(report.signOffs).toMatchObject([{ envelope: good, counted: true }]);
    const { envelopes } = await readEvidenceSet(await openRepository(scenario.repo.path));
    expect([...envelopes.keys()].sort()).toEqual([good, bad].sort());
  });

  it("a damaged set is not written over: adding to it keeps what is there, or refuses", async () => {
    await scenario.repo.tryGit(["update-ref", "-d", EVIDENCE_REF]);
    const good = await scenario.sign("senior", { head });
    const path = `cd/cd${"0".repeat(62)}.json`;
    const damaged = await scenario.repo.commit({
      branch: EVIDENCE_REF,
      message: "damage\n",
      files: { [path]: "{}" },
    });
    const added = await addEvidence(await openRepository(scenario.repo.path), [Buffer.from("more")]).then(
      () => true,
      () => false,
    );
    const names = await scenario.repo.git(["ls-tree", "-r", "--name-only", EVIDENCE_REF]);
    expect(names).toContain(`${good}.json`);
    expect((await scenario.repo.git(["rev-parse", EVIDENCE_REF])) !== damaged).toBe(added);
    expect((await scenario.gate({ head })).verdict).toBe(names.includes(path) ? "error" : "pass");
  });
});

describe("repositories that are hardly one", () => {
  const ask = async (path: string, base: string, head: string) =>
    await runGate({
      repository: await openRepository(path),
      base,
      head,
      target: TARGET,
      evaluatedAt: NOW,
      isLanding: false,
      branchNames: [],
      versions: [],
      contributors: [],
      description: null,
      evidence: [],
    });

  it("without commits: the first push needs a policy, and the gate cannot tell anything", async () => {
    await using repo = await createRepository();
    const report = await ask(repo.path, "1".repeat(40), "2".repeat(40));
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "policy").reason).toMatch(/not in this repository/);
    const repository = await openRepository(repo.path);
    const [judgement] = await judgePush({
      repository,
      updates: [{ ref: "refs/heads/topic", old: "0".repeat(40), new: "1".repeat(40) }],
      evaluatedAt: NOW,
    });
    expect(judgement).toMatchObject({
      isAccepted: false,
      reason: expect.stringContaining("there is no policy to judge by"),
    });
  });

  it("with unrelated histories: nobody can tell what would land", async () => {
    await using scenario = await createScenario();
    const root = await scenario.repo.commit({
      branch: "unrelated",
      parents: [],
      message: AI_MESSAGE,
      files: { x: "1\n" },
    });
    const report = await scenario.gate({ head: root });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toContain(
      "share no history; expected a change made from the target branch",
    );
    await expect(
      describeChange({
        repository: await openRepository(scenario.repo.path),
        base: scenario.start,
        head: root,
        target: TARGET,
      }),
    ).rejects.toThrow("no common history");
    expect(await planAs(scenario, "senior", { head: root })).toMatchObject({
      refusal: expect.stringContaining("share no history"),
    } satisfies Partial<PlanSignOffResult>);
  });

  it("with a merge of an unrelated history: its commits are part of the change", async () => {
    await using scenario = await createScenario();
    const root = await scenario.repo.commit({
      branch: "unrelated",
      parents: [],
      message: AI_MESSAGE,
      files: { x: "1\n" },
    });
    const head = await scenario.repo.commit({
      branch: "both",
      parents: [scenario.start, root],
      message: "Merge\n",
      files: { x: "1\n" },
    });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").commits).toContain(root);
  });

  it.each([
    ["a base that is not here", "f".repeat(40), undefined],
    ["a base of zeros", "0".repeat(40), undefined],
    ["a head that is not here", undefined, "f".repeat(40)],
  ])("%s", async (_what, base, head) => {
    await using scenario = await createScenario();
    const own = await scenario.propose();
    const report = await ask(scenario.repo.path, base ?? scenario.start, head ?? own);
    expect(["denied", "error"]).toContain(report.verdict);
    expect(report.findings[0]?.reason).toMatch(/not in this repository/);
  });

  it("a base that is a tree, a blob or a tag of one", async () => {
    await using scenario = await createScenario();
    const head = await scenario.propose();
    for (const revision of [`${scenario.start}^{tree}`, `${scenario.start}:README.md`]) {
      const id = await scenario.repo.git(["rev-parse", revision]);
      const report = await ask(scenario.repo.path, id, head).catch((error: unknown) => error);
      expect(report instanceof Error ? "error" : (report as GateReport).verdict).toMatch(/denied|error/);
    }
  });

  it("head and base the same, and head behind base: nothing would land, and the report says so", async () => {
    await using scenario = await createScenario();
    const head = await scenario.propose();
    for (const [base, same] of [
      [head, head],
      [head, scenario.start],
    ] as const) {
      const report = await scenario.gate({ base, head: same });
      expect(report.verdict).toBe("pass");
      expect(findingOf(report, "no-changes").reason).toContain("nothing would land");
    }
    expect(await planAs(scenario, "senior", { base: head, head })).toMatchObject({
      refusal: expect.stringContaining("nothing to sign"),
    });
  });

  it("a change that changes nothing but has an AI commit waits like any other", async () => {
    await using scenario = await createScenario();
    const head = await scenario.repo.git([
      "commit-tree",
      `${scenario.start}^{tree}`,
      "-p",
      scenario.start,
      "-m",
      AI_MESSAGE,
    ]);
    expect((await scenario.gate({ head })).verdict).toBe("pending");
  });

  it("an object store that is gone", async () => {
    await using scenario = await createScenario();
    const head = await scenario.propose();
    rmSync(join(scenario.repo.path, ".git/objects"), { recursive: true });
    await scenario.repo.tryGit(["init", "--quiet"]);
    const report = await scenario.gate({ base: scenario.start, head }).catch((error: unknown) => error);
    expect(report instanceof Error ? report.name : (report as GateReport).verdict).toMatch(
      /GitError|denied|error/,
    );
  });

  it.each([
    ["no message", ""],
    ["only line ends", "\n\n\n"],
    ["a NUL in it", "x\0\n\nAI-Assisted: cursor/unknown\n"],
    ["another encoding", Buffer.from("caf\xe9\n\nAI-Assisted: cursor/unknown\n", "latin1")],
  ])("a commit with %s", async (_what, message) => {
    await using scenario = await createScenario();
    const tree = await scenario.repo.id(`${scenario.start}^{tree}`);
    const who = "author <author@example.com> 1767226000 +0000";
    const text = Buffer.concat([
      Buffer.from(`tree ${tree}\nparent ${scenario.start}\nauthor ${who}\ncommitter ${who}\n\n`),
      Buffer.from(message),
    ]);
    const report = await scenario.gate({ head: await scenario.repo.writeObject("commit", text) });
    expect(report.verdict).toMatch(String(message).includes("AI") ? /pending|error|denied/ : /pass/);
  });

  it.each([
    ["without an author", (rows: string[]) => rows.filter((row) => !row.startsWith("author"))],
    ["without an address", (rows: string[]) => rows.map((row) => row.replace(/<.*>/, ""))],
    [
      "with two authors",
      (rows: string[]) =>
        rows.flatMap((row) =>
          row.startsWith("author") ? [row, "author senior <senior@example.com> 1 +0000"] : [row],
        ),
    ],
  ])("a commit object %s is never a clean pass of an AI change", async (_what, change) => {
    await using scenario = await createScenario();
    const tree = await scenario.repo.id(`${await scenario.propose()}^{tree}`);
    const rows = [
      `tree ${tree}`,
      `parent ${scenario.start}`,
      "author author <author@example.com> 1767226000 +0000",
      "committer author <author@example.com> 1767226000 +0000",
    ];
    const head = await scenario.repo.writeObject("commit", `${change(rows).join("\n")}\n\n${AI_MESSAGE}`);
    const report = await scenario.gate({ head }).catch((error: unknown) => error);
    expect(report instanceof Error ? report.name : (report as GateReport).verdict).toMatch(
      /Error|pending|error|denied/,
    );
  });
});
