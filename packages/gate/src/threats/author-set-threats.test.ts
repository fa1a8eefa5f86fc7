// SPDX-License-Identifier: Apache-2.0
import { formatPublicKey, parsePublicKey } from "@countersign/core/attestation";
import { addEvidence, openRepository } from "@countersign/git";
import { createSshKey, type SshKey, START } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planSignOff } from "../plan-sign-off.ts";
import { formatPushRecord, PUSHES_REF } from "../push-record.ts";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  identityOf,
  keyOf,
  NOW,
  type ProposalOptions,
  peopleYaml,
  type Scenario,
  TARGET,
} from "./gate-scenario.fixture.ts";

let scenario: Scenario;
let secondKey: SshKey;

/** The people of most scenarios, the senior with two e-mails, two logins and two keys. */
async function manySidedPeople(): Promise<string> {
  const people = await peopleYaml();
  return people
    .replace("emails: [senior@example.com]", "emails: [senior@example.com, s.senior@home.example]")
    .replace("login: senior,", "github: senior-gh, login: [senior, sen],")
    .replace(
      `keys: ["${(await keyOf("senior")).publicKey}"`,
      `keys: ["${(await keyOf("senior")).publicKey}", "${secondKey.publicKey}"`,
    );
}

beforeAll(async () => {
  secondKey = await createSshKey("senior's other laptop");
  scenario = await createScenario({ people: await manySidedPeople() });
});
afterAll(async () => {
  await scenario[Symbol.asyncDispose]();
  await secondKey.remove();
});

const AI_TRAILER = "AI-Assisted: claude-code/claude-opus-4-8";

/** A senior's approval that must not count, and why. */
async function expectRefused(
  head: string,
  reason: string | RegExp,
  options: Parameters<Scenario["gate"]>[0] = {},
): Promise<void> {
  const report = await scenario.gate({ head, ...options });
  const mine = report.signOffs.filter(({ cover }) => cover === "exact");
  expect(mine).toMatchObject([{ counted: false }]);
  expect(mine[0]?.reason).toMatch(reason);
  expect(report.verdict).toBe("pending");
  expect(findingOf(report, "ai-senior-sign-off").reason).toMatch(reason);
}

async function proposeAndSign(options: ProposalOptions): Promise<string> {
  const head = await scenario.propose(options);
  await scenario.sign("senior", { head });
  return head;
}

describe("T10: nobody approves their own change", () => {
  it.each([
    ["as Git writes it", "senior@example.com"],
    ["in other case", "Senior@EXAMPLE.com"],
    ["in full-width letters", "ｓenior@example.com"],
    ["with blanks around it", " senior@example.com "],
  ])("author and approver are one person: the e-mail %s", async (_name, email) => {
    const head = await proposeAndSign({ author: { name: "Somebody Else", email } });
    await expectRefused(head, `senior is author and committer of ${head.slice(0, 12)}`);
  });

  it("under a plus-alias that the policy does not know: one more independent human is asked", async () => {
    const head = await proposeAndSign({ author: { name: "senior", email: "senior+work@example.com" } });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "unknown-author").reason).toContain(
      "senior <senior+work@example.com> maps to nobody in `people`",
    );
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain(
      "1 of 2 sign-offs by senior (senior); one more than the rule says",
    );
  });

  it("approve refuses to sign it", async () => {
    const head = await scenario.propose({ author: identityOf("senior") });
    const request = {
      repository: await openRepository(scenario.repo.path),
      base: scenario.start,
      head,
      target: TARGET,
      evaluatedAt: NOW,
    };
    const rest = {
      isLanding: false,
      branchNames: [],
      versions: [],
      contributors: [],
      description: null,
      evidence: [],
    };
    const publicKey = formatPublicKey(parsePublicKey((await keyOf("senior")).publicKey));
    const wish = {
      decision: "approve",
      publicKey,
      nonce: "0".repeat(32),
      reason: null,
      lifetime: null,
      revokes: [],
    } as const;
    const plan = await planSignOff({ ...request, ...rest }, wish);
    expect("refusal" in plan ? plan.refusal : plan).toContain("cannot sign off their own change");
  });

  it("nor under the name of a colleague", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head, with: "author" });
    await expectRefused(head, "the statement claims to be senior's, but the key is author's");
  });

  it("nor do two authors approve each other's halves of one change", async () => {
    const first = await scenario.propose({ author: identityOf("senior") });
    const head = await scenario.propose({ parents: [first], author: identityOf("second") });
    await scenario.sign("senior", { head });
    await scenario.sign("second", { head });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs.filter(({ cover }) => cover === "exact").map(({ counted }) => counted)).toEqual([
      false,
      false,
    ]);
    expect(findingOf(report, "ai-senior-sign-off").missing?.candidates).toEqual(["author"]);
  });
});

