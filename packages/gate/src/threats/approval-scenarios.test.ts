// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { judgePush } from "../judge-push.ts";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  identityOf,
  NOW,
  type PersonId,
  type Scenario,
  TARGET,
} from "./gate-scenario.fixture.ts";
import { forgetSignOffs } from "./signed-changes.fixture.ts";

beforeAll(async () => {
  scenario = await createScenario();
});
afterAll(() => scenario[Symbol.asyncDispose]());
beforeEach(async () => {
  await scenario.repo.tryGit(["update-ref", "-d", "refs/countersign/evidence"]);
});

// Scenarios of other approval systems, by the names they have there; docs/scenarios.md lists all of them.

let scenario: Scenario;
beforeAll(async () => {
  scenario = await createScenario();
});
afterAll(() => scenario[Symbol.asyncDispose]());
beforeEach(() => forgetSignOffs(scenario));

const HUMAN = "docs: tidy\n";
const decide = (person: PersonId, head: string, decision: "approve" | "reject" | "revoke", at: number) =>
  scenario.sign(person, { head, at, predicate: { decision, reason: "looked at it twice" } });

describe("policy-bot", () => {
  it("noApprovalRequired", async () => {
    const report = await scenario.gate({ head: await scenario.propose({ message: HUMAN }) });
    expect(report.verdict).toBe("pass");
    expect(findingOf(report, "ai-senior-sign-off")).toMatchObject({
      status: "skipped",
      reason: "`when: change.ai.assisted` does not hold",
    });
  });

  it("singleApprovalRequired, specificUserApproves, specificOrgApproves", async () => {
    const head = await scenario.propose();
    expect((await scenario.gate({ head })).verdict).toBe("pending");
    await scenario.sign("auditor", { head });
    const outsider = await scenario.gate({ head });
    expect(outsider.verdict).toBe("pending");
    expect(outsider.signOffs[0]?.reason).toBe("auditor does not hold the role senior");
    await scenario.sign("senior", { head });
    const finding = findingOf(await scenario.gate({ head }), "ai-senior-sign-off");
    expect(finding).toMatchObject({ status: "pass", missing: null });
    expect(finding.reason).toContain("sign-off by senior (senior)");
  });

  it("ignoreUpdateMergeContributor: whoever updates the branch by the button wrote nothing", async () => {
    const first = await scenario.propose();
    const base = await scenario.propose({ message: HUMAN, author: identityOf("auditor") });
    const tree = await scenario.repo.git(["merge-tree", "--write-tree", first, base]);
    const who = {
      GIT_AUTHOR_NAME: "senior",
      GIT_AUTHOR_EMAIL: "senior@example.com",
      GIT_COMMITTER_NAME: "GitHub",
      GIT_COMMITTER_EMAIL: "noreply@github.com",
    };
    const head = await scenario.repo.git(
      ["commit-tree", tree, "-p", first, "-p", base, "-m", "Merge branch 'main'"],
      { environment: who },
    );
    await scenario.sign("senior", { base, head });
    expect((await scenario.gate({ base, head })).verdict).toBe("pass");
  });

  describe("disapproval", () => {
    it("singleUserDisapproves; disapprovalWins over any number of approvals", async () => {
      const head = await scenario.propose();
      await scenario.sign("second", { head });
      await decide("senior", head, "reject", NOW - 3000);
      const report = await scenario.gate({ head });
      expect(report.verdict).toBe("denied");
      const finding = findingOf(report, "ai-senior-sign-off");
      expect(finding).toMatchObject({ status: "fail", commits: [head] });
      expect(finding.reason).toMatch(/^rejected by senior at .*: looked at it twice$/);
    });

    it("skippedWithNoRequires: who holds no role that signs rejects nothing", async () => {
      const head = await scenario.propose();
      await scenario.sign("second", { head });
      await decide("auditor", head, "reject", NOW - 3000);
      const report = await scenario.gate({ head });
      expect(report.verdict).toBe("pass");
      expect(report.signOffs.find(({ decision }) => decision === "reject")?.reason).toBe(
        "auditor holds no role whose rejection counts here",
      );
    });

    it("singleUserDisapprovesAndRevokes, with another's approval", async () => {
      const head = await scenario.propose();
      await decide("senior", head, "reject", NOW - 3000);
      await decide("senior", head, "revoke", NOW - 2000);
      await scenario.sign("second", { head });
      const report = await scenario.gate({ head });
      expect(report.verdict).toBe("pass");
      expect(report.signOffs.find(({ decision }) => decision === "reject")?.reason).toMatch(/^revoked at /);
    });

    it("multipleUsersDisapprove: each must take theirs back", async () => {
      const head = await scenario.propose();
      await decide("senior", head, "reject", NOW - 3000);
      await decide("second", head, "reject", NOW - 3000);
      await decide("senior", head, "revoke", NOW - 2000);
      const report = await scenario.gate({ head });
      expect(report.verdict).toBe("denied");
      expect(findingOf(report, "ai-senior-sign-off").reason).toContain("rejected by second");
    });

    it("otherUserRevokes: nobody takes another's rejection back", async () => {
      const head = await scenario.propose();
      await decide("senior", head, "reject", NOW - 3000);
      await decide("second", head, "revoke", NOW - 2000);
      await decide("second", head, "approve", NOW - 1000);
      expect((await scenario.gate({ head })).verdict).toBe("denied");
    });

    it("singleUserDisapprovesAndRevokesWithReview: the same signer's later approval replaces the rejection", async () => {
      const head = await scenario.propose();
      await decide("senior", head, "reject", NOW - 3000);
      await decide("senior", head, "approve", NOW - 2000);
      expect((await scenario.gate({ head })).verdict).toBe("pass");
      await decide("senior", head, "reject", NOW - 1000);
      expect((await scenario.gate({ head })).verdict).toBe("denied");
    });

    it("a rejection stands over a clean rebase", async () => {
      const head = await scenario.propose({ files: { "rejected.txt": "1\n" } });
      await decide("senior", head, "reject", NOW - 3000);
      const base = await scenario.propose({ message: HUMAN, author: identityOf("auditor") });
      const rebased = await scenario.propose({ from: base, files: { "rejected.txt": "1\n" } });
      await scenario.sign("second", { base, head: rebased });
      expect((await scenario.gate({ base, head: rebased })).verdict).toBe("denied");
    });
  });

  describe("predicates on authors and files, as conditions", () => {
    const rule = (id: string, when: string) =>
      `  - { id: ${id}, when: ${JSON.stringify(when)}, deny: "no" }\n`;
    const conditions = [
      ["authorInUsers", 'change.authors.exists(a, a == "author")'],
      ["containsCommitAuthorNotInList", '!change.commits.all(c, c.author.principal in ["author"])'],
      ["committerInUsers", 'change.commits.exists(c, c.committer.principal == "senior")'],
      ["filesOnlyMatch", 'change.paths.all(p, p.startsWith("app/"))'],
      ["filesSomeMatch", 'change.paths.exists(p, p.startsWith("app/"))'],
      ["filesNoneMatch", '!change.paths.exists(p, p.startsWith("app/"))'],
    ] as const;
    let own: Scenario;
    beforeAll(async () => {
      own = await createScenario({
        policy: `rules:\n${conditions.map(([id, when]) => rule(id.toLowerCase(), when)).join("")}`,
      });
    });
    afterAll(() => own[Symbol.asyncDispose]());

    it.each([
      [
        "one author, one folder",
        {},
        { "app/a.txt": "1\n" },
        ["authorInUsers", "filesOnlyMatch", "filesSomeMatch"],
      ],
      [
        "another author, two folders",
        { author: identityOf("senior") },
        { "app/a.txt": "2\n", "b.txt": "2\n" },
        ["containsCommitAuthorNotInList", "committerInUsers", "filesSomeMatch"],
      ],
      [
        "another committer, another folder",
        { committer: identityOf("senior") },
        { "b.txt": "3\n" },
        ["authorInUsers", "committerInUsers", "filesNoneMatch"],
      ],
    ])("%s", async (_name, who, files, expected) => {
      const report = await own.gate({ head: await own.propose({ message: HUMAN, ...who, files }) });
      const failed = report.findings.filter(({ status }) => status === "fail").map((finding) => finding.rule);
      expect(failed).toEqual(expected.map((id) => id.toLowerCase()).sort());
    });
  });
});

