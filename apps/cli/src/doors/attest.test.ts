// SPDX-License-Identifier: Apache-2.0
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSshKey, type SshKey, type TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import {
  approve,
  commitAi,
  createPushServer,
  EVIDENCE,
  MAIN,
  type PushServer,
  policyText,
  push,
} from "../hooks/push-server.fixture.ts";

let server: PushServer;
let author: TestRepository;
let machine: SshKey;
beforeEach(async () => {
  machine = await createSshKey("ci");
  const machines = `machines: { ci: { keys: ["${machine.publicKey}"], may: [verdict] } }\n`;
  server = await createPushServer({ policy: await policyText(machines) });
  author = await server.cloneAs("author");
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await machine.remove();
});

const gate = (head: string, ...more: string[]) =>
  countersign(["gate", "--base", "refs/remotes/origin/main", "--head", head, "--target", MAIN, ...more], {
    cwd: author.path,
  });
const attest = (head: string, ...more: string[]) =>
  gate(head, "--attest", "--machine-key", machine.privateKeyPath, ...more);

async function statements() {
  const rows = JSON.parse(
    (await countersign(["evidence", "list", "--json"], { cwd: author.path })).stdout,
  ).evidence;
  const machines = rows.filter((row: { kind: string }) => row.kind === "machine");
  return await Promise.all(
    machines.map(async ({ envelope }: { envelope: string }) => {
      const shown = await countersign(["evidence", "show", envelope, "--json"], { cwd: author.path });
      return JSON.parse(shown.stdout);
    }),
  );
}

describe("gate --attest", () => {
  it("writes a denial as a denial and a pass as a result, each with what was counted", async () => {
    const head = await commitAi(author, "change");
    expect(await attest(head, "--vsa")).toMatchObject({ exitCode: 1 });
    expect(await statements()).toMatchObject([
      {
        principal: "ci",
        commit: head,
        predicateType: "https://countersign.dev/gate-verdict/v0.1",
        statement: {
          predicate: { verdict: "pending", assisted: true, tools: ["claude-code"], signOffs: [] },
        },
      },
    ]);
    await approve(author, "senior", head);
    const passed = await attest(head, "--vsa");
    expect(passed).toMatchObject({ exitCode: 0 });
    expect(passed.stderr).toMatch(
      /the verdict pass is attested: [0-9a-f]{16}, [0-9a-f]{16} in refs\/countersign\/evidence/,
    );
    const all = await statements();
    expect(all.map(({ predicateType }) => predicateType).sort()).toEqual([
      "https://countersign.dev/gate-verdict/v0.1",
      "https://in-toto.io/attestation/svr/v0.2",
      "https://slsa.dev/verification_summary/v1",
    ]);
    const summary = all.find(({ predicateType }) => predicateType.includes("slsa"));
    expect(summary.statement.predicate).toMatchObject({
      resourceUri: "https://git.example/team/project",
      verifiedLevels: ["ORG_SOURCE_AI_SIGNOFF"],
    });
    // The verdict does not stand in for what it is about, and the server takes it in.
    expect(await gate(head)).toMatchObject({ exitCode: 0 });
    expect(await push(author, EVIDENCE)).toMatchObject({ isAccepted: true });
  });

  it("says that nothing was summarised where there was no AI to sign off", async () => {
    const head = await author.commit({ branch: "change", message: "by hand\n", files: { "a.txt": "a\n" } });
    const { stderr } = await attest(head, "--vsa");
    expect(stderr).toContain("no verification summary");
    expect(await statements()).toHaveLength(1);
  });

  it("attests a target without a policy as what it is: denied, and of no known change", async () => {
    const bare = await author.commit({ branch: "empty", parents: [], message: "x\n", files: { a: "a\n" } });
    const run = await countersign(
      [
        "gate",
        "--base",
        bare,
        "--head",
        bare,
        "--target",
        "refs/heads/empty",
        "--attest",
        "--machine-key",
        machine.privateKeyPath,
      ],
      { cwd: author.path },
    );
    expect(run.exitCode).toBe(1);
    const [{ statement }] = await statements();
    expect(statement.predicate).toMatchObject({ verdict: "denied", change: null, assisted: null });
  });

  it("is a usage error without a key, with half of the flags, or with a key that is none, before anything is judged", async () => {
    const head = await commitAi(author, "change");
    const junk = join(author.path, "junk.pem");
    await writeFile(junk, "junk\n");
    for (const [args, words] of [
      [["--attest"], "--machine-key FILE"],
      [["--machine-key", machine.privateKeyPath], "without --attest"],
      [["--vsa"], "without --attest"],
      [["--attest", "--machine-key", "absent.pem"], "no key at"],
      [["--attest", "--machine-key", junk], "no machine's key"],
    ] as const) {
      const run = await gate(head, ...args);
      expect(run).toMatchObject({ exitCode: 2, stdout: "" });
      expect(run.stderr).toContain(words);
    }
    expect((await author.tryGit(["rev-parse", "--verify", "--quiet", EVIDENCE])).exitCode).toBe(1);
  });
});
