// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRepository, createTemporaryFolder } from "@countersign/testkit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parseGitVersion } from "./git-version.ts";
import { openRepository, readRef } from "./index.ts";

afterEach(() => vi.unstubAllEnvs());

describe.each(["sha1", "sha256"] as const)("a %s repository", (objectFormat) => {
  it("is opened from its top, a folder inside, and its Git directory", async () => {
    await using repo = await createRepository({ objectFormat });
    await mkdir(join(repo.path, "a/b"), { recursive: true });
    for (const dir of [repo.path, join(repo.path, "a/b")]) {
      expect(await openRepository(dir)).toMatchObject({
        gitDir: join(repo.path, ".git"),
        workTree: repo.path,
        objectFormat,
      });
    }
    expect(await openRepository(join(repo.path, ".git"))).toMatchObject({ gitDir: join(repo.path, ".git") });
  });
});

it("opens bare repositories, linked work trees and submodules", async () => {
  await using bare = await createRepository({ bare: true });
  expect(await openRepository(bare.path)).toMatchObject({
    gitDir: bare.path,
    workTree: undefined,
    isShallow: false,
  });
  await using repo = await createRepository();
  await repo.commit({ message: "one", files: { a: "1\n" } });
  await repo.git(["worktree", "add", "--quiet", "-b", "linked", "../linked"]);
  const linked = await openRepository(join(repo.path, "../linked"));
  expect(linked).toMatchObject({
    commonDir: join(repo.path, ".git"),
    workTree: join(repo.path, "../linked"),
  });
  expect(await readRef(linked, "refs/heads/main")).toBe(await repo.id("main"));
  await repo.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", repo.path, "sub"]);
  expect((await openRepository(join(repo.path, "sub"))).gitDir).toBe(join(repo.path, ".git/modules/sub"));
});

it("tells shallow and partial clones", async () => {
  await using repo = await createRepository();
  for (const n of ["1", "2"]) await repo.commit({ message: n, files: { a: n } });
  await repo.git(["config", "uploadpack.allowFilter", "true"]);
  await using shallow = await repo.clone(["--depth=1"]);
  await using partial = await repo.clone(["--filter=blob:none", "--no-checkout"]);
  expect(await openRepository(shallow.path)).toMatchObject({ isShallow: true, isPartial: false });
  expect(await openRepository(partial.path)).toMatchObject({ isShallow: false, isPartial: true });
});

it("says what to do where there is no repository", async () => {
  await using folder = await createTemporaryFolder();
  await expect(openRepository(folder.path)).rejects.toMatchObject({
    code: "NOT_A_REPOSITORY",
    message: /--repo/,
  });
  await expect(openRepository(join(folder.path, "none"))).rejects.toMatchObject({ code: "NOT_A_REPOSITORY" });
  await writeFile(join(folder.path, "file"), "");
  await expect(openRepository(join(folder.path, "file"))).rejects.toMatchObject({ code: "NOT_A_REPOSITORY" });
});

it("explains a repository that belongs to somebody else", async () => {
  await using repo = await createRepository();
  vi.stubEnv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
  vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null");
  const opened = openRepository(repo.path, { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" });
  await expect(opened).rejects.toMatchObject({ code: "UNSAFE_DIRECTORY", message: /safe\.directory/ });
});

it("is not led elsewhere by the caller's Git variables", async () => {
  await using repo = await createRepository();
  await using other = await createRepository();
  vi.stubEnv("GIT_DIR", join(other.path, ".git"));
  vi.stubEnv("GIT_WORK_TREE", other.path);
  vi.stubEnv("GIT_NAMESPACE", "elsewhere");
  expect(await openRepository(repo.path)).toMatchObject({ workTree: repo.path });
});

it("asks for a newer Git", () => {
  expect(parseGitVersion("git version 2.39.5")).toEqual([2, 39]);
  expect(parseGitVersion("git version 3.0.1 (Apple Git-1)")).toEqual([3, 0]);
  for (const old of ["git version 2.37.9", "git version 1.99", "nonsense"]) {
    expect(() => parseGitVersion(old)).toThrow(expect.objectContaining({ code: "GIT_TOO_OLD" }));
  }
});

it("says that git is missing", async () => {
  await using repo = await createRepository();
  vi.stubEnv("PATH", "/nonexistent");
  await expect(openRepository(repo.path)).rejects.toMatchObject({ code: "GIT_NOT_FOUND" });
});
