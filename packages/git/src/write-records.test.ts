// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sha256Hex } from "@countersign/core/ids";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  addRecords,
  findLostRecords,
  listNotes,
  listRecords,
  mergeRecords,
  openRepository,
  RECORDS_REF,
  type Repository,
} from "./index.ts";

beforeEach(() => vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null").stubEnv("GIT_CONFIG_NOSYSTEM", "1"));
afterEach(() => vi.unstubAllEnvs());

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const idOf = (text: string) => createHash("sha1").update(text).digest("hex");
const record = (text: string) => ({ commit: idOf(text), bytes: bytes(text) });
const pathOf = (text: string) =>
  `${idOf(text).slice(0, 2)}/${idOf(text).slice(2)}/${sha256Hex(bytes(text))}.json`;

/** Commits of the set by the text of their record, where it hashes to its name. */
async function texts(repo: Repository, tip: string): Promise<readonly string[]> {
  const names = [...(await listRecords(repo, tip)).values()].flat().map(({ name }) => name);
  return names.sort();
}
const namesOf = (...all: readonly string[]) => all.map((text) => sha256Hex(bytes(text))).sort();

const plant = (repo: TestRepository, files: Record<string, string>, parents: readonly string[] = []) =>
  repo.commit({ message: "planted", files, parents, branch: RECORDS_REF });

describe.each(["sha1", "sha256"] as const)("in a %s repository", (objectFormat) => {
  it("keeps what was added, once, in sound objects, and makes the same commit everywhere", async () => {
    const tips: (string | undefined)[] = [];
    for (let n = 0; n < 2; n++) {
      await using repo = await createRepository({ objectFormat });
      const opened = await openRepository(repo.path);
      const commit = objectFormat === "sha1" ? idOf("a") : sha256Hex(bytes("a"));
      const two = [bytes('{"a":1}'), bytes("line\n\nM 100644 inline x\ndata 5\n")];
      const first = await addRecords(
        opened,
        two.map((one) => ({ commit, bytes: one })),
      );
      expect(first.added).toBe(2);
      expect(await addRecords(opened, [{ commit, bytes: bytes('{"a":1}') }])).toEqual({ ...first, added: 0 });
      const listed = await listRecords(opened, first.tip ?? "", [commit]);
      expect(listed.get(commit)?.map(({ name }) => name)).toEqual(two.map((one) => sha256Hex(one)).sort());
      expect(
        await repo.git([
          "cat-file",
          "-p",
          `${first.tip}:${commit.slice(0, 2)}/${commit.slice(2)}/${sha256Hex(bytes('{"a":1}'))}.json`,
        ]),
      ).toBe('{"a":1}');
      await repo.git(["fsck", "--strict", "--full"]);
      tips.push(first.tip);
    }
    expect(tips[0]).toBe(tips[1]);
  });
});

it("refuses a record that is too large, and ids of another format", async () => {
  await using repo = await createRepository();
  const opened = await openRepository(repo.path);
  const huge = { commit: idOf("a"), bytes: new Uint8Array(8 * 1024 * 1024 + 1) };
  await expect(addRecords(opened, [record("b"), huge])).rejects.toMatchObject({ code: "RECORD_TOO_LARGE" });
  for (const commit of ["", "HEAD", "f".repeat(64), "../../x", "0".repeat(39), `${"a".repeat(40)}\nD x`])
    await expect(addRecords(opened, [{ commit, bytes: bytes("x") }])).rejects.toBeInstanceOf(RangeError);
  expect((await repo.tryGit(["rev-parse", "--verify", "-q", RECORDS_REF])).exitCode).toBe(1);
});

describe("uniting two sets", () => {
  it("keeps both sides' records and ends at the same commit", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    const other = `${RECORDS_REF}-other`;
    const { tip: a = "" } = await addRecords(opened, [record("a"), record("both")]);
    const { tip: b = "" } = await addRecords(opened, [record("b"), record("both")], other);
    const united = await mergeRecords(opened, b);
    expect(united).toMatchObject({ added: 1, problems: [] });
    expect(await texts(opened, united.tip ?? "")).toEqual(namesOf("a", "b", "both"));
    expect(await mergeRecords(opened, b)).toEqual({ ...united, added: 0 });
    expect(await mergeRecords(opened, a)).toEqual({ ...united, added: 0 });
    expect((await mergeRecords(opened, united.tip ?? "", other)).tip).toBe(united.tip);
    await repo.git(["fsck", "--strict", "--full"]);
  });

  it("takes over a first set, and what is new in a set that goes on", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    const other = `${RECORDS_REF}-other`;
    const { tip: one = "" } = await addRecords(opened, [record("a")], other);
    expect(await mergeRecords(opened, one)).toMatchObject({ tip: one, added: 1 });
    const { tip: two = "" } = await addRecords(opened, [record("b")], other);
    expect(await mergeRecords(opened, two)).toMatchObject({ tip: two, added: 1 });
  });

  it("heals a damaged record from a sound one in either direction, and does not carry on what is no record", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    const sound = (await addRecords(opened, [record("a"), record("b")])).tip ?? "";
    const bad = await plant(repo, { [pathOf("a")]: "evil", stray: "x", "ab/cd/name.json": "x" });
    expect(await mergeRecords(opened, sound)).toMatchObject({ added: 1, problems: [] });
    expect(await repo.git(["show", `${RECORDS_REF}:${pathOf("a")}`])).toBe("a");
    await repo.git(["update-ref", RECORDS_REF, sound]);
    const merged = await mergeRecords(opened, bad);
    expect(merged.problems.map(({ path }) => path)).toEqual(["ab/cd/name.json", "stray"]);
    expect(await repo.git(["show", `${RECORDS_REF}:${pathOf("a")}`])).toBe("a");
    expect((await repo.tryGit(["cat-file", "-e", `${RECORDS_REF}:stray`])).exitCode).not.toBe(0);
  });

  it("takes over a first set without what is no record in it", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    const bad = await plant(repo, { [pathOf("a")]: "a", stray: "x" });
    await repo.git(["update-ref", "-d", RECORDS_REF]);
    const merged = await mergeRecords(opened, bad);
    expect(merged.problems).toHaveLength(1);
    expect(await repo.git(["ls-tree", "-r", "--name-only", RECORDS_REF])).toBe(pathOf("a"));
  });

  it("tells a tip that keeps everything from one that loses, alters or hides something", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    const one = (await addRecords(opened, [record("a"), record("b")])).tip ?? "";
    const two = (await addRecords(opened, [record("c")])).tip ?? "";
    const altered = await plant(repo, { [pathOf("a")]: "evil", [pathOf("b")]: "b" });
    // One sound blob under two names keeps the one and loses the other.
    const doubled = await plant(repo, { [pathOf("a")]: "b", [pathOf("b")]: "b" });
    const files = { [pathOf("a")]: { symlink: "a" }, [pathOf("b")]: "b" };
    const linked = await repo.commit({ message: "x", files, parents: [], branch: RECORDS_REF });
    expect(await findLostRecords(opened, one, two)).toEqual([]);
    expect(await findLostRecords(opened, two, one)).toEqual([pathOf("c")]);
    for (const bad of [altered, doubled, linked])
      expect(await findLostRecords(opened, one, bad)).toEqual([pathOf("a")]);
    expect(await findLostRecords(opened, altered, one)).toEqual([]);
  });
});

