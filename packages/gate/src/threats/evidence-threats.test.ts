// SPDX-License-Identifier: Apache-2.0
import { rmSync } from "node:fs";
import { join } from "node:path";
import { formatTerminalReport, PLAIN_PALETTE } from "@countersign/core/render";
import { openRepository, readEvidenceSet } from "@countersign/git";
import type { TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVIDENCE_REF } from "../gather-context.ts";
import { judgePush, type RefJudgement } from "../judge-push.ts";
import { createScenario, findingOf, NOW, type Scenario } from "./gate-scenario.fixture.ts";

let scenario: Scenario;
let repo: TestRepository;
beforeEach(async () => {
  scenario = await createScenario();
  repo = scenario.repo;
});
afterEach(() => scenario[Symbol.asyncDispose]());

const NONE = "0".repeat(40);

async function pushEvidence(next: string, old: string): Promise<RefJudgement | undefined> {
  const repository = await openRepository(repo.path);
  const updates = [{ ref: EVIDENCE_REF, old, new: next }];
  return (await judgePush({ repository, updates, evaluatedAt: NOW }))[0];
}

/** A commit of an evidence set with these files, on top of the set that there is unless told otherwise. */
async function writeEvidence(
  files: Parameters<TestRepository["commit"]>[0]["files"],
  onto: readonly string[],
): Promise<string> {
  return await repo.commit({
    branch: "refs/testing/evidence",
    message: "evidence\n",
    parents: onto,
    files: files ?? {},
  });
}

describe("T36: the evidence is rewritten, deleted or damaged", () => {
  let head: string;
  let name: string;
  let tip: string;
  const pathOf = (envelope: string) => `${envelope.slice(0, 2)}/${envelope}.json`;
  beforeEach(async () => {
    head = await scenario.propose();
    name = await scenario.sign("senior", { head });
    tip = await repo.id(EVIDENCE_REF);
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it("a deleted ref takes the sign-offs with it: the change waits again", async () => {
    await repo.git(["update-ref", "-d", EVIDENCE_REF]);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs).toEqual([]);
    expect(findingOf(report, "ai-senior-sign-off").reason).toMatch(
      /^0 of 1 sign-offs? by senior; 1 more needed/,
    );
  });

  it("nobody deletes it by a push", async () => {
    const judgement = await pushEvidence(NONE, tip);
    expect(judgement?.isAccepted).toBe(false);
    expect(judgement?.reason).toContain("holds the record of sign-offs and cannot be deleted");
  });

  it.each([
    ["without one entry", async () => writeEvidence({ [pathOf(name)]: null }, [tip])],
    ["by an empty set on a new root", async () => writeEvidence({}, [])],
    [
      "with an entry moved to another name",
      async () => {
        const bytes = await repo.git(["cat-file", "blob", `${tip}:${pathOf(name)}`]);
        return writeEvidence({ [pathOf(name)]: null, "hidden.json": bytes }, [tip]);
      },
    ],
  ])("nobody replaces it by a push %s", async (_what, write) => {
    const judgement = await pushEvidence(await write(), tip);
    expect(judgement?.isAccepted).toBe(false);
    expect(judgement?.reason).toMatch(
      /would drop evidence that the server has|would put something into the evidence that is none/,
    );
  });

  it.each([
    ["altered in one byte", (text: string) => Buffer.from(text.replace("payload", "Payload"))],
    ["truncated", (text: string) => Buffer.from(text.slice(0, 40))],
    ["emptied", () => Buffer.alloc(0)],
    ["replaced by another statement's bytes", (text: string) => Buffer.from(`${text} `)],
    ["blown up past the limit", () => Buffer.alloc(1024 * 1024 + 1, 0x61)],
  ])("an entry %s: nobody can tell what it said, so the verdict is error", async (_what, alter) => {
    const text = await repo.git(["cat-file", "blob", `${tip}:${pathOf(name)}`]);
    const damaged = await writeEvidence({ [pathOf(name)]: alter(text) }, [tip]);
    const judgement = await pushEvidence(damaged, tip);
    expect(judgement?.isAccepted).toBe(false);
    expect(judgement?.reason).toContain("would put something into the evidence that is none");
    await repo.git(["update-ref", EVIDENCE_REF, damaged]);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toMatch(/evidence-(?:corrupt|too-large)/);
    expect(findingOf(report, "incomplete-history").reason).toContain(name);
  });

  it("an entry under a name that its bytes do not have, beside the right one", async () => {
    const text = await repo.git(["cat-file", "blob", `${tip}:${pathOf(name)}`]);
    await repo.git([
      "update-ref",
      EVIDENCE_REF,
      await writeEvidence({ [pathOf("0".repeat(64))]: text }, [tip]),
    ]);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toContain("does not hash to its name");
  });

  it("a rejection cannot be damaged away either", async () => {
    const reject = await scenario.sign("second", {
      head,
      predicate: { decision: "reject", reason: "opens the network" },
    });
    expect((await scenario.gate({ head })).verdict).toBe("denied");
    await repo.git([
      "update-ref",
      EVIDENCE_REF,
      await writeEvidence({ [pathOf(reject)]: "{}" }, [await repo.id(EVIDENCE_REF)]),
    ]);
    expect((await scenario.gate({ head })).verdict).toBe("error");
  });

  it("an entry whose blob is gone from the object store", async () => {
    const blob = await repo.git(["rev-parse", `${tip}:${pathOf(name)}`]);
    rmSync(join(repo.path, ".git/objects", blob.slice(0, 2), blob.slice(2)));
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toContain(
      "is not in this clone; fetch the evidence again",
    );
  });

  it("a ref that names no commit is damage, not an empty set", async () => {
    await repo.git(["update-ref", EVIDENCE_REF, await repo.writeObject("blob", "not a set\n")]);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toContain("is no evidence set");
  });

  it("a ref whose commit is gone", async () => {
    rmSync(join(repo.path, ".git/objects", tip.slice(0, 2), tip.slice(2)));
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toContain(tip.slice(0, 12));
  });

  it("garbage beside it changes no verdict, and is reported", async () => {
    const garbage = await scenario.addEnvelope(Buffer.from("\u001b[2Jgarbage"));
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pass");
    expect(report.notes).toMatchObject([
      { code: "evidence-unusable", message: expect.stringContaining(garbage.slice(0, 12)) },
    ]);
    expect(formatTerminalReport(report, { palette: PLAIN_PALETTE, width: 100 })).not.toContain("\u001b");
  });

  it("a stray file in the set changes no verdict, and is reported: it may be an entry that somebody hid", async () => {
    await repo.git([
      "update-ref",
      EVIDENCE_REF,
      await writeEvidence({ "README.md": "hello\n", "ab/link": { symlink: "../x" } }, [tip]),
    ]);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pass");
    expect(report.notes.map((note) => note.message).join("\n")).toMatch(/README\.md.*is not evidence/);
  });

  it("a git note says nothing, whoever writes or rewrites it", async () => {
    await repo.git(["update-ref", "-d", EVIDENCE_REF]);
    await repo.git(["notes", "--ref=countersign", "add", "-f", "-m", "Approved-by: senior", head]);
    expect((await scenario.gate({ head })).verdict).toBe("pending");
  });

  it("two clones unite their sets, and nothing of either is lost", async () => {
    await using other = await repo.clone(["--no-local"]);
    await other.git(["fetch", "--quiet", "origin", `${EVIDENCE_REF}:${EVIDENCE_REF}`]);
    const set = await readEvidenceSet(await openRepository(other.path));
    expect([...set.envelopes.keys()]).toEqual([name]);
  });
});
