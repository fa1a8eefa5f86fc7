// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  addEvidence,
  addRecords,
  EVIDENCE_REF,
  fetchShared,
  findUnshared,
  GIT_AI_NOTES_REF,
  listNotes,
  listRecords,
  openRepository,
  pushShared,
  RECORDS_REF,
  type Repository,
  SHARED_EVIDENCE,
  SHARED_NOTES,
  SHARED_RECORDS,
  writeNotes,
} from "./index.ts";

beforeEach(() => vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null").stubEnv("GIT_CONFIG_NOSYSTEM", "1"));
afterEach(() => vi.unstubAllEnvs());

const ALL = [SHARED_EVIDENCE, SHARED_RECORDS, SHARED_NOTES];
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const idOf = (text: string) => createHash("sha1").update(text).digest("hex");

async function recordOne(repo: Repository, name: string): Promise<void> {
  await addRecords(repo, [{ commit: idOf(name), bytes: bytes(name) }]);
  await writeNotes(repo, [{ annotated: idOf(name), bytes: bytes(name) }]);
}

async function count(server: TestRepository): Promise<readonly number[]> {
  const on = await openRepository(server.path);
  const records = await listRecords(on, await server.id(RECORDS_REF));
  return [records.size, (await listNotes(on, await server.id(GIT_AI_NOTES_REF))).size];
}

it("shares everything in one exchange, and says before and after what is not shared", async () => {
  await using server = await createRepository({ bare: true });
  await server.commit({ message: "one", files: { f: "1" } });
  await using a = await server.clone();
  await using b = await server.clone();
  const [one, two] = [await openRepository(a.path), await openRepository(b.path)];
  await recordOne(one, "a");
  await recordOne(two, "b");
  await addEvidence(two, [bytes("signed")]);
  expect((await findUnshared(two, "origin", ALL)).map(({ ref }) => ref)).toEqual(ALL.map(({ ref }) => ref));
  await pushShared(one, "origin", ALL);
  await pushShared(two, "origin", ALL);
  expect(await count(server)).toEqual([2, 2]);
  expect(await findUnshared(two, "origin", ALL)).toEqual([]);
  await fetchShared(one, "origin", ALL);
  for (const ref of [EVIDENCE_REF, RECORDS_REF, GIT_AI_NOTES_REF])
    expect(await a.id(ref)).toBe(await server.id(ref));
  expect((await a.tryGit(["rev-parse", "--verify", "-q", "FETCH_HEAD"])).exitCode).not.toBe(0);
});

it("loses nothing when a dozen clones push at once", async () => {
  await using server = await createRepository({ bare: true });
  await server.commit({ message: "one", files: { f: "1" } });
  const clones = await Promise.all(Array.from({ length: 12 }, () => server.clone()));
  try {
    const pushes = clones.map(async (clone, n) => {
      const repo = await openRepository(clone.path);
      await recordOne(repo, `clone ${n}`);
      await pushShared(repo, "origin", ALL);
    });
    await Promise.all(pushes);
    expect(await count(server)).toEqual([12, 12]);
  } finally {
    await Promise.all(clones.map((clone) => clone.remove()));
  }
});

it("brings the others through when a server refuses one of the refs, and names that one", async () => {
  await using server = await createRepository({ bare: true });
  await server.commit({ message: "one", files: { f: "1" } });
  const update = "#!/bin/sh\ncase $1 in refs/notes/*) echo no notes here >&2; exit 1;; esac\nexit 0\n";
  await server.write("hooks/update", update);
  await chmod(join(server.path, "hooks/update"), 0o755);
  await using clone = await server.clone();
  const repo = await openRepository(clone.path);
  await recordOne(repo, "a");
  await expect(pushShared(repo, "origin", ALL)).rejects.toMatchObject({
    code: "PUSH_REJECTED",
    message: /kept refusing refs\/notes\/ai \(.*no notes here/s,
  });
  expect(await server.id(RECORDS_REF)).toBe(await clone.id(RECORDS_REF));
  expect((await listNotes(repo, await clone.id(GIT_AI_NOTES_REF))).size).toBe(1);
});

it("never overwrites what a rewritten remote has", async () => {
  await using server = await createRepository({ bare: true });
  await server.commit({ message: "one", files: { f: "1" } });
  await using clone = await server.clone();
  const [repo, remote] = [await openRepository(clone.path), await openRepository(server.path)];
  await recordOne(repo, "a");
  await pushShared(repo, "origin", ALL);
  for (const ref of [RECORDS_REF, GIT_AI_NOTES_REF]) await server.git(["update-ref", "-d", ref]);
  await recordOne(remote, "b");
  await recordOne(repo, "c");
  await pushShared(repo, "origin", ALL);
  expect(await count(server)).toEqual([3, 3]);
});
