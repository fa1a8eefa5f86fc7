// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createRepository,
  createSshKey,
  createTemporaryFolder,
  type TestRepository,
} from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordLines } from "../blame/recorded.fixture.ts";
import { countersign } from "../command.fixture.ts";

const EVIDENCE = "refs/countersign/evidence";
const RECORDS = "refs/countersign/records";

let repo: TestRepository;
let base: string;
let head: string;
let disposables: AsyncDisposableStack;
let ci: string;
let other: string;

const run = (...args: readonly string[]) => countersign(args, { cwd: repo.path });
const attest = (key: string, ...more: readonly string[]) =>
  run("reconcile", "--write", "--attest", "--machine-key", key, ...more, `${base}..${head}`);

/** A change that says nothing of the AI that wrote it; only a record does. */
beforeEach(async () => {
  disposables = new AsyncDisposableStack();
  repo = disposables.use(await createRepository());
  const [senior, machine, gate] = await Promise.all(
    ["senior", "ci", "gate"].map((name) => createSshKey(name)),
  );
  for (const key of [senior, machine, gate]) if (key !== undefined) disposables.use(key);
  [ci, other] = [machine?.privateKeyPath ?? "", gate?.privateKeyPath ?? ""];
  const policy = `version: 1
repository: https://git.example/team/project
people:
  author: { emails: [author@example.com] }
  senior: { emails: [senior@example.com], keys: ["${senior?.publicKey}"] }
roles:
  senior: { members: [senior] }
rules:
  - { id: ai-senior-sign-off, when: change.ai.assisted, require: { role: senior } }
unknown: allow
machines:
  ci: { keys: ["${machine?.publicKey}"], may: [assistance] }
  gate: { keys: ["${gate?.publicKey}"], may: [verdict] }
`;
  base = await repo.commit({ message: "start\n", files: { ".countersign/policy.yml": policy } });
  await repo.branch("change");
  head = await repo.commit({ message: "net: route it\n", files: { "net.txt": "one\ntwo\nthree\n" } });
  await recordLines(repo, head, "net.txt", [1, 2]);
});
afterEach(() => disposables.disposeAsync());

async function gate() {
  const args = ["--base", base, "--head", head, "--target", "refs/heads/main", "--json"];
  const { exitCode, stdout } = await run("gate", ...args);
  return { exitCode, ...JSON.parse(stdout) };
}

const loseRecords = () => repo.git(["update-ref", "-d", RECORDS]);

describe("reconcile --attest", () => {
  it("signs the records of a range, and says so; again it adds nothing", async () => {
    const first = await attest(ci);
    expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("1 record(s) attested") });
    const tip = await repo.id(EVIDENCE);
    expect(await attest(ci)).toMatchObject({ exitCode: 0 });
    expect(await repo.id(`${EVIDENCE}^{tree}`)).toBe(await repo.id(`${tip}^{tree}`));
    const { stdout } = await run("evidence", "list", "--json");
    expect(stdout).toContain("https://countersign.dev/assistance/v0.1");
  });

  it("keeps what is known of a change whose records were taken away (T01, T36)", async () => {
    expect((await gate()).verdict).toBe("pending");
    await attest(ci);
    await loseRecords();
    const kept = await gate();
    expect(kept).toMatchObject({ exitCode: 1, verdict: "pending" });
    expect(
      kept.findings.find(({ rule }: { rule: string }) => rule === "ai-senior-sign-off").reason,
    ).toContain("0 of 1 sign-off by senior");
    expect(kept.commits[0]).toMatchObject({ state: "recorded", tools: [{ tool: "claude-code" }] });
    await repo.git(["update-ref", "-d", EVIDENCE]);
    expect((await gate()).verdict).toBe("pass");
  });

  it("is nobody's word where the policy does not let the machine say it", async () => {
    await attest(other);
    await loseRecords();
    expect((await gate()).verdict).toBe("pass");
  });

  it("stands in the ledger and in a report's bundle, which verifies without the records", async () => {
    await using folder = await createTemporaryFolder();
    await attest(ci);
    await loseRecords();
    await repo.git(["update-ref", "refs/heads/main", head]);
    await repo.checkout("main");
    const key = (await run("ledger", "init", "--origin", "log.example/team")).stdout.trim();
    const entries = (await run("ledger", "append")).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(entries).toMatchObject([{ kind: "assistance", commit: head }]);
    const file = join(folder.path, "bundle.json");
    await run("report", "--base", base, "--head", head, "--blame-seconds", "0", "--bundle", file);
    const { report } = JSON.parse(await readFile(file, "utf8"));
    expect(report.changes).toMatchObject([
      { state: "recorded", lines: { ai: 2 }, records: [{ object: entries[0].object, proof: { index: 0 } }] },
    ]);
    const verify = ["ledger", "verify", "--bundle", file, "--log-key", key, "--json"];
    const { exitCode, stdout } = await countersign(verify, { cwd: folder.path });
    expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
      exitCode: 0,
      faults: [],
      counts: { machines: 1 },
    });
  });

  it("is in the report, and in a bundle that verifies, where only the log still has it", async () => {
    await using folder = await createTemporaryFolder();
    const key = (await run("ledger", "init", "--origin", "log.example/team")).stdout.trim();
    await repo.checkout("main");
    const policy = await repo.git(["show", `${base}:.countersign/policy.yml`]);
    const named = `${policy}\nledger: { verifierKey: "${key}", required: true }\n`;
    base = await repo.commit({ message: "policy: a log\n", files: { ".countersign/policy.yml": named } });
    head = await repo.commit({ message: "net: more\n", files: { "more.txt": "one\ntwo\n" } });
    await recordLines(repo, head, "more.txt", [1]);
    await attest(ci);
    await run("ledger", "append");
    await loseRecords();
    await repo.git(["update-ref", "-d", EVIDENCE]);
    const file = join(folder.path, "bundle.json");
    await run("report", "--base", base, "--head", head, "--blame-seconds", "0", "--bundle", file);
    const { report } = JSON.parse(await readFile(file, "utf8"));
    expect(report.changes).toMatchObject([
      {
        state: "recorded",
        verdict: "pending",
        lines: { ai: 1 },
        gaps: ["no-sign-off"],
        records: [{ object: expect.stringMatching(/^[0-9a-f]{64}$/), proof: { isRedacted: false } }],
      },
    ]);
    const verify = ["ledger", "verify", "--bundle", file, "--log-key", key, "--json"];
    const { exitCode, stdout } = await countersign(verify, { cwd: folder.path });
    expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({ exitCode: 0, counts: { machines: 1 } });
  });

  it.each([
    [["--attest"], "--attest signs what is stored; give --write too"],
    [["--machine-key", "x"], "--machine-key does nothing without --attest"],
    [["--write", "--attest"], "a machine signs this: give its key with --machine-key"],
  ])("refuses %j", async (flags, reason) => {
    const { exitCode, stderr } = await run("reconcile", ...flags);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(reason);
  });
});
