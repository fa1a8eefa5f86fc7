// SPDX-License-Identifier: Apache-2.0
import { createRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { openRepository } from "./open-repository.ts";
import { readParentedChanges } from "./read-parented-changes.ts";

const numbers = (changed: Readonly<Record<number, string>> = {}) =>
  Array.from({ length: 20 }, (_, i) => `${changed[i + 1] ?? i + 1}\n`).join("");

describe("changes against all parents", () => {
  it("leave out what a merge took over from one side", async () => {
    await using repo = await createRepository();
    const root = await repo.commit({ message: "root\n", files: { a: numbers(), b: "1\n" } });
    const side = await repo.commit({
      branch: "side",
      parents: [root],
      message: "s\n",
      files: { a: numbers({ 3: "s" }), c: "new\n" },
    });
    const own = await repo.commit({ message: "m\n", files: { a: numbers({ 17: "m" }), b: null } });
    const merge = await repo.commit({
      message: "merge\n",
      parents: [own, side],
      files: { a: numbers({ 3: "s", 10: "evil", 17: "m" }), c: "new\n" },
    });
    const empty = await repo.commit({ message: "empty\n" });
    const found: unknown[] = [];
    for await (const { id, changes } of readParentedChanges(await openRepository(repo.path), [
      root,
      merge,
      empty,
      own,
    ]))
      found.push([
        id,
        changes.map(({ path, mode, parents }) => `${mode} ${path} ${parents.map((each) => each.mode)}`),
      ]);
    expect(found).toEqual([
      [root, ["100644 a 000000", "100644 b 000000"]],
      [merge, ["100644 a 100644,100644"]],
      [own, ["100644 a 100644", "000000 b 100644"]],
    ]);
  });

  it("hold any path", async () => {
    await using repo = await createRepository({ objectFormat: "sha256" });
    const paths = ["a\nb", 'q"uote', "--- x", "täb\t"];
    const files = Object.fromEntries(paths.map((path) => [path, "1\n"]));
    const root = await repo.commit({ message: "root\n", files });
    for await (const { changes } of readParentedChanges(await openRepository(repo.path), [root]))
      expect(changes.map((change) => change.path).sort()).toEqual([...paths].sort());
  });

  it("say which tree is missing", async () => {
    await using repo = await createRepository();
    const tree = "d".repeat(40);
    const who = "author <author@example.com> 1767225600 +0000";
    const commit = await repo.writeObject("commit", `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nx\n`);
    const changes = readParentedChanges(await openRepository(repo.path), [commit]);
    await expect(changes.next()).rejects.toMatchObject({ code: "MISSING_OBJECT", objects: [tree] });
  });
});
