// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import { listCommitsTouching, listCommitTrees, openRepository } from "@countersign/git";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { expect, test } from "vitest";
import {
  createTargetReader,
  readTargetsAhead,
  type TargetReader,
  type WantedPaths,
  withTargetsAhead,
} from "./target-reader.ts";

async function build(repo: TestRepository): Promise<void> {
  await repo.commit({ message: "first", files: { "a.js": "one\n", "b.js": "one\n" } });
  await repo.commit({ message: "both", files: { "a.js": "one\ntwo\n", "b.js": "two\n" } });
  await repo.commit({ message: "other", files: { "b.js": "three\n" } });
  await repo.commit({ message: "a alone", files: { "a.js": "zero\none\ntwo\n" } });
  await repo.commit({ message: "a and a removal", files: { "a.js": "zero\ntwo\n", "b.js": null } });
}

async function readAll(reader: TargetReader, commits: readonly ObjectId[]) {
  const changes = await reader.readChanges(commits);
  const targets = [];
  for await (const target of reader.readTargets(changes)) targets.push(target);
  return { changes: [...changes], targets, trees: new Map([...(await reader.readTrees(commits))].sort()) };
}

test("what was read ahead is what would be read, in the order asked, whichever part of it", async () => {
  await using repo = await createRepository();
  await build(repo);
  const repository = await openRepository(repo.path);
  const tip = await repo.id("HEAD");
  const links = await listCommitTrees(repository, { include: [tip] });
  const all = links.map(({ id }) => id);
  const both = new Set(["a.js", "b.js"]);
  const wantings: readonly WantedPaths[] = [
    new Map(all.map((id) => [id, new Set(["a.js"])])),
    new Map(all.map((id, n) => [id, n % 2 === 0 ? new Set(["a.js"]) : both])),
    new Map(all.map((id) => [id, new Set(["b.js"])])),
    new Map(),
  ];
  for (const paths of wantings)
    for (const few of [links, links.slice(1, 3), [], [...links].reverse()]) {
      const ahead = await readTargetsAhead(repository, few, "a.js");
      for (const asked of [all, all.toReversed(), all.slice(2), []])
        expect(await readAll(withTargetsAhead(repository, paths, ahead), asked)).toEqual(
          await readAll(createTargetReader(repository, paths), asked),
        );
    }
});

test("commits that touch a path are listed newest first, and no more than asked for", async () => {
  await using repo = await createRepository();
  await build(repo);
  const repository = await openRepository(repo.path);
  const tip = await repo.id("HEAD");
  const ids = (...names: string[]) => Promise.all(names.map((name) => repo.id(name)));
  const list = (path: string, most = 100) => listCommitsTouching(repository, tip, { path, most });
  expect(await list("a.js")).toEqual(await ids("HEAD", "HEAD~1", "HEAD~3", "HEAD~4"));
  expect(await list("a.js", 2)).toEqual(await ids("HEAD", "HEAD~1"));
  expect(await list("*.js")).toEqual([]);
  expect(await list("gone.js")).toEqual([]);
});
