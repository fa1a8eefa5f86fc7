// SPDX-License-Identifier: Apache-2.0
import { formatAssistanceRecord } from "@countersign/core/attribution";
import { openRepository, RECORDS_REF } from "@countersign/git";
import { describe, expect, it } from "vitest";
import { judgePush } from "../judge-push.ts";
import { createScenario, findingOf, NOW, type Scenario, TARGET } from "./gate-scenario.fixture.ts";
import { addRecord, pathOfRecord, toRecord, WHOLE } from "./records.fixture.ts";

const PLAIN = "net: route the new subnet\n";
const CLOSED_WORLD =
  "roles: { senior: { members: [senior, second] } }\nunknown: deny\nrules:\n  - { id: senior, when: change.ai.assisted, require: { role: senior } }\n";

async function push(own: Scenario, updates: readonly { ref: string; old: string; new: string }[]) {
  const repository = await openRepository(own.repo.path);
  return judgePush({ repository, updates, evaluatedAt: NOW });
}

const NONE = "0".repeat(40);

describe("recorded evidence", () => {
  it("makes a commit AI-assisted that says nothing of it", async () => {
    await using own = await createScenario();
    const head = await own.propose({ message: PLAIN, files: { "a.txt": "1\n" } });
    expect((await own.gate({ head })).verdict).toBe("pass");
    await addRecord(own.repo, [await toRecord(own.repo, head, { "a.txt": "ai" })]);
    const report = await own.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({
      ai: {
        assisted: true,
        tools: ["claude-code"],
        extents: ["generated"],
        evidence: ["observed"],
        conventions: ["recorded"],
      },
      states: ["recorded"],
    });
  });

  it("T09: beside `AI-Assisted: none` is a contradiction, which denies", async () => {
    await using own = await createScenario();
    const head = await own.propose({ message: `${PLAIN}\nAI-Assisted: none\n`, files: { "a.txt": "1\n" } });
    await addRecord(own.repo, [await toRecord(own.repo, head, { "a.txt": "ai" })]);
    const report = await own.gate({ head });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "contradictory-claim").commits).toEqual([head]);
  });

  it("T02: of the originals is found in a squash whose message says nothing", async () => {
    await using own = await createScenario();
    const files = { "a.txt": "alpha(1000);\nbeta(2000);\n" };
    const original = await own.propose({ message: PLAIN, files });
    await addRecord(own.repo, [await toRecord(own.repo, original, { "a.txt": "ai" })]);
    const squash = { message: "net: routes (#7)\n", branch: "landing", parents: [own.start] };
    const head = await own.repo.commit({ ...squash, files: { ...files, "b.txt": "other\n" } });
    const report = await own.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({ ai: { tools: ["claude-code"], evidence: ["derived"] } });
  });

  it("T01: outlives a trailer that was amended away, and the policy may insist on it", async () => {
    const policy = "roles: { senior: { members: [senior, second] } }\nundeclared: deny\n";
    for (const [more, verdict, status] of [
      ["", "pending", "warning"],
      [policy, "denied", "fail"],
    ] as const) {
      await using own = await createScenario(more === "" ? {} : { policy: more });
      const files = { "a.txt": "alpha(1000);\n" };
      const before = await own.propose({ files });
      await addRecord(own.repo, [await toRecord(own.repo, before, { "a.txt": "ai" })]);
      const head = await own.propose({ message: PLAIN, files });
      const report = await own.gate({ head });
      expect(report.verdict).toBe(verdict);
      expect(findingOf(report, "undeclared")).toMatchObject({ status, commits: [head] });
      expect(report.change).toMatchObject({ ai: { assisted: true, evidence: ["derived"] } });
    }
  });

  it("that comes with the same push counts for its branches", async () => {
    await using own = await createScenario();
    const head = await own.propose({ message: PLAIN, files: { "a.txt": "1\n" } });
    const set = await addRecord(
      own.repo,
      [await toRecord(own.repo, head, { "a.txt": "ai" })],
      "refs/testing/records",
    );
    const branch = { ref: TARGET, old: own.start, new: head };
    const [alone] = await push(own, [branch]);
    expect(alone?.isAccepted).toBe(true);
    const judged = await push(own, [{ ref: RECORDS_REF, old: NONE, new: set }, branch]);
    expect(judged.map((one) => one.isAccepted)).toEqual([true, false]);
    expect(judged[1]?.report?.verdict).toBe("pending");
  });

  it("of another tracker counts too, and one without AI clears nothing", async () => {
    await using own = await createScenario({ policy: CLOSED_WORLD });
    const head = await own.propose({ message: PLAIN, files: { "a.txt": "1\n" } });
    const note = (attributions: readonly object[]) =>
      own.repo.git(["notes", "--ref=agentblame", "add", "-f", "-F", "-", head], {
        input: JSON.stringify({ version: 2, attributions }),
      });
    await note([]);
    expect(findingOf(await own.gate({ head }), "unknown-provenance").status).toBe("fail");
    await note([
      { path: "a.txt", startLine: 1, endLine: 1, category: "ai_generated", provider: "cursor", model: null },
    ]);
    const report = await own.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({ ai: { tools: ["cursor"], conventions: ["agentblame-note"] } });
  });
});