describe("gittuf", () => {
  const zero = "0".repeat(40);

  async function push(own: Scenario, ref: string, old: string, next: string) {
    await own.repo.checkout("main");
    const [judgement] = await judgePush({
      repository: await openRepository(own.repo.path),
      updates: [{ ref, old, new: next }],
      evaluatedAt: NOW,
    });
    return judgement;
  }

  it("VerifyMergeable: base not zero, threshold of two by reference authorization", async () => {
    const head = await scenario.propose({ files: { "gittuf.tf": 'resource "a" "b" {}\n' } });
    await scenario.sign("senior", { head });
    expect((await push(scenario, TARGET, scenario.start, head))?.isAccepted).toBe(false);
    await scenario.sign("second", { head });
    expect(await push(scenario, TARGET, scenario.start, head)).toMatchObject({
      isAccepted: true,
      report: { verdict: "pass" },
    });
  });

  it("unprotected base", async () => {
    const judgement = await push(scenario, "refs/heads/wip", zero, await scenario.propose());
    expect(judgement).toMatchObject({ isAccepted: true, reason: "not gated by the policy", report: null });
  });

  it("block force pushes; a protected branch is not deleted", async () => {
    const other = await scenario.propose({ message: HUMAN, parents: [] });
    expect((await push(scenario, TARGET, scenario.start, other))?.reason).toContain(
      "its history cannot be rewritten",
    );
    expect((await push(scenario, TARGET, scenario.start, zero))?.reason).toContain(
      "is gated and cannot be deleted by a push",
    );
  });

  describe("protected tags and new branches", () => {
    let own: Scenario;
    beforeAll(async () => {
      own = await createScenario({
        head: "targets: [refs/heads/main, refs/heads/release/*, refs/tags/v*]\n",
      });
    });
    afterAll(() => own[Symbol.asyncDispose]());

    it("base zero: a new protected branch is judged from the default branch", async () => {
      const head = await own.propose();
      const refused = await push(own, "refs/heads/release/1", zero, head);
      expect(refused).toMatchObject({ isAccepted: false, report: { verdict: "pending" } });
      await own.sign("senior", { head, target: "refs/heads/release/1" });
      expect((await push(own, "refs/heads/release/1", zero, head))?.isAccepted).toBe(true);
    });

    it.each([
      ["a lightweight tag", false],
      ["an annotated tag", true],
    ])("%s on what nobody approved is refused", async (_name, isAnnotated) => {
      const head = await own.propose();
      const name = isAnnotated ? "annotated" : "light";
      await own.repo.git(isAnnotated ? ["tag", "-a", "-m", "v1", name, head] : ["tag", name, head]);
      const id = await own.repo.git(["rev-parse", `refs/tags/${name}`]);
      const judgement = await push(own, "refs/tags/v1", zero, id);
      expect(judgement).toMatchObject({ isAccepted: false });
      expect(
        judgement?.reason ?? findingOf(judgement?.report as never, "ai-senior-sign-off").reason,
      ).not.toBe("");
    });

    it.each([
      ["a lightweight tag", false],
      ["an annotated tag", true],
    ])("%s on what was approved for it is taken", async (_name, isAnnotated) => {
      const head = await own.propose();
      await own.sign("senior", { head, target: "refs/tags/v2" });
      const name = isAnnotated ? "annotated-2" : "light-2";
      await own.repo.git(isAnnotated ? ["tag", "-a", "-m", "v2", name, head] : ["tag", name, head]);
      const id = await own.repo.git(["rev-parse", `refs/tags/${name}`]);
      expect(await push(own, "refs/tags/v2", zero, id)).toMatchObject({
        isAccepted: true,
        report: { verdict: "pass" },
      });
    });

    it("another tag is free", async () => {
      expect((await push(own, "refs/tags/nightly", zero, await own.propose()))?.isAccepted).toBe(true);
    });
  });
});

