// SPDX-License-Identifier: Apache-2.0
import { createRepository } from "@countersign/testkit";
import { expect, it } from "vitest";
import { openRepository } from "./open-repository.ts";
import { addSetting, listRemotes, readSetting, readSettings, removeSetting } from "./settings.ts";

it("are read as Git reads them: sections and names without case, what stands between with it, the last one counts", async () => {
  await using repo = await createRepository();
  const values = [
    ["Core.CommentChar", ";"],
    ["remote.One.url", "u1"],
    ["remote.one.URL", "u2"],
    ["remote.a.b.fetch", "x\ny"],
    ["example.word", "first"],
  ] as const;
  for (const [key, value] of values) await repo.git(["config", key, value]);
  await repo.git(["config", "--add", "example.word", "last"]);
  await repo.git(["config", "core.pager", ""]);
  const repository = await openRepository(repo.path);
  expect(await readSetting(repository, "core.commentChar")).toBe(";");
  expect(await readSetting(repository, "REMOTE.One.Url")).toBe("u1");
  expect(await readSetting(repository, "remote.one.url")).toBe("u2");
  expect(await readSetting(repository, "remote.ONE.url")).toBeUndefined();
  expect(await readSettings(repository, "remote.a.b.fetch")).toEqual(["x\ny"]);
  expect(await readSettings(repository, "example.word")).toEqual(["first", "last"]);
  expect(await readSetting(repository, "core.pager")).toBe("");
  expect(await listRemotes(repository)).toEqual(["One", "one"]);
});

it("are seen as they are after a change of our own", async () => {
  await using repo = await createRepository();
  const repository = await openRepository(repo.path);
  expect(await readSettings(repository, "receive.hideRefs")).toEqual([]);
  expect(await addSetting(repository, "receive.hideRefs", "refs/a")).toBe(true);
  expect(await addSetting(repository, "receive.hideRefs", "refs/a")).toBe(false);
  expect(await readSettings(repository, "receive.hideRefs")).toEqual(["refs/a"]);
  await removeSetting(repository, "receive.hideRefs", "refs/a");
  expect(await readSettings(repository, "receive.hideRefs")).toEqual([]);
});

it("that stand without a value mean true", async () => {
  await using repo = await createRepository();
  await repo.write(
    ".git/config",
    "[core]\n\trepositoryformatversion = 0\n\tbare = false\n[countersign]\n\ttrailer\n",
  );
  expect(await readSetting(await openRepository(repo.path), "countersign.trailer")).toBe("true");
});
