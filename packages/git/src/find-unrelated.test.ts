// SPDX-License-Identifier: Apache-2.0
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createRepository } from "@countersign/testkit";
import { expect, it } from "vitest";
import { findUnrelated } from "./history.ts";
import { openRepository } from "./open-repository.ts";

it("names the heads of another history, and no branch of this one", async () => {
  await using repo = await createRepository();
  const base = await repo.commit({ message: "base", files: { a: "1\n" } });
  const branch = await repo.commit({
    message: "branch",
    branch: "branch",
    parents: [base],
    files: { b: "1\n" },
  });
  const pages = await repo.commit({ message: "pages", branch: "pages", parents: [], files: { html: "1\n" } });
  const joined = await repo.commit({ message: "join", branch: "joined", parents: [branch, pages] });
  const opened = await openRepository(repo.path);
  expect(await findUnrelated(opened, base, [branch, pages, joined])).toEqual(new Set([pages]));
  expect(await findUnrelated(opened, joined, [branch, pages])).toEqual(new Set());
  expect(await findUnrelated(opened, base, [])).toEqual(new Set());
});

it("does not call a head unrelated whose history has a hole", async () => {
  await using repo = await createRepository();
  const base = await repo.commit({ message: "base", files: { a: "1\n" } });
  const middle = await repo.commit({ message: "middle", files: { a: "2\n" } });
  const head = await repo.commit({ message: "head", files: { a: "3\n" } });
  await rm(join(repo.path, ".git/objects", middle.slice(0, 2), middle.slice(2)), { force: true });
  await repo.git(["prune-packed"]);
  const gone = (await repo.tryGit(["cat-file", "-e", middle])).exitCode !== 0;
  if (!gone) throw new Error("the object could not be removed");
  const opened = await openRepository(repo.path);
  await expect(findUnrelated(opened, base, [head])).rejects.toMatchObject({ code: "MISSING_OBJECT" });
});
