// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from "node:url";
import {
  formatEnvelope,
  formatInstant,
  formatRawStatement,
  parseEnvelope,
  parseSshsig,
  toCodeReviewStatement,
  toPreAuthEncoding,
} from "@countersign/core/attestation";
import { toUtf8 } from "@countersign/core/ids";
import { openRepository, readEvidenceSet, resolveCommit } from "@countersign/git";
import { run, START, tryRun } from "@countersign/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { judgePush } from "../judge-push.ts";
import {
  AI_MESSAGE,
  createScenario,
  identityOf,
  keyOf,
  NOW,
  type Scenario,
  TARGET,
} from "./gate-scenario.fixture.ts";
import { copyEvidence, expectVoid, forgetSignOffs } from "./signed-changes.fixture.ts";

let scenario: Scenario;
let policy: string;
beforeAll(async () => {
  scenario = await createScenario();
  policy = `${await scenario.repo.git(["show", `${scenario.start}:.countersign/policy.yml`])}\n`;
});
afterAll(() => scenario[Symbol.asyncDispose]());
beforeEach(() => forgetSignOffs(scenario));

const POLICY = ".countersign/policy.yml";
const HUMAN = { message: "tidy\n" };

describe("T30: approvals are for one target", () => {
  it.each([
    "refs/heads/dev",
    "refs/heads/MAIN",
    "refs/heads/main2",
    "refs/tags/main",
    "refs/heads/release/1",
  ])("one for %s does not let the change onto main", async (target) => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head, target });
    expectVoid(await scenario.gate({ head }), `signed for ${target}, this change goes to refs/heads/main`);
  });

  it("what got onto an ungated branch does not fast-forward onto main", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head, target: "refs/heads/dev" });
    const repository = await openRepository(scenario.repo.path);
    const zero = "0".repeat(40);
    const updates = [
      { ref: "refs/heads/dev", old: zero, new: head },
      { ref: TARGET, old: scenario.start, new: head },
    ];
    const checkout = await scenario.repo.git(["symbolic-ref", "HEAD"]).catch(() => undefined);
    await scenario.repo.git(["symbolic-ref", "HEAD", TARGET]);
    const [dev, main] = await judgePush({ repository, updates, evaluatedAt: NOW });
    if (checkout !== undefined) await scenario.repo.git(["symbolic-ref", "HEAD", checkout]);
    expect(dev).toMatchObject({ isAccepted: true, reason: "not gated by the policy" });
    expect(main?.isAccepted).toBe(false);
    expect(main?.report?.verdict).toBe("pending");
    expect(main?.report?.signOffs[0]?.reason).toContain(
      "signed for refs/heads/dev, this change goes to refs/heads/main",
    );
  });
});