describe("forged, copied and deleted records", () => {
  it("a forged clearance weakens no declaration and no sign", async () => {
    await using own = await createScenario();
    const declared = await own.propose();
    await addRecord(own.repo, [await toRecord(own.repo, declared, {}, { coverage: WHOLE })]);
    expect((await own.gate({ head: declared })).verdict).toBe("pending");
    const signalled = await own.propose({ message: PLAIN });
    await addRecord(own.repo, [await toRecord(own.repo, signalled, {}, { coverage: WHOLE })]);
    expect((await own.gate({ head: signalled, branchNames: ["claude/fix"] })).verdict).toBe("denied");
  });

  it("a record that calls an AI's lines human takes neither the lines nor the agent away", async () => {
    await using own = await createScenario();
    const head = await own.propose({ message: PLAIN, files: { "a.txt": "1\n" } });
    await addRecord(own.repo, [await toRecord(own.repo, head, { "a.txt": "ai" })]);
    await addRecord(own.repo, [await toRecord(own.repo, head, { "a.txt": "human" }, { coverage: WHOLE })]);
    expect((await own.gate({ head })).change).toMatchObject({ ai: { assisted: true }, states: ["recorded"] });
  });

  it("a clearance is a claim by whoever can push: in a closed world the policy decides whom to believe", async () => {
    await using own = await createScenario({ policy: CLOSED_WORLD });
    const head = await own.propose({ message: PLAIN });
    expect((await own.gate({ head })).verdict).toBe("denied");
    await addRecord(own.repo, [await toRecord(own.repo, head, {}, { coverage: WHOLE })]);
    expect((await own.gate({ head })).change).toMatchObject({ states: ["cleared"] });
    expect((await own.gate({ head })).verdict).toBe("pass");
  });

  it("a clearance copied from another commit is void, and a note says so", async () => {
    await using own = await createScenario({ policy: CLOSED_WORLD });
    const source = await own.propose({ message: PLAIN });
    const head = await own.propose({ message: PLAIN });
    const record = await toRecord(own.repo, source, {}, { coverage: WHOLE });
    await addRecord(own.repo, [{ ...record, commit: head }]);
    const report = await own.gate({ head });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "attribution-warnings").reason).toContain("record-of-another-commit");
  });

  it("an inferred record and one with a gap clear nothing", async () => {
    await using own = await createScenario({ policy: CLOSED_WORLD });
    const inferred = await own.propose({ message: PLAIN });
    await addRecord(own.repo, [
      await toRecord(own.repo, inferred, {}, { coverage: WHOLE, grade: "inferred" }),
    ]);
    const gaps = [{ code: "event-lost", message: "an event was lost" }];
    const lossy = await own.propose({ message: PLAIN });
    await addRecord(own.repo, [await toRecord(own.repo, lossy, {}, { coverage: { ...WHOLE, gaps } })]);
    for (const head of [inferred, lossy]) expect((await own.gate({ head })).verdict).toBe("denied");
  });

  it("a damaged set is no set: the gate cannot tell", async () => {
    await using own = await createScenario();
    const head = await own.propose({ message: PLAIN });
    await own.repo.git(["update-ref", RECORDS_REF, await own.repo.writeObject("blob", "x")]);
    const report = await own.gate({ head });
    expect(report.verdict).toBe("error");
  });

  it("a notes ref that is none is reported, and does not stop everybody", async () => {
    await using own = await createScenario();
    const head = await own.propose({ message: PLAIN });
    await own.repo.git(["update-ref", "refs/notes/ai", await own.repo.writeObject("blob", "x")]);
    const report = await own.gate({ head });
    expect(report.verdict).toBe("pass");
    expect(findingOf(report, "attribution-warnings").reason).toContain("notes-unreadable");
  });
});

