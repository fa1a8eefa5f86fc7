// SPDX-License-Identifier: Apache-2.0
import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { createRepository, createTemporaryFolder, type TestRepository } from "@countersign/testkit";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  diffTrees,
  mergeTrees,
  openRepository,
  readRemergedCommits,
  withMerges,
  withScratchObjects,
  writeScratchCommit,
} from "./index.ts";
import { mergeInBatches, parseMerges } from "./merge-trees.ts";

afterEach(() => vi.unstubAllEnvs());

interface Fork {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly clean: string;
  readonly island: string;
}

/** Two branches that conflict, one that does not, one of another origin. */
async function fork(repo: TestRepository): Promise<Fork> {
  const text = (middle: string) => `1\n2\n3\n${middle}\n5\n6\n7\n`;
  const base = await repo.commit({ message: "base", files: { f: text("4"), g: "g\n" } });
  const ours = await repo.commit({ message: "ours", files: { f: text("ours") } });
  const theirs = await repo.commit({
    message: "theirs",
    files: { f: text("theirs") },
    parents: [base],
    branch: "theirs",
  });
  const clean = await repo.commit({
    message: "clean",
    files: { h: "h\n" },
    parents: [base],
    branch: "clean",
  });
  const island = await repo.commit({ message: "island", files: { f: "x" }, parents: [], branch: "island" });
  return { base, ours, theirs, clean, island };
}

describe.each(["sha1", "sha256"] as const)("in a %s repository", (objectFormat) => {
  it.each([
    ["one process for all", 100],
    ["one process for each, as Git 2.38 needs", 1],
  ])("merges pairs in order: %s", async (_, batchSize) => {
    await using repo = await createRepository({ objectFormat, bare: true });
    const { base, ours, theirs, clean, island } = await fork(repo);
    const pairs = [
      { ours, theirs: clean },
      { ours, theirs },
      { ours, theirs: island },
      { ours: base, theirs: ours },
      { ours: island, theirs: ours },
      { ours: clean, theirs: ours },
    ];
    const opened = await openRepository(repo.path);
    const results = await withScratchObjects(opened, (scratch) => mergeInBatches(scratch, pairs, batchSize));
    expect(results.map((result) => result.isClean)).toEqual([true, false, false, true, false, true]);
    expect(results[2]).toEqual({ isClean: false, tree: undefined, conflicts: [] });
    expect(results[3]?.tree).toBe(await repo.id(`${ours}^{tree}`));
    expect(results[0]?.tree).toBe(results[5]?.tree);
    expect(results[1]?.conflicts.map((conflict) => [conflict.path, conflict.mode, conflict.stage])).toEqual([
      ["f", "100644", 1],
      ["f", "100644", 2],
      ["f", "100644", 3],
    ]);
  });
});

it("lets nobody's attributes, drivers or settings make a conflict clean (T44)", async () => {
  await using repo = await createRepository();
  const attributes = "* merge=union\nf merge=mine\n";
  const { ours, theirs } = await fork(repo);
  await repo.git(["config", "merge.mine.driver", "true"]);
  await repo.git(["config", "core.attributesFile", join(repo.path, "attributes")]);
  await repo.git(["config", "merge.default", "union"]);
  await repo.git(["config", "merge.conflictStyle", "zdiff3"]);
  for (const file of [".gitattributes", ".git/info/attributes", "attributes"])
    await repo.write(file, attributes);
  expect((await repo.tryGit(["merge-tree", "--write-tree", ours, theirs])).exitCode).toBe(0);
  vi.stubEnv("GIT_DIR", join(repo.path, ".git"));
  vi.stubEnv("GIT_ATTR_SOURCE", "HEAD");
  const [result] = await mergeTrees(await openRepository(repo.path), [{ ours, theirs }]);
  expect(result?.isClean).toBe(false);
});

it("lets attributes inside the commits make nothing clean either", async () => {
  await using repo = await createRepository();
  await repo.commit({ message: "attributes", files: { ".gitattributes": "* merge=union\n" } });
  const { ours, theirs } = await fork(repo);
  const [result] = await mergeTrees(await openRepository(repo.path), [{ ours, theirs }]);
  expect(result?.isClean).toBe(false);
});

it("writes nothing into the repository and leaves no scratch folder behind", async () => {
  await using repo = await createRepository({ bare: true });
  const { ours, clean } = await fork(repo);
  const before = await repo.git(["count-objects", "-v"]);
  await using scratch = await createTemporaryFolder();
  vi.stubEnv("TMPDIR", scratch.path);
  await chmod(join(repo.path, "objects"), 0o555);
  const [result] = await mergeTrees(await openRepository(repo.path), [{ ours, theirs: clean }]);
  await chmod(join(repo.path, "objects"), 0o755);
  expect(result?.isClean).toBe(true);
  expect(await repo.git(["count-objects", "-v"])).toBe(before);
  expect((await readdir(scratch.path)).filter((name) => name.startsWith("countersign-objects-"))).toEqual([]);
});

