// SPDX-License-Identifier: Apache-2.0
import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import {
  branchesAt,
  defaultBranch,
  listRefs,
  openRepository,
  readRef,
  readReflog,
  resolveCommit,
} from "./index.ts";
import { quickRef } from "./quick-read.ts";

async function withTwoCommits(): Promise<{ repo: TestRepository; one: string; two: string }> {
  const repo = await createRepository();
  const one = await repo.commit({ message: "one", files: { a: "1" } });
  const two = await repo.commit({ message: "two", files: { a: "2" } });
  return { repo, one, two };
}

it("never takes a tag for the branch of that name (T31)", async () => {
  const { repo, one, two } = await withTwoCommits();
  await using _ = repo;
  await repo.git(["update-ref", "refs/tags/main", one]);
  const opened = await openRepository(repo.path);
  expect(await resolveCommit(opened, "refs/heads/main")).toBe(two);
  expect(await resolveCommit(opened, "refs/tags/main")).toBe(one);
  for (const name of ["main", "main~1", "main^{commit}"]) {
    await expect(resolveCommit(opened, name)).rejects.toMatchObject({
      code: "AMBIGUOUS_NAME",
      message: /refs\/heads\/main/,
    });
  }
});

it("does not find a full name under another one", async () => {
  const { repo, one, two } = await withTwoCommits();
  await using _ = repo;
  await repo.git(["update-ref", "refs/heads/refs/heads/gone", one]);
  await repo.git(["update-ref", "refs/tags/refs/heads/gone", one]);
  await repo.git(["update-ref", `refs/heads/${two}`, one]);
  const opened = await openRepository(repo.path);
  expect(await resolveCommit(opened, "refs/heads/gone")).toBeUndefined();
  expect(await readRef(opened, "refs/heads/gone")).toBeUndefined();
  expect(await resolveCommit(opened, two)).toBe(two);
});

it("peels tags of tags, and knows that a tagged tree is no commit", async () => {
  const { repo, two } = await withTwoCommits();
  await using _ = repo;
  await repo.git(["tag", "-a", "-m", "t", "inner", two]);
  await repo.git(["tag", "-a", "-m", "t", "outer", "inner"]);
  await repo.git(["tag", "-a", "-m", "t", "tree", `${two}^{tree}`]);
  const opened = await openRepository(repo.path);
  expect(await resolveCommit(opened, "refs/tags/outer")).toBe(two);
  expect(await resolveCommit(opened, "outer")).toBe(two);
  expect(await resolveCommit(opened, "refs/tags/tree")).toBeUndefined();
});

it.each([
  "",
  "nothing",
  "--help",
  "-n1",
  "a\0b",
  "a\nb",
  "HEAD^9",
  "refs/heads/../x",
  "0".repeat(40),
  "f".repeat(40),
  "f".repeat(64),
])("finds no commit in %j", async (revision) => {
  const { repo } = await withTwoCommits();
  await using _ = repo;
  expect(await resolveCommit(await openRepository(repo.path), revision)).toBeUndefined();
});

it("answers in a repository without commits", async () => {
  await using repo = await createRepository({ branch: "trunk" });
  const opened = await openRepository(repo.path);
  expect(await resolveCommit(opened, "HEAD")).toBeUndefined();
  expect(await defaultBranch(opened)).toBe("refs/heads/trunk");
  expect(await listRefs(opened, ["refs"])).toEqual([]);
  expect(await readReflog(opened, "refs/heads/trunk")).toEqual([]);
});

