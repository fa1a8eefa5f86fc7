// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSshKey, createTemporaryFolder, type TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import {
  approve,
  commitAi,
  createPushServer,
  EVIDENCE,
  identityOf,
  keyOf,
  MAIN,
  type PushServer,
} from "../hooks/push-server.fixture.ts";

let server: PushServer;
let clone: TestRepository;
beforeEach(async () => {
  server = await createPushServer();
  clone = await server.cloneAs("author");
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

const evidence = (...args: string[]) => countersign(["evidence", ...args], { cwd: clone.path });

describe("evidence list and show", () => {
  it("says who signed what about which change, and what it is worth for the one asked about", async () => {
    const head = await commitAi(clone, "change");
    await approve(clone, "senior", head);
    const plain = JSON.parse((await evidence("list", "--json")).stdout);
    expect(plain.evidence).toMatchObject([
      {
        kind: "code-review",
        principal: "senior",
        decision: "approve",
        commit: head,
        target: MAIN,
        problem: null,
        worth: null,
      },
    ]);
    const change = ["--base", "refs/remotes/origin/main", "--target", MAIN];
    const asked = await evidence("list", ...change, "--head", head, "--json");
    expect(JSON.parse(asked.stdout).evidence[0].worth).toMatchObject({ counted: true, cover: "exact" });
    const text = await evidence("list", ...change, "--head", head);
    expect(text.stdout).toContain("counts: ");
    await clone.commit({ message: "more\n", files: { "b.txt": "b\n" }, author: identityOf("author") });
    expect((await evidence("list", ...change)).stdout).toContain("does not count");
  });

  it("shows one statement by the start of its name, and refuses what is no name", async () => {
    const head = await commitAi(clone, "change");
    await approve(clone, "senior", head);
    const [row] = JSON.parse((await evidence("list", "--json")).stdout).evidence;
    const shown = await evidence("show", row.envelope.slice(0, 10));
    expect(shown).toMatchObject({ exitCode: 0 });
    expect(shown.stdout).toContain("✔ signature holds; key SHA256:");
    expect(shown.stdout).toContain("belongs to senior");
    expect(shown.stdout).toContain(head);
    for (const name of ["abc", "../../etc/passwd", "f".repeat(64)])
      expect(await evidence("show", name)).toMatchObject({ exitCode: 2 });
  });

  it("tells a stranger's key from a person's, and an empty set from an error", async () => {
    expect(await evidence("list")).toMatchObject({
      exitCode: 0,
      stdout: "no evidence here; fetch it: countersign evidence fetch\n",
    });
    const head = await commitAi(clone, "change");
    await approve(clone, "senior", head);
    await clone.write(
      ".countersign/policy.yml",
      "version: 1\nrepository: https://git.example/team/project\nrules: []\n",
    );
    await clone.git(["commit", "--quiet", "--all", "-m", "policy without people"]);
    expect((await evidence("list")).stdout).toContain("senior (key not in the policy)");
  });

  it("reports damaged evidence and what is none, with exit code 3", async () => {
    const junk = await clone.commit({
      branch: EVIDENCE,
      parents: [],
      message: "x\n",
      files: { [`00/${"0".repeat(64)}.json`]: "{}" },
    });
    const result = await evidence("list");
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain("does not hash to its name");
    expect(junk).toHaveLength(40);
  });
});

describe("evidence fetch, push and import", () => {
  it("unites the sets of two clones through a remote, whoever pushes first", async () => {
    const head = await commitAi(clone, "change");
    const other = await server.cloneAs("second");
    await other.git(["fetch", "--quiet", clone.path, head]);
    await approve(clone, "senior", head);
    await approve(other, "second", head);
    expect((await evidence("push")).exitCode).toBe(0);
    expect((await countersign(["evidence", "push", "origin"], { cwd: other.path })).exitCode).toBe(0);
    expect((await evidence("fetch", "--json")).stdout).toContain('"added":1');
    expect(JSON.parse((await evidence("list", "--json")).stdout).evidence).toHaveLength(2);
    expect(await clone.id(EVIDENCE)).toBe(await server.bare.id(EVIDENCE));
  });

  it("takes a remote only by its name or URL, never as an option of git", async () => {
    for (const remote of ["--upload-pack=touch pwned", "-x", ""])
      expect(await evidence("fetch", "--", remote)).toMatchObject({ exitCode: 2 });
    expect(await evidence("fetch", "nowhere")).toMatchObject({ exitCode: 3 });
  });

  it("imports envelopes in any form, all or none", async () => {
    const head = await commitAi(clone, "change");
    await approve(clone, "senior", head);
    const name = (await clone.git(["ls-tree", "-r", "--name-only", EVIDENCE])).trim();
    const envelope = JSON.parse(await clone.git(["cat-file", "blob", `${EVIDENCE}:${name}`]));
    await using folder = await createTemporaryFolder();
    const [good, bad] = [join(folder.path, "good.json"), join(folder.path, "bad.json")];
    await writeFile(good, JSON.stringify({ extra: 1, ...envelope }, null, 2));
    await writeFile(bad, JSON.stringify({ ...envelope, payload: Buffer.from("{}").toString("base64") }));
    await clone.git(["update-ref", "-d", EVIDENCE]);
    const refused = await evidence("import", good, bad);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("nothing was imported");
    expect((await clone.tryGit(["rev-parse", "--verify", "--quiet", EVIDENCE])).exitCode).toBe(1);
    expect(await evidence("import", good)).toMatchObject({ exitCode: 0 });
    expect(await clone.git(["ls-tree", "-r", "--name-only", EVIDENCE])).toBe(name);
    expect(await evidence("import")).toMatchObject({ exitCode: 2 });
    expect(await evidence("import", join(folder.path, "absent"))).toMatchObject({ exitCode: 2 });
  });
});

describe("a machine's envelope", () => {
  const SPECS = join(import.meta.dirname, "../../../../specs/vectors/machine-envelope");

  it("is imported, listed, and shown as what nobody can check until the policy names the machine", async () => {
    const [vector] = JSON.parse(await readFile(join(SPECS, "valid.json"), "utf8"));
    await using folder = await createTemporaryFolder();
    const file = join(folder.path, "machine.json");
    await writeFile(file, JSON.stringify(JSON.parse(vector.envelope), null, 2));
    expect(await evidence("import", file)).toMatchObject({ exitCode: 0 });
    const [row] = JSON.parse((await evidence("list", "--json")).stdout).evidence;
    expect(row).toMatchObject({ kind: "machine", principal: null, problem: null, commit: "3".repeat(40) });
    const stranger = await evidence("show", row.envelope);
    expect(stranger.exitCode).toBe(1);
    expect(stranger.stdout).toContain("that the policy at HEAD does not know");
    const policy = join(clone.path, ".countersign/policy.yml");
    const machines = `machines: { ci: { keys: ["${vector.key}"], may: [verdict] } }\n`;
    await writeFile(policy, `${await readFile(policy, "utf8")}${machines}`);
    await clone.git(["commit", "--quiet", "--all", "-m", "policy: ci"]);
    const shown = await evidence("show", row.envelope);
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain("belongs to ci");
    expect((await evidence("list")).stdout).toMatch(/machine +ci +3{12} +https:\/\/in-toto/);
  });
});

describe("declare", () => {
  const gate = (head: string) =>
    countersign(["gate", "--base", "refs/remotes/origin/main", "--head", head, "--target", MAIN, "--json"], {
      cwd: clone.path,
    });
  const declare = (...args: string[]) => countersign(["declare", ...args], { cwd: clone.path });

  async function commitSilently(): Promise<string> {
    await clone.branch("change", "refs/remotes/origin/main");
    return await clone.commit({
      message: "net: route\n",
      files: { "net.txt": "1\n" },
      author: identityOf("author"),
    });
  }

  it("makes a commit that did not say so AI-assisted for the gate", async () => {
    const head = await commitSilently();
    expect((await gate(head)).exitCode).toBe(0);
    const key = (await keyOf("second")).privateKeyPath;
    const result = await declare(
      "--commit",
      head,
      "--tool",
      "claude-code",
      "--model",
      "claude-opus-4-8",
      "--extent",
      "generated",
      "--reason",
      "found in the log",
      "--key",
      key,
    );
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stdout).toContain("second declared claude-code");
    const judged = await gate(head);
    expect(judged.exitCode).toBe(1);
    expect(JSON.parse(judged.stdout).commits[0].tools).toMatchObject([
      { tool: "claude-code", model: "claude-opus-4-8" },
    ]);
    expect(JSON.parse((await evidence("list", "--json")).stdout).evidence).toMatchObject([
      {
        kind: "assistance-amendment",
        decision: "declare",
        principal: "second",
        commit: head,
        reason: "found in the log",
      },
    ]);
  });

  it("cannot say that there was no AI", async () => {
    const head = await commitAi(clone, "change");
    const key = (await keyOf("author")).privateKeyPath;
    const result = await declare("--commit", head, "--tool", "none", "--reason", "all mine", "--key", key);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain("an amendment only ever adds AI");
    expect((await clone.tryGit(["rev-parse", "--verify", "--quiet", EVIDENCE])).exitCode).toBe(1);
  });

  it("refuses a key that is nobody's, an unknown commit and a tool that is no name", async () => {
    const head = await commitSilently();
    await using stranger = await createSshKey("stranger");
    const refused = await declare(
      "--commit",
      head,
      "--tool",
      "cursor",
      "--reason",
      "x",
      "--key",
      stranger.privateKeyPath,
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("belongs to nobody in the policy at HEAD");
    const key = (await keyOf("author")).privateKeyPath;
    expect(
      await declare("--commit", "f".repeat(40), "--tool", "cursor", "--reason", "x", "--key", key),
    ).toMatchObject({ exitCode: 2 });
    expect(
      await declare("--commit", head, "--tool", "\u001b[31m", "--reason", "x", "--key", key),
    ).toMatchObject({ exitCode: 2 });
  });
});
