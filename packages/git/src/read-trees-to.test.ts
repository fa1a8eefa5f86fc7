// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRepository } from "./open-repository.ts";
import { readTreesTo } from "./read-trees-to.ts";

let repo: TestRepository;
let commit: string;
beforeAll(async () => {
  repo = await createRepository();
  commit = await repo.commit({ message: "x\n", files: { "a/b/c.txt": "c\n", "a/bb.txt": "", "a b": "" } });
});
afterAll(() => repo.remove());

const nameOf = (tree: Uint8Array) =>
  createHash("sha1").update(`tree ${tree.length}\0`).update(tree).digest("hex");

describe("the trees on the way to a file", () => {
  it("are those that Git names, the commit's own first", async () => {
    const trees = await readTreesTo(await openRepository(repo.path), commit, "a/b/c.txt");
    const names = await Promise.all(
      ["", "a", "a/b"].map((path) => repo.git(["rev-parse", `${commit}:${path}`])),
    );
    expect(trees.map(nameOf)).toEqual(names);
  });

  it("end where the path does", async () => {
    const opened = await openRepository(repo.path);
    expect(await readTreesTo(opened, commit, "a/x/c.txt")).toHaveLength(2);
    expect(await readTreesTo(opened, commit, "a b/c.txt")).toHaveLength(1);
  });
});