describe("T31: a tag named like the branch", () => {
  const MAIN = fileURLToPath(new URL("../../../../apps/cli/src/main.ts", import.meta.url));
  let evil: string;
  beforeAll(async () => {
    evil = await scenario.propose();
    await scenario.repo.git(["tag", "main", evil]);
    await scenario.repo.git(["tag", "heads/main", evil]);
  });
  afterAll(() => scenario.repo.git(["tag", "-d", "main", "heads/main"]));

  it("is what Git itself would take", async () => {
    expect(await scenario.repo.git(["rev-parse", "main"])).toBe(evil);
  });

  it.each(["main", "heads/main", "main~0", "main^{commit}", "main@{0}"])(
    "makes %s ambiguous, which is refused",
    async (name) => {
      const repository = await openRepository(scenario.repo.path);
      await expect(resolveCommit(repository, name)).rejects.toMatchObject({ code: "AMBIGUOUS_NAME" });
    },
  );

  it("leaves full names meaning only themselves", async () => {
    const repository = await openRepository(scenario.repo.path);
    expect(await resolveCommit(repository, TARGET)).toBe(scenario.start);
    expect(await resolveCommit(repository, "refs/tags/main")).toBe(evil);
  });

  it("leaves a branch named like a commit's id unread", async () => {
    const repository = await openRepository(scenario.repo.path);
    await scenario.repo.git(["update-ref", `refs/heads/${scenario.start}`, evil]);
    expect(await resolveCommit(repository, scenario.start)).toBe(scenario.start);
    await scenario.repo.git(["update-ref", "-d", `refs/heads/${scenario.start}`]);
  });

  it("does not change the policy that the gate reads", async () => {
    const report = await scenario.gate({ head: evil });
    expect(report.policySource?.commit).toBe(scenario.start);
    expect(report.verdict).toBe("pending");
  });

  it.each([
    [["--base", "main", "--target", TARGET], "could mean refs/heads/main and refs/tags/main"],
    [["--base", TARGET, "--target", "main"], "main"],
  ])("is refused by the command too: %j", async (flags, message) => {
    const args = [MAIN, "gate", "--repo", scenario.repo.path, "--head", evil, ...flags];
    const { exitCode, stdout, stderr } = await tryRun(process.execPath, args, {
      cwd: scenario.repo.path,
      environment: scenario.repo.environment,
    });
    expect(stdout.toString()).toBe("");
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

describe("T32: an approval replayed somewhere else", () => {
  it.each([
    [
      "for another repository",
      "repository: https://git.example/team/fork\n",
      "signed for the repository https://git.example/team/fork, this one is https://git.example/team/project",
    ],
    [
      "for a repository without a name",
      "",
      "signed for the repository (unnamed), this one is https://git.example/team/project",
    ],
  ])("%s", async (_name, head, reason) => {
    await using fork = await createScenario({ head });
    const change = await scenario.propose({
      branch: "t32",
      at: START + 500,
      parents: [scenario.start],
      files: { "t32.txt": "1\n" },
    });
    const copy = await fork.propose({ branch: "t32", at: START + 500, files: { "t32.txt": "1\n" } });
    await fork.sign("senior", { head: copy });
    await copyEvidence(fork, scenario);
    const report = await scenario.gate({ head: change });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs.filter(({ counted }) => counted)).toEqual([]);
    const { repository } = await fork.describe("senior", { head: copy }).then(({ change: signed }) => signed);
    // A forger fits the ids to this repository; the name is signed all the same.
    await scenario.sign("senior", {
      head: change,
      predicate: { change: { ...(await scenario.describe("senior", { head: change })).change, repository } },
    });
    expectVoid(await scenario.gate({ head: change }), reason);
  });

  it("of a repository of the other object format", async () => {
    await using other = await createScenario({ objectFormat: "sha256" });
    const copy = await other.propose({ files: { "t32-b.txt": "1\n" } });
    await other.sign("senior", { head: copy });
    const head = await scenario.propose({ files: { "t32-b.txt": "1\n" } });
    await copyEvidence(other, scenario);
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs.filter(({ counted }) => counted)).toEqual([]);
  });

  it("of another change from the same commit", async () => {
    await scenario.sign("senior", { head: await scenario.propose() });
    expectVoid(await scenario.gate({ head: await scenario.propose() }), "the content changed after signing");
  });

  it("under an older policy", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head });
    const base = await scenario.propose({
      files: { [POLICY]: policy.replaceAll("count: 1", "count: 1, maxAge: 72h") },
    });
    expectVoid(await scenario.gate({ base, head }), "sign again");
  });

  it("after it expired", async () => {
    const head = await scenario.propose();
    const expiresAt = formatInstant(NOW - 60);
    await scenario.sign("senior", { head, predicate: { expiresAt } });
    expectVoid(await scenario.gate({ head }), `expired at ${expiresAt}`);
    expect((await scenario.gate({ head, evaluatedAt: NOW - 120 })).verdict).toBe("pass");
  });

  it("past the age that the rule accepts", async () => {
    const base = await scenario.propose({
      files: { [POLICY]: policy.replaceAll("count: 1", "count: 1, maxAge: 1h") },
    });
    const head = await scenario.propose({ from: base });
    await scenario.sign("senior", { base, head, at: NOW - 7200 });
    expectVoid(await scenario.gate({ base, head }), "2 h old; the rule accepts at most 1 h (maxAge)");
  });

  it("with the ids of another change in an altered statement", async () => {
    const signed = await scenario.propose();
    const head = await scenario.propose();
    await scenario.sign("senior", { head: signed });
    const { envelopes } = await readEvidenceSet(await openRepository(scenario.repo.path));
    const [bytes = new Uint8Array()] = envelopes.values();
    const { sshsig } = parseEnvelope(bytes);
    const payload = formatRawStatement(toCodeReviewStatement(await scenario.describe("senior", { head })));
    const name = await scenario.addEnvelope(formatEnvelope({ payload, sshsig }));
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.notes.map(({ message }) => message).join()).toContain(
      `envelope ${name.slice(0, 12)} was not used (SIGNATURE_INVALID)`,
    );
  });

  it("with a tree that its merge base does not have", async () => {
    const head = await scenario.propose();
    const { change } = await scenario.describe("senior", { head });
    await scenario.sign("senior", {
      head,
      predicate: { change: { ...change, mergeBaseTree: change.headTree } },
    });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs.filter(({ counted }) => counted)).toEqual([]);
  });

  describe("after it landed and was reverted", () => {
    const FILES = { "reapplied.txt": "1\n" };

    async function landAndRevert(own: Scenario, parents: (base: string, head: string) => readonly string[]) {
      const signed = await own.propose({ files: FILES });
      await own.sign("senior", { head: signed });
      const before = await own.repo.commit({
        branch: TARGET,
        ...HUMAN,
        author: identityOf("auditor"),
        files: { "main.txt": "1\n" },
      });
      const landed = await own.repo.commit({
        branch: TARGET,
        message: AI_MESSAGE,
        parents: parents(before, signed),
        files: FILES,
      });
      expect((await own.gate({ base: before, head: landed, isLanding: true })).verdict).toBe("pass");
      const base = await own.repo.commit({
        branch: TARGET,
        message: `Revert\n\nThis reverts commit ${landed}.\n`,
        files: { "reapplied.txt": null },
      });
      return { signed, landed, base };
    }

    it.each([
      ["landed as a squash", (base: string) => [base]],
      ["landed as a merge", (base: string, head: string) => [base, head]],
    ])("the same content made anew waits again: %s", async (_name, parents) => {
      await using own = await createScenario();
      const { base, landed, signed } = await landAndRevert(own, parents);
      const head = await own.propose({ from: base, files: FILES });
      const report = await own.gate({ base, head, versions: [signed] });
      expectVoid(
        report,
        parents("", "").length === 1
          ? `what was signed has landed already, as ${landed.slice(0, 12)}`
          : "the content changed after signing",
      );
      const twice = await own.gate({ base, head, isLanding: true });
      expect(twice.verdict).toBe("pending");
    });

    it("the very same commits put on the old base again wait too", async () => {
      await using own = await createScenario();
      const { base, landed, signed } = await landAndRevert(own, (before) => [before]);
      expectVoid(
        await own.gate({ base, head: signed }),
        `what was signed has landed already, as ${landed.slice(0, 12)}`,
      );
      const copy = await own.propose({ files: FILES, message: `${AI_MESSAGE}\nagain\n` });
      expectVoid(
        await own.gate({ base, head: copy }),
        `what was signed has landed already, as ${landed.slice(0, 12)}`,
      );
    });

    it("landing, revert and landing again in one push wait too", async () => {
      await using own = await createScenario();
      const { base } = await landAndRevert(own, (before) => [before]);
      const head = await own.propose({ from: base, files: FILES });
      const report = await own.gate({ base: own.start, head, isLanding: true, target: TARGET });
      expect(report.verdict).toBe("pending");
    });

    it("a new approval settles it", async () => {
      await using own = await createScenario();
      const { base } = await landAndRevert(own, (before) => [before]);
      const head = await own.propose({ from: base, files: FILES });
      await own.sign("second", { base, head });
      expect((await own.gate({ base, head })).verdict).toBe("pass");
    });
  });
});