it("shows what an edited merge adds to Git's own merge (T26)", async () => {
  await using repo = await createRepository();
  const { ours, clean } = await fork(repo);
  const evil = await repo.commit({
    message: "evil",
    files: { h: "h\n", evil: "1\n" },
    parents: [ours, clean],
  });
  const opened = await openRepository(repo.path);
  const own = await withMerges(opened, [{ ours, theirs: clean }], async ([merge], scratch) =>
    diffTrees(scratch, merge?.tree ?? "", await repo.id(`${evil}^{tree}`)),
  );
  expect(own.map((row) => row.path)).toEqual(["evil"]);
});

it("remerges history: a clean merge adds nothing, a resolution and an edit show, an octopus shows all", async () => {
  await using repo = await createRepository();
  const { base, ours, theirs, clean } = await fork(repo);
  const gone = await repo.commit({ message: "gone", files: { f: null }, parents: [base], branch: "gone" });
  const fair = await repo.commit({
    message: "fair",
    files: { h: "h\n" },
    parents: [ours, clean],
    branch: "m1",
  });
  const solved = await repo.commit({
    message: "solved",
    files: { f: "solved\n" },
    parents: [ours, theirs],
    branch: "m2",
  });
  const kept = await repo.commit({
    message: "modify/delete",
    files: { f: "kept\n" },
    parents: [ours, gone],
    branch: "m3",
  });
  const octopus = await repo.commit({
    message: "octopus",
    files: { h: "h\n", z: "z\n" },
    parents: [fair, solved, kept],
    branch: "m4",
  });
  const found = await readRemergedCommits(await openRepository(repo.path), {
    include: [octopus],
    exclude: [ours, theirs, clean, gone],
  });
  const paths = Object.fromEntries(
    found.map(({ commit, changes }) => [commit.message, changes.map((row) => row.path)]),
  );
  expect(paths).toEqual({ fair: [], solved: ["f"], "modify/delete": ["f"], octopus: ["z"] });
});

it("merges the result of a merge, as a queue does (T47)", async () => {
  await using repo = await createRepository({ bare: true });
  const { base, ours, clean } = await fork(repo);
  const other = await repo.commit({
    message: "other",
    files: { g: "changed\n" },
    parents: [base],
    branch: "other",
  });
  const queued = await repo.commit({
    message: "group",
    files: { h: "h\n", g: "changed\n" },
    parents: [ours],
    branch: "group",
  });
  const opened = await openRepository(repo.path);
  const tree = await withMerges(opened, [{ ours, theirs: clean }], async ([first], scratch) => {
    const step = await writeScratchCommit(scratch, first?.tree ?? "", [ours, clean]);
    return (await mergeTrees(scratch, [{ ours: step, theirs: other }]))[0]?.tree;
  });
  expect(tree).toBe(await repo.id(`${queued}^{tree}`));
});

it("works inside a push's quarantine", async () => {
  await using server = await createRepository({ bare: true });
  await using repo = await createRepository();
  const { base, ours, clean } = await fork(repo);
  await repo.git(["push", "--quiet", server.path, `${base}:refs/heads/main`]);
  await using quarantine = await createRepository({ bare: true });
  await repo.git(["push", "--quiet", quarantine.path, `${ours}:refs/heads/a`, `${clean}:refs/heads/b`]);
  const opened = await openRepository(server.path, {
    GIT_QUARANTINE_PATH: join(quarantine.path, "objects"),
    GIT_OBJECT_DIRECTORY: join(quarantine.path, "objects"),
    GIT_ALTERNATE_OBJECT_DIRECTORIES: join(server.path, "objects"),
  });
  const [result] = await mergeTrees(opened, [{ ours, theirs: clean }]);
  expect(result?.isClean).toBe(true);
  expect((await server.tryGit(["cat-file", "-e", ours])).exitCode).not.toBe(0);
});

it("works where the path of the repository holds colons and quotes", async () => {
  await using outer = await createRepository();
  await using repo = await createRepository({ path: join(outer.path, 'a:b"c d') });
  const { ours, clean } = await fork(repo);
  expect((await mergeTrees(await openRepository(repo.path), [{ ours, theirs: clean }]))[0]?.isClean).toBe(
    true,
  );
});

it("says which contents a partial clone lacks (T39)", async () => {
  await using repo = await createRepository();
  await repo.git(["config", "uploadpack.allowFilter", "true"]);
  const { ours, theirs } = await fork(repo);
  await using partial = await repo.clone(["--filter=blob:none", "--no-checkout"]);
  const merged = mergeTrees(await openRepository(partial.path), [{ ours, theirs }]);
  await expect(merged).rejects.toMatchObject({ code: "MISSING_OBJECT", message: /partial clone/ });
});

it("does not take a missing commit for an unrelated history", async () => {
  await using repo = await createRepository();
  const { ours } = await fork(repo);
  const merged = mergeTrees(await openRepository(repo.path), [{ ours, theirs: "e".repeat(40) }]);
  await expect(merged).rejects.toMatchObject({ code: "MISSING_OBJECT", objects: ["e".repeat(40)] });
});

it("refuses output it does not know (fuzz)", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (junk) => {
      try {
        for (const result of parseMerges(Buffer.from(junk))) expect(result.tree).toMatch(/^[0-9a-f]{40,64}$/);
      } catch (error) {
        expect(error).toMatchObject({ code: "OUTPUT_MALFORMED" });
      }
    }),
  );
});