it("lists refs, branches at a commit, and what a branch has been", async () => {
  const { repo, one, two } = await withTwoCommits();
  await using _ = repo;
  await repo.git(["update-ref", "refs/heads/main2", two]);
  await repo.git(["update-ref", "refs/remotes/origin/main", two]);
  await repo.git(["reset", "--quiet", "--hard", one]);
  const opened = await openRepository(repo.path);
  expect(await listRefs(opened, ["refs/heads"])).toEqual([
    { name: "refs/heads/main", id: one },
    { name: "refs/heads/main2", id: two },
  ]);
  expect(await branchesAt(opened, two)).toEqual(["refs/heads/main2", "refs/remotes/origin/main"]);
  expect((await readReflog(opened, "refs/heads/main")).slice(0, 2)).toEqual([one, two]);
  await repo.git(["checkout", "--quiet", "--detach"]);
  expect(await defaultBranch(opened)).toBeUndefined();
});

describe("refs that lie in files", () => {
  it("are read as Git reads them, odd ones too", async () => {
    await using repo = await createRepository();
    const first = await repo.commit({ message: "one\n", files: { a: "1\n" } });
    await repo.git(["tag", "-a", "-m", "tagged", "v1", first]);
    await repo.git(["update-ref", "refs/heads/packed", first]);
    await repo.git(["pack-refs", "--all"]);
    const second = await repo.commit({ message: "two\n", files: { a: "2\n" } });
    await repo.git(["symbolic-ref", "refs/heads/also", "refs/heads/packed"]);
    await repo.git(["symbolic-ref", "refs/heads/dangling", "refs/heads/none"]);
    await repo.write(".git/refs/heads/zero", `${"0".repeat(40)}\n`);
    await repo.write(".git/refs/heads/long", `${"a".repeat(64)}\n`);
    await repo.write(".git/refs/heads/gone", `${"a".repeat(40)}\n`);
    await repo.write(".git/refs/heads/folder/ref", `${second}\n`);
    const repository = await openRepository(repo.path);
    const names = [
      "main",
      "packed",
      "also",
      "dangling",
      "zero",
      "long",
      "gone",
      "folder",
      "folder/ref",
      "pack",
    ];
    for (const name of names.map((each) => `refs/heads/${each}`).concat("refs/tags/v1")) {
      const listed = await repo.git(["for-each-ref", "--format=%(refname) %(objectname)", "--", name]);
      const expected = listed.split("\n").find((row) => row.startsWith(`${name} `));
      expect(await readRef(repository, name), name).toBe(expected?.slice(name.length + 1));
    }
  });

  it("that cannot be read are not taken for absent: what was packed before would come back", async () => {
    await using repo = await createRepository();
    await repo.commit({ message: "one\n", files: { a: "1\n" } });
    await repo.git(["pack-refs", "--all"]);
    const second = await repo.commit({ message: "two\n", files: { a: "2\n" } });
    const repository = await openRepository(repo.path);
    expect(quickRef(repository, "refs/heads/main")).toBe(second);
    await rm(join(repo.path, ".git/refs/heads/main"));
    await symlink("main", join(repo.path, ".git/refs/heads/main"));
    expect(quickRef(repository, "refs/heads/main")).toBe("unknown");
  });

  it("HEAD is the work tree's own", async () => {
    await using repo = await createRepository();
    const first = await repo.commit({ message: "one\n", files: { a: "1\n" } });
    await repo.commit({ message: "two\n", files: { a: "2\n" } });
    await repo.git(["worktree", "add", "--quiet", "-b", "other", "../other", first]);
    const linked = await openRepository(`${repo.path}/../other`);
    expect(await resolveCommit(linked, "HEAD")).toBe(first);
    expect(await defaultBranch(linked)).toBe("refs/heads/other");
    await repo.git(["checkout", "--quiet", "--detach", first]);
    const repository = await openRepository(repo.path);
    expect(await defaultBranch(repository)).toBeUndefined();
    expect(await resolveCommit(repository, "HEAD")).toBe(first);
    await repo.write(".git/HEAD", "ref: refs/heads/unborn\n");
    expect(await defaultBranch(repository)).toBe("refs/heads/unborn");
    expect(await resolveCommit(repository, "HEAD")).toBeUndefined();
  });
});