const WRITER = fileURLToPath(new URL("add-record.fixture.ts", import.meta.url));

it("keeps the record and the note of every one of six writers at once", async () => {
  await using repo = await createRepository({ bare: true });
  const writers = Array.from({ length: 6 }, (_, n) =>
    spawn(process.execPath, [WRITER, repo.path, `w${n}`, "4"], { stdio: ["ignore", "ignore", "inherit"] }),
  );
  const codes = await Promise.all(writers.map(async (writer) => (await once(writer, "close"))[0]));
  expect(codes).toEqual(Array(6).fill(0));
  const opened = await openRepository(repo.path);
  expect((await listRecords(opened, await repo.id(RECORDS_REF))).size).toBe(24);
  expect((await listNotes(opened, await repo.id("refs/notes/ai"))).size).toBe(24);
});

it("loses nothing that it acknowledged when it is killed at any moment", async () => {
  await using repo = await createRepository({ bare: true });
  const opened = await openRepository(repo.path);
  for (let round = 0; round < 6; round++) {
    const writer = spawn(process.execPath, [WRITER, repo.path, `k${round}`, "1000"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let acknowledged = "";
    writer.stdout.on("data", (chunk: Buffer) => {
      acknowledged += chunk.toString();
    });
    const closed = once(writer, "close");
    await once(writer.stdout, "data");
    await sleep(round * 9);
    writer.kill("SIGKILL");
    await closed;
    const records = await listRecords(opened, await repo.id(RECORDS_REF));
    const notes = await listNotes(opened, await repo.id("refs/notes/ai"));
    const commits = acknowledged.split("\n").slice(0, -1);
    expect(commits.filter((commit) => !records.has(commit) || !notes.has(commit))).toEqual([]);
  }
  await repo.git(["fsck", "--full"]);
});

it("adds to a set of 100,000 records as to an empty one", async () => {
  await using repo = await createRepository({ bare: true });
  const opened = await openRepository(repo.path);
  const many = Array.from({ length: 100_000 }, (_, n) => record(`record ${n}`));
  expect((await addRecords(opened, many)).added).toBe(100_000);
  await using small = await createRepository({ bare: true });
  const openedSmall = await openRepository(small.path);
  const time = async (on: Repository, name: string) => {
    const started = performance.now();
    expect((await addRecords(on, [record(name)])).added).toBe(1);
    return performance.now() - started;
  };
  const large: number[] = [];
  const little: number[] = [];
  for (let n = 0; n < 7; n++) {
    little.push(await time(openedSmall, `more ${n}`));
    large.push(await time(opened, `more ${n}`));
  }
  // Writing the whole set anew takes a hundred times as long.
  expect(Math.min(...large)).toBeLessThan(Math.min(...little) * 10 + 200);
});