describe("Kosli", () => {
  it("fake merge message: a plain commit that calls itself a merge is judged like any other", async () => {
    const head = await scenario.propose({
      message: "Merge pull request #7 from team/claude/fix\n\nAI-Assisted: claude-code/claude-opus-4-8\n",
      author: identityOf("senior"),
    });
    await scenario.sign("senior", { head });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs[0]?.reason).toContain("senior is author and committer");
  });

  it("multi-author: one-sided and crossed approvals by the authors count for nothing, an outsider's does", async () => {
    const first = await scenario.propose({ author: identityOf("senior") });
    const head = await scenario.propose({ parents: [first], author: identityOf("author") });
    await scenario.sign("senior", { head });
    await scenario.sign("author", { head });
    expect((await scenario.gate({ head })).verdict).toBe("pending");
    await scenario.sign("second", { head });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it.each([
    ["null author e-mail", { name: "someone", email: "" }],
    ["null author name and e-mail", { name: "", email: "" }],
  ])("%s is no vacuous pass", async (_name, author) => {
    const head = await scenario.propose({ author });
    await scenario.sign("senior", { head });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain("1 of 2 sign-offs by senior (senior)");
  });

  it("web-flow: the forge as committer is nobody, the author stays", async () => {
    const head = await scenario.propose({ committer: { name: "GitHub", email: "noreply@github.com" } });
    await scenario.sign("senior", { head });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pass");
    expect(report.change).toMatchObject({ authors: ["author"], unknownAuthors: [] });
  });

  it("only failing commits are reported; a direct commit beside an approved request", async () => {
    const signed = await scenario.propose({ files: { "kosli-a.txt": "1\n" } });
    await scenario.sign("senior", { head: signed });
    const merged = await scenario.propose({
      message: "Merge\n",
      parents: [scenario.start, signed],
      files: { "kosli-a.txt": "1\n" },
    });
    const direct = await scenario.propose({ parents: [merged] });
    const report = await scenario.gate({ head: direct, isLanding: true });
    expect(report.verdict).toBe("pending");
    const asking = report.findings.filter(({ status }) => status === "pending");
    expect(asking.map(({ commits }) => commits)).toEqual([[direct]]);
  });

  it("two requests in one range, each approved", async () => {
    const one = await scenario.propose({ files: { "kosli-b.txt": "1\n" } });
    const two = await scenario.propose({ files: { "kosli-c.txt": "1\n" } });
    await scenario.sign("senior", { head: one });
    await scenario.sign("second", { head: two });
    const first = await scenario.propose({
      message: "Merge 1\n",
      parents: [scenario.start, one],
      files: { "kosli-b.txt": "1\n" },
    });
    const head = await scenario.propose({
      message: "squash 2\n",
      parents: [first],
      files: { "kosli-c.txt": "1\n" },
    });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
    expect((await scenario.gate({ head, isLanding: true })).verdict).toBe("pass");
  });

  it("dismissed: a revoked approval is none", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head, at: NOW - 3000 });
    await decide("senior", head, "revoke", NOW - 2000);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain("Not counted: revoked at");
  });

  it("changes-requested beside an approval", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head });
    await decide("second", head, "reject", NOW - 2000);
    expect((await scenario.gate({ head })).verdict).toBe("denied");
  });

  it("wrong-type input fails closed and is named", async () => {
    const head = await scenario.propose();
    const name = await scenario.addEnvelope(
      new TextEncoder().encode('{"payloadType":7,"payload":null,"signatures":{}}'),
    );
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.notes.map(({ message }) => message).join()).toContain(
      `envelope ${name.slice(0, 12)} was not used (ENVELOPE_MALFORMED)`,
    );
  });
});

it("no commit is asked for less because of its message alone", async () => {
  const head = await scenario.propose({ message: `fixup! squash! ${AI_MESSAGE}` });
  expect((await scenario.gate({ head })).verdict).toBe("pending");
});