describe("a push of records", () => {
  async function withRecord() {
    const own = await createScenario();
    const head = await own.propose({ message: PLAIN, files: { "a.txt": "1\n" } });
    const record = await toRecord(own.repo, head, { "a.txt": "ai" });
    const tip = await addRecord(own.repo, [record]);
    return { own, head, record, tip };
  }
  const judge = async (own: Scenario, old: string, next: string) =>
    (await push(own, [{ ref: RECORDS_REF, old, new: next }]))[0];

  it("may add", async () => {
    const { own, head, tip } = await withRecord();
    await using _ = own;
    await own.repo.git(["update-ref", "refs/testing/records", tip]);
    const more = await toRecord(own.repo, head, {}, { grade: "derived" });
    const next = await addRecord(own.repo, [more], "refs/testing/records");
    expect(await judge(own, tip, next)).toMatchObject({ isAccepted: true, reason: "records grow" });
  });

  it("may not delete the set, an entry, or all that came before", async () => {
    const { own, head, record, tip } = await withRecord();
    await using _ = own;
    const path = pathOfRecord(head, formatAssistanceRecord(record));
    const without = await own.repo.commit({
      branch: "refs/testing/a",
      parents: [tip],
      message: "x\n",
      files: { [path]: null },
    });
    const afresh = await addRecord(own.repo, [await toRecord(own.repo, own.start, {})], "refs/testing/b");
    expect((await judge(own, tip, NONE))?.reason).toContain("cannot be deleted");
    for (const next of [without, afresh])
      expect(await judge(own, tip, next)).toMatchObject({
        isAccepted: false,
        reason: expect.stringContaining("would drop 1 record(s)"),
      });
  });

  it.each([
    ["a file that is no record's", () => ["README.md", "x"]],
    ["a record under another commit", (bytes: Uint8Array) => [pathOfRecord("e".repeat(40), bytes), bytes]],
    ["bytes that do not hash to their name", () => [`ee/${"e".repeat(38)}/${"0".repeat(64)}.json`, "{}"]],
    ["JSON that is no record", () => [pathOfRecord("e".repeat(40), Buffer.from("{}")), "{}"]],
    ["a link", (bytes: Uint8Array) => [pathOfRecord("e".repeat(40), bytes), { symlink: "x" }]],
  ] as const)("may not add %s", async (_name, make) => {
    const { own, record, tip } = await withRecord();
    await using _own = own;
    const [path, content] = make(formatAssistanceRecord(record)) as [string, string | Uint8Array];
    const next = await own.repo.commit({
      branch: "refs/testing/a",
      parents: [tip],
      message: "x\n",
      files: { [path]: content },
    });
    expect(await judge(own, tip, next)).toMatchObject({
      isAccepted: false,
      reason: expect.stringContaining("would put something into the records that is none"),
    });
  });

  it("in another spelling of the ref is the server's own", async () => {
    const { own, tip } = await withRecord();
    await using _ = own;
    const [judged] = await push(own, [{ ref: "refs/Countersign/records", old: NONE, new: tip }]);
    expect(judged?.isAccepted).toBe(false);
  });
});

describe("lines", () => {
  const POLICY = `roles: { senior: { members: [senior, second] } }
rules:
  - { id: mostly-ai, when: change.ai.share > 50, require: { role: senior } }
  - { id: covered, when: change.coverage < 100 && change.ai.lines > 0, deny: "who wrote the rest?" }
`;
  it("are counted for a policy that asks, as far as they were added", async () => {
    await using own = await createScenario({ policy: POLICY });
    const head = await own.propose({ message: PLAIN, files: { "a.txt": "1\n2\n3\n", "b.txt": "4\n" } });
    expect((await own.gate({ head })).change).toMatchObject({
      addedLines: 4,
      coverage: 0,
      ai: { lines: 0, share: 0 },
    });
    await addRecord(own.repo, [await toRecord(own.repo, head, { "a.txt": "ai", "b.txt": "human" })]);
    const report = await own.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({ addedLines: 4, coverage: 100, ai: { lines: 3, share: 75 } });
  });

  it("of a commit that names an AI without a record all count", async () => {
    await using own = await createScenario({ policy: POLICY });
    const head = await own.propose({ files: { "a.txt": "1\n2\n3\n" } });
    const report = await own.gate({ head });
    expect(report.change).toMatchObject({ ai: { lines: 3, share: 100 }, coverage: 0 });
    expect(report.verdict).toBe("denied");
  });

  it("of such a commit count all the same where another tracker's note calls them a person's", async () => {
    await using own = await createScenario({ policy: POLICY });
    const head = await own.propose({ files: { "a.txt": "1\n2\n3\n" } });
    const metadata = {
      schema_version: "authorship/3.0.0",
      git_ai_version: null,
      base_commit_sha: head,
      prompts: {},
      humans: { h_1: { author: "Eve <eve@example.com>" } },
    };
    const input = `a.txt\n  h_1 1-3\n---\n${JSON.stringify(metadata)}`;
    await own.repo.git(["notes", "--ref=ai", "add", "-F", "-", head], { input });
    expect((await own.gate({ head })).change).toMatchObject({ ai: { lines: 3, share: 100 } });
  });

  it("are not counted for a policy that does not", async () => {
    await using own = await createScenario();
    const head = await own.propose({ files: { "a.txt": "1\n2\n3\n" } });
    expect((await own.gate({ head })).change).toMatchObject({ addedLines: null, ai: { lines: null } });
  });
});
