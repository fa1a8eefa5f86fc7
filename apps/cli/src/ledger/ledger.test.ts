// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { chmod, cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { countersign } from "../command.fixture.ts";
import { createSignedProject, type SignedProject } from "./signed-project.fixture.ts";

const SCHEMA = z.fromJSONSchema(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../../specs/ledger-verify.schema.json"), "utf8")),
);
const folderOf = ({ repo }: SignedProject) => join(repo.path, ".git/countersign/ledger");

async function verifyJson(project: SignedProject, ...args: string[]) {
  const { exitCode, stdout } = await project.ledger("verify", "--json", ...args);
  const document = JSON.parse(stdout);
  expect(SCHEMA.safeParse(document).error).toBeUndefined();
  return { exitCode, ...document };
}

describe("ledger init and append", () => {
  it("prints the key once and again, keeps the secret to its owner, and takes its name from the policy", async () => {
    await using project = await createSignedProject();
    const first = await project.ledger("init");
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toMatch(/^git\.example\/team\/project\+[0-9a-f]{8}\+A[\w+/]+=*\n$/);
    const again = await project.ledger("init");
    expect([again.exitCode, again.stdout]).toEqual([0, first.stdout]);
    expect(again.stderr).toContain("already");
    const dir = folderOf(project);
    expect((await stat(join(dir, "key"))).mode & 0o077).toBe(0);
    expect(await readFile(join(dir, "log.vkey"), "utf8")).toBe(first.stdout);
    expect(await project.ledger("init", "--origin", "example.com/other")).toMatchObject({ exitCode: 2 });
    expect(await project.ledger("init", "--dir", "../x", "--origin", "two words")).toMatchObject({
      exitCode: 2,
    });
  });

  it("logs what is new, a line of JSON each, and nothing twice", async () => {
    await using project = await createSignedProject();
    expect(await project.ledger("append")).toMatchObject({ exitCode: 2, stdout: "" });
    await project.ledger("init");
    const head = await project.signChange("one");
    const lines = (await project.ledger("append")).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ index: lines.length - 1, kind: "sign-off", commit: head });
    expect(await project.ledger("append")).toMatchObject({ exitCode: 0, stdout: "" });
    const next = await project.signChange("two");
    const more = (await project.ledger("append", "--json")).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(more.map(({ index, commit }) => [index, commit])).toEqual([[lines.length, next]]);
  });

  it("names what proves nothing and does not log it; a damaged set is 3", async () => {
    await using project = await createSignedProject();
    await project.ledger("init");
    await project.signChange("one");
    await project.repo.commit({
      branch: "refs/countersign/evidence",
      message: "x\n",
      files: { [`00/${"0".repeat(64)}.json`]: "{}" },
    });
    const result = await project.ledger("append");
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain("does not hash to its name");
    expect(result.stdout).toContain('"kind":"sign-off"');
  });

  it("refuses a key that others may read", async () => {
    await using project = await createSignedProject();
    await project.ledger("init");
    await project.signChange("one");
    await chmod(join(folderOf(project), "key"), 0o644);
    const result = await project.ledger("append");
    expect(result).toMatchObject({ exitCode: 3, stdout: "" });
    expect(result.stderr).toContain("chmod 600");
  });
});