describe("T11: whoever had a hand in any version of the change does not approve it", () => {
  it("author of a commit that was squashed on another machine, as Git's own message says", async () => {
    const { repo, start } = scenario;
    await using away = await repo.clone();
    await away.branch("work", start);
    const files = { "squashed-away.txt": "1\n" };
    await away.commit({ message: AI_MESSAGE, files, author: identityOf("senior") });
    await away.git(["checkout", "--quiet", "--detach", start]);
    await away.git(["merge", "--quiet", "--squash", "work"]);
    const message = await away.git(["log", "work", "--not", start, "--format=medium", "--no-decorate"]);
    const head = await scenario.propose({
      message: `net: route\n\nSquashed commit of the following:\n\n${message}\n`,
      files,
    });
    await scenario.sign("senior", { head });
    await expectRefused(head, "senior is co-author");
  });

  it.each([
    ["committer", { committer: identityOf("senior") }],
    ["co-author", { message: `${AI_MESSAGE}Co-authored-by: Senior <SENIOR@Example.com>\n` }],
    ["co-author", { message: `net: route\n\nCo-developed-by: S <s.senior@home.example>\n${AI_TRAILER}\n` }],
    [
      "co-author",
      { message: `net: route\n\nco-authored-by: senior <senior@example.com>\n\n${AI_TRAILER}\n` },
    ],
  ])("%s", async (part, options) => {
    const head = await proposeAndSign(options);
    await expectRefused(head, `senior is ${part} of ${head.slice(0, 12)}`);
  });

  it.each(["opener", "pusher"] as const)("%s, as the door knows it", async (part) => {
    const head = await proposeAndSign({});
    const contributors = [
      { identity: { name: "", email: "" }, login: "Senior-GH", as: [part], isService: false, commits: [] },
    ];
    await expectRefused(head, `senior is ${part}`, { contributors });
  });

  it("author of one commit among many", async () => {
    const first = await scenario.propose({ author: identityOf("senior"), message: "net: begin\n" });
    const head = await proposeAndSign({ parents: [first] });
    await expectRefused(head, `senior is author and committer of ${first.slice(0, 12)}`);
  });

  it("author of a merge with changes of its own", async () => {
    const first = await scenario.propose();
    const side = await scenario.propose({ message: "side\n" });
    const head = await proposeAndSign({
      parents: [first, side],
      author: identityOf("senior"),
      files: { "merged-by-hand.txt": "1\n" },
    });
    await expectRefused(head, `senior is author and committer of ${head.slice(0, 12)}`);
  });

  it("whoever only pressed the button of a merge that Git computes may still approve", async () => {
    const first = await scenario.propose();
    const side = await scenario.propose({ message: "side\n" });
    await scenario.repo.checkout(first);
    const tree = await scenario.repo.git(["merge-tree", "--write-tree", first, side]);
    const head = await scenario.repo.git(["commit-tree", tree, "-p", first, "-p", side, "-m", "Merge"], {
      environment: {
        GIT_AUTHOR_NAME: "senior",
        GIT_AUTHOR_EMAIL: "senior@example.com",
        GIT_COMMITTER_EMAIL: "senior@example.com",
      },
    });
    await scenario.sign("senior", { head });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it("author of a version that was force-pushed away, told by the caller", async () => {
    const before = await scenario.propose({ author: identityOf("senior"), files: { "away-1.txt": "1\n" } });
    const head = await proposeAndSign({ files: { "away-1.txt": "2\n" } });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
    await expectRefused(head, `senior is author and committer of ${before.slice(0, 12)}`, {
      versions: [before],
    });
  });

  it("author of a version that was force-pushed away, told by the reflog", async () => {
    const before = await scenario.propose({
      author: identityOf("senior"),
      branch: "away",
      files: { "away-2.txt": "1\n" },
    });
    const head = await proposeAndSign({ branch: "away", files: { "away-2.txt": "2\n" } });
    await expectRefused(head, `senior is author and committer of ${before.slice(0, 12)}`);
  });

  it("co-author of a version that was force-pushed away", async () => {
    const before = await scenario.propose({
      message: `${AI_MESSAGE}Co-authored-by: senior <senior@example.com>\n`,
    });
    const head = await proposeAndSign({});
    await expectRefused(head, `senior is co-author of ${before.slice(0, 12)}`, { versions: [before] });
  });

  it("author whose commits a squash on the target left out", async () => {
    const original = await scenario.propose({
      author: identityOf("senior"),
      files: { "squashed.txt": "1\n" },
    });
    const head = await proposeAndSign({ author: identityOf("author"), files: { "squashed.txt": "1\n" } });
    const report = await scenario.gate({ head, isLanding: true });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain(
      `senior is author and committer of ${original.slice(0, 12)}`,
    );
  });

  describe("as the server recorded pushes", () => {
    const record = (ref: string, old: string, next: string, pusher: string | null, at: number) =>
      formatPushRecord({ version: 1, ref, old, new: next, pusher, at });
    const NONE = "0".repeat(40);
    const add = async (...records: readonly Uint8Array[]) =>
      addEvidence(await openRepository(scenario.repo.path), records, PUSHES_REF);

    it("pusher of the head, under any login", async () => {
      const head = await proposeAndSign({});
      await add(record("refs/heads/pushed-1", NONE, head, "SEN", START));
      await expectRefused(head, "senior is pusher");
    });

    it("pusher of a version that is gone from the branch", async () => {
      const before = await scenario.propose();
      const head = await proposeAndSign({});
      await add(
        record("refs/heads/pushed-2", NONE, before, "senior", START),
        record("refs/heads/pushed-2", before, head, "author", START + 1),
      );
      await expectRefused(head, "senior is pusher");
    });

    it("author of a version that somebody else pushed and replaced", async () => {
      const before = await scenario.propose({ author: identityOf("senior") });
      const head = await proposeAndSign({});
      await add(
        record("refs/heads/pushed-3", NONE, before, "author", START),
        record("refs/heads/pushed-3", before, head, "author", START + 1),
      );
      await expectRefused(head, `senior is author and committer of ${before.slice(0, 12)}`);
    });

    it("not whoever used the branch's name for another change before", async () => {
      const other = await scenario.propose({ author: identityOf("senior") });
      const head = await proposeAndSign({});
      await add(
        record("refs/heads/pushed-4", NONE, other, "senior", START),
        record("refs/heads/pushed-4", other, NONE, "senior", START + 1),
        record("refs/heads/pushed-4", NONE, head, "author", START + 2),
      );
      expect((await scenario.gate({ head })).verdict).toBe("pass");
    });
  });
});