describe("T33: a senior's other signatures are no approvals", () => {
  it("that of a commit", async () => {
    const key = await keyOf("senior");
    const head = await scenario.propose();
    const { repo } = scenario;
    await repo.checkout(head);
    const config = ["-c", "gpg.format=ssh", "-c", `user.signingkey=${key.privateKeyPath}`];
    await repo.git([...config, "commit", "--quiet", "--allow-empty", "-S", "-m", "signed by the senior"]);
    const raw = await repo.git(["cat-file", "commit", "HEAD"]);
    const armor = /^gpgsig ([\s\S]*?-----END SSH SIGNATURE-----)/m.exec(raw)?.[1]?.replace(/^ /gm, "") ?? "";
    const payload = formatRawStatement(toCodeReviewStatement(await scenario.describe("senior", { head })));
    const name = await scenario.addEnvelope(
      formatEnvelope({ payload, sshsig: parseSshsig(toUtf8(`${armor}\n`)) }),
    );
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    const note = report.notes.map(({ message }) => message).join();
    expect(note).toContain(
      `envelope ${name.slice(0, 12)} was not used (SIGNATURE_INVALID): this is the signature of a commit or tag`,
    );
  });

  it.each(["git", "file", "countersign.", "Countersign", "countersign-test"])(
    "one of exactly our bytes in the namespace %s",
    async (namespace) => {
      const key = await keyOf("senior");
      const head = await scenario.propose();
      const payload = formatRawStatement(toCodeReviewStatement(await scenario.describe("senior", { head })));
      const args = ["-Y", "sign", "-q", "-n", namespace, "-f", key.privateKeyPath];
      const armor = await run("ssh-keygen", args, {
        cwd: scenario.repo.path,
        environment: scenario.repo.environment,
        input: toPreAuthEncoding(payload),
      });
      const name = await scenario.addEnvelope(formatEnvelope({ payload, sshsig: parseSshsig(armor) }));
      const report = await scenario.gate({ head });
      expect(report.verdict).toBe("pending");
      expect(report.signOffs).toEqual([]);
      expect(report.notes.map(({ message }) => message).join()).toContain(
        `envelope ${name.slice(0, 12)} was not used (SIGNATURE_INVALID)`,
      );
    },
  );

  it("one that names another key than the one that signed", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head, with: "stranger" });
    expectVoid(await scenario.gate({ head }), "signed with a key that belongs to nobody in the policy");
  });
});
