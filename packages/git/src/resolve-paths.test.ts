// SPDX-License-Identifier: Apache-2.0
import { createRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { openRepository } from "./open-repository.ts";
import { resolvePaths } from "./resolve-paths.ts";

const HOSTILE = [
  "a\nb",
  "a blob 3",
  "x missing",
  `${"a".repeat(40)} blob 5\n`,
  ":",
  'q"uote',
  "dir/\n/x",
  "täb\t",
];

describe("paths in trees", () => {
  it.each(["sha1", "sha256"] as const)("are found whatever they hold, in %s", async (objectFormat) => {
    await using repo = await createRepository({ objectFormat });
    const files = Object.fromEntries(HOSTILE.map((path, i) => [path, `${i}\n`]));
    const full = await repo.commit({ message: "full\n", files });
    const bare = await repo.commit({ message: "bare\n", parents: [], branch: "other", files: { a: "1\n" } });
    const repository = await openRepository(repo.path);
    const places = HOSTILE.flatMap((path) => [
      { tree: bare, path },
      { tree: full, path },
      { tree: "d".repeat(full.length), path },
    ]);
    const found = await resolvePaths(repository, [...places, { tree: full, path: "dir" }]);
    const expected = await Promise.all(
      HOSTILE.map((_, i) => repo.git(["hash-object", "--stdin"], { input: `${i}\n` })),
    );
    expect(found).toEqual([...expected.flatMap((id) => [undefined, id, undefined]), undefined]);
    // Without a tree that is absent, Git does not have to be asked.
    const present = places.filter(({ tree }) => tree === full);
    expect(await resolvePaths(repository, present)).toEqual(expected);
    await repo.git(["repack", "-adq"]);
    expect(await resolvePaths(repository, present)).toEqual(expected);
  });

  it("that Git reads as something else are none", async () => {
    await using repo = await createRepository();
    const commit = await repo.commit({ message: "one\n", files: { "a/b": "1\n" } });
    const repository = await openRepository(repo.path);
    const paths = ["", "./a/b", "../a", "a/../a/b", "/a/b", "a/b/"];
    expect(
      await resolvePaths(
        repository,
        paths.map((path) => ({ tree: commit, path })),
      ),
    ).toEqual(paths.map(() => undefined));
  });
});
