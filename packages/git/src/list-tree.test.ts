// SPDX-License-Identifier: Apache-2.0
import { toRawText } from "@countersign/core/ids";
import { createRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { listTree } from "./list-tree.ts";
import { openRepository } from "./open-repository.ts";

describe.each(["sha1", "sha256"] as const)("in a %s repository", (objectFormat) => {
  it("lists files, links and submodules under names of any bytes", async () => {
    await using repo = await createRepository({ objectFormat });
    const gitlink = "1".repeat(objectFormat === "sha1" ? 40 : 64);
    const odd = toRawText(Uint8Array.from([0x61, 0x09, 0x0a, 0xff, 0xe9]));
    const files = {
      "a/b": "1\n",
      "a/\u00e9": { symlink: "b" },
      [odd]: { executable: "x\n" },
      "sub module": { gitlink },
    };
    const tree = await repo.id(`${await repo.commit({ message: "x\n", files })}^{tree}`);
    const entries = await listTree(await openRepository(repo.path), tree);
    const modes = new Map(entries.map((entry) => [entry.path, entry.mode]));
    expect(modes).toEqual(
      new Map([
        ["a/b", "100644"],
        ["a/\u00e9", "120000"],
        [odd, "100755"],
        ["sub module", "160000"],
      ]),
    );
    expect(entries.find((entry) => entry.path === "sub module")?.id).toBe(gitlink);
  });

  it("says that a tree is not here", async () => {
    await using repo = await createRepository({ objectFormat });
    const absent = "2".repeat(objectFormat === "sha1" ? 40 : 64);
    await expect(listTree(await openRepository(repo.path), absent)).rejects.toMatchObject({
      code: "MISSING_OBJECT",
      objects: [absent],
    });
  });

  it("finds an empty tree empty", async () => {
    await using repo = await createRepository({ objectFormat });
    const tree = await repo.id(`${await repo.commit({ message: "x\n" })}^{tree}`);
    expect(await listTree(await openRepository(repo.path), tree)).toEqual([]);
  });
});