describe("ledger verify", () => {
  it("checks every entry and says what there is", async () => {
    await using project = await createSignedProject();
    const key = (await project.ledger("init")).stdout.trim();
    await project.signChange("one");
    await project.ledger("append");
    const document = await verifyJson(project, "--log-key", key);
    expect(document).toMatchObject({
      exitCode: 0,
      isSound: true,
      origin: "git.example/team/project",
      problems: [],
    });
    expect(document.kinds["sign-off"]).toBe(1);
    const text = await project.ledger("verify");
    expect(text).toMatchObject({ exitCode: 0 });
    expect(text.stdout).toContain("every one is what was logged");
    expect(text.stderr).toContain("taken at its own word");
  });

  it("works on a copy elsewhere, without repository and network", async () => {
    await using project = await createSignedProject();
    const key = (await project.ledger("init")).stdout.trim();
    await project.signChange("one");
    await project.ledger("append");
    await using elsewhere = await createTemporaryFolder();
    await cp(folderOf(project), join(elsewhere.path, "log"), { recursive: true });
    const environment = { GIT_CEILING_DIRECTORIES: elsewhere.path };
    const args = ["ledger", "verify", "--dir", "log", "--log-key", key];
    expect(await countersign(args, { cwd: elsewhere.path, environment })).toMatchObject({ exitCode: 0 });
    const other = key.replace(/^[^+]+/, "example.com/other");
    expect(
      await countersign([...args.slice(0, -1), other], { cwd: elsewhere.path, environment }),
    ).toMatchObject({ exitCode: 2 });
  });

  it("says 1, what is wrong, and shows the evidence", async () => {
    await using project = await createSignedProject();
    await project.ledger("init");
    await project.signChange("one");
    await project.ledger("append");
    const dir = folderOf(project);
    const backup = `${dir}-backup`;
    await cp(dir, backup, { recursive: true });
    await project.signChange("two");
    await project.ledger("append");
    await project.ledger("verify");
    await rm(dir, { recursive: true });
    await cp(backup, dir, { recursive: true });
    const rolled = await project.ledger("verify");
    expect(rolled.exitCode).toBe(1);
    expect(rolled.stdout).toContain("LEDGER_ROLLED_BACK");
    expect(rolled.stdout.match(/git\.example\/team\/project\n/g)).toHaveLength(2);
    expect(await verifyJson(project)).toMatchObject({
      exitCode: 1,
      isSound: false,
      failure: {
        code: "LEDGER_ROLLED_BACK",
        evidence: [{ label: "checkpoint seen before" }, { label: "checkpoint shown now" }],
      },
    });
  });

  it("says 1 where an object is gone without a word, or is not what its entry says", async () => {
    await using project = await createSignedProject();
    await project.ledger("init");
    await project.signChange("one");
    const [line = ""] = (await project.ledger("append")).stdout.trim().split("\n").slice(-1);
    const { object, index } = JSON.parse(line);
    const file = join(folderOf(project), "objects", object.slice(0, 2), object.slice(2));
    await writeFile(file, `${await readFile(file, "utf8")} `);
    expect(await verifyJson(project)).toMatchObject({
      exitCode: 1,
      problems: [{ index, code: "object-changed" }],
    });
    await rm(file);
    expect(await verifyJson(project)).toMatchObject({
      exitCode: 1,
      problems: [{ index, code: "object-missing" }],
    });
  });
});

describe("ledger prove", () => {
  it("proves an entry by index or object, to somebody who has the file and the key alone", async () => {
    await using project = await createSignedProject();
    const key = (await project.ledger("init")).stdout.trim();
    const head = await project.signChange("one");
    const [line = ""] = (await project.ledger("append")).stdout.trim().split("\n").slice(-1);
    const { object, index } = JSON.parse(line);
    await using elsewhere = await createTemporaryFolder();
    const file = join(elsewhere.path, "entry.tlog-proof");
    expect(await project.ledger("prove", object, "--out", file)).toMatchObject({ exitCode: 0 });
    expect((await project.ledger("prove", String(index))).stdout).toBe(await readFile(file, "utf8"));
    const environment = { GIT_CEILING_DIRECTORIES: elsewhere.path };
    const verify = (...args: string[]) =>
      countersign(["ledger", "verify", "--proof", file, ...args], { cwd: elsewhere.path, environment });
    const checked = await verify("--log-key", key);
    expect(checked).toMatchObject({ exitCode: 0 });
    expect(checked.stdout).toContain(`sign-off, logged at`);
    expect(checked.stdout).toContain(head);
    expect(await verify()).toMatchObject({ exitCode: 2 });
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/^extra .*$/m, `extra ${Buffer.from("{}").toString("base64")}`));
    expect(await verify("--log-key", key, "--json")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("PROOF_INVALID"),
    });
    expect((await readdir(elsewhere.path)).sort()).toEqual(["entry.tlog-proof"]);
  });

  it.each(["-1", "01", "99", "x", "f".repeat(64)])("calls %s a usage error", async (what) => {
    await using project = await createSignedProject();
    await project.ledger("init");
    expect(await project.ledger("prove", "--", what)).toMatchObject({ exitCode: 2, stdout: "" });
  });
});
