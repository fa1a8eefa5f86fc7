// SPDX-License-Identifier: Apache-2.0
import { cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { createSignedProject, type SignedProject } from "./signed-project.fixture.ts";

const folderOf = ({ repo }: SignedProject) => join(repo.path, ".git/countersign/ledger");

describe("ledger witness", () => {
  it("cosigns what continues, so that a quorum can be asked for, also of what was cosigned before", async () => {
    await using project = await createSignedProject();
    await using others = await createTemporaryFolder();
    const key = (await project.ledger("init")).stdout.trim();
    await project.signChange("one");
    await project.ledger("append");
    const names = ["w1", "w2"];
    const witnesses: string[] = [];
    for (const name of names) {
      const made = await project.ledger(
        "witness",
        "init",
        join(others.path, name),
        "--name",
        `witness.example/${name}`,
      );
      expect(made).toMatchObject({ exitCode: 0 });
      witnesses.push("--witness", made.stdout.trim());
    }
    const verify = (...args: string[]) => project.ledger("verify", "--log-key", key, ...witnesses, ...args);
    const unseen = await verify();
    expect([unseen.exitCode, unseen.stdout]).toEqual([1, expect.stringContaining("QUORUM_MISSING")]);
    const sign = (name: string) =>
      project.ledger("witness", "sign", join(others.path, name), "--log-key", key);
    expect((await sign("w1")).stdout).toContain("witness.example/w1 cosigned the");
    expect(await verify()).toMatchObject({ exitCode: 1 });
    expect(await verify("--quorum", "1")).toMatchObject({ exitCode: 0 });
    expect((await sign("w2")).exitCode).toBe(0);
    const both = await verify();
    expect([both.exitCode, both.stdout]).toEqual([
      0,
      expect.stringMatching(/witness\.example\/w1 at .*\n.*witness\.example\/w2 at /),
    ]);
    await project.signChange("two");
    await project.ledger("append");
    // The newest entries wait for the witnesses; what they have signed still verifies.
    expect(await verify()).toMatchObject({ exitCode: 0 });
    expect((await sign("w1")).stdout).toContain("which continue the");
  });

  it("refuses a log that was rolled back or forked, with both checkpoints", async () => {
    await using project = await createSignedProject();
    await using others = await createTemporaryFolder();
    const dir = folderOf(project);
    await project.ledger("init");
    await cp(dir, `${dir}-empty`, { recursive: true });
    await project.signChange("one");
    await project.ledger("append");
    const witness = join(others.path, "w");
    await project.ledger("witness", "init", witness, "--name", "witness.example/w");
    const sign = () => project.ledger("witness", "sign", witness);
    expect((await sign()).exitCode).toBe(0);
    await rm(dir, { recursive: true });
    await cp(`${dir}-empty`, dir, { recursive: true });
    const rolled = await sign();
    expect(rolled).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("LEDGER_ROLLED_BACK") });
    expect(rolled.stdout.match(/^ {2}git\.example\/team\/project$/gm)).toHaveLength(2);
    await rm(join(project.repo.path, ".git/countersign/seen"), { recursive: true, force: true });
    await rm(join(project.repo.path, ".git/countersign/index-2"), { recursive: true, force: true });
    await project.repo.git(["update-ref", "-d", "refs/countersign/evidence"]);
    await project.signChange("another");
    await project.signChange("third");
    await project.ledger("append");
    expect(await sign()).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("LEDGER_FORKED") });
  });

  it("takes no log's key for a witness, and no name that cannot be one", async () => {
    await using project = await createSignedProject();
    await project.ledger("init");
    expect(await project.ledger("witness", "sign", folderOf(project))).toMatchObject({ exitCode: 2 });
    expect(await project.ledger("witness", "init", "../w", "--name", "a b")).toMatchObject({ exitCode: 2 });
    expect(await project.ledger("witness", "sign", "../nowhere")).toMatchObject({ exitCode: 2 });
  });
});

describe("ledger redact", () => {
  it("removes the object, keeps every proof, and says in the log that it was removed and why", async () => {
    await using project = await createSignedProject();
    const key = (await project.ledger("init")).stdout.trim();
    await project.signChange("one");
    const [line = ""] = (await project.ledger("append")).stdout.trim().split("\n").slice(-1);
    const { index, object } = JSON.parse(line);
    const proof = join(project.repo.path, "../before.tlog-proof");
    await project.ledger("prove", String(index), "--out", proof);
    const redacted = await project.ledger("redact", String(index), "--reason", "erasure request");
    expect(redacted.exitCode).toBe(0);
    const entry = JSON.parse(redacted.stdout);
    expect(entry).toMatchObject({ kind: "redaction", redacts: index });
    const objects = join(folderOf(project), "objects");
    await expect(stat(join(objects, object.slice(0, 2), object.slice(2)))).rejects.toThrow("ENOENT");
    const reason = await readFile(join(objects, entry.object.slice(0, 2), entry.object.slice(2)), "utf8");
    expect(JSON.parse(reason)).toEqual({ version: 1, redacts: index, object, reason: "erasure request" });
    const verified = await project.ledger("verify", "--log-key", key);
    expect([verified.exitCode, verified.stdout]).toEqual([0, expect.stringContaining("1 redacted")]);
    expect(await project.ledger("verify", "--proof", proof, "--log-key", key)).toMatchObject({ exitCode: 0 });
    expect(await project.ledger("prove", String(index))).toMatchObject({ exitCode: 0 });
    // The copy in the evidence is not logged a second time.
    expect(await project.ledger("append")).toMatchObject({ exitCode: 0, stdout: "" });
    for (const [what, why] of [
      [String(index), "again"],
      [String(entry.index), "undo"],
      ["99", "x"],
      ["0", " "],
    ] as const)
      expect(await project.ledger("redact", what, "--reason", why)).toMatchObject({
        exitCode: 2,
        stdout: "",
      });
  });

  it("is no way to be rid of an object quietly: a claim that the log does not make is none", async () => {
    await using project = await createSignedProject();
    await project.ledger("init");
    await project.signChange("one");
    const [line = ""] = (await project.ledger("append")).stdout.trim().split("\n").slice(-1);
    const { index, object } = JSON.parse(line);
    // Into this reader's own cache, as an attacker on the machine could.
    await project.ledger("verify");
    const folder = join(project.repo.path, ".git/countersign/index-2");
    const [own = ""] = await readdir(folder);
    const row = Buffer.alloc(38);
    row.writeUIntBE(index, 26, 6);
    await writeFile(join(folder, own, "redactions"), row);
    await rm(join(folderOf(project), "objects", object.slice(0, 2), object.slice(2)));
    expect(await project.ledger("verify")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("object-missing"),
    });
  });
});
