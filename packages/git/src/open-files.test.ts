// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import { createRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { openFiles } from "./open-files.ts";
import { openRepository } from "./open-repository.ts";

describe("openFiles", () => {
  it("gives plain files of a commit, and undefined for what is none", async () => {
    await using repo = await createRepository({ objectFormat: "sha256" });
    const commit = await repo.commit({ message: "x\n", files: { "a/b.txt": "one", c: "two" } });
    const files = openFiles(await openRepository(repo.path), commit);
    const read = async (path: string) => Buffer.from((await files.get(path)) ?? "none").toString();
    expect(await Promise.all(["a/b.txt", "c", "a", "a/x", "c/d", "x/y", ""].map(read))).toEqual([
      "one",
      "two",
      "none",
      "none",
      "none",
      "none",
      "none",
    ]);
  });

  it("refuses an object that would fill the memory, another kind of object, and goes on reading", async () => {
    await using repo = await createRepository();
    const large = randomBytes(300_000);
    const commit = await repo.commit({ message: "x\n", files: { large, small: "s" } });
    const repository = await openRepository(repo.path);
    const files = openFiles(repository, commit, 100_000);
    await expect(files.get("large")).rejects.toMatchObject({ code: "OUTPUT_MALFORMED" });
    expect(await files.get("small")).toEqual(Buffer.from("s"));
    await expect(files.blob(commit)).rejects.toThrow("is no blob");
    await expect(files.blob("1".repeat(40))).rejects.toMatchObject({ code: "MISSING_OBJECT" });
    expect(await files.get("small")).toEqual(Buffer.from("s"));
    await expect(openFiles(repository, await repo.id("HEAD^{tree}")).get("small")).rejects.toThrow(
      "is no commit",
    );
  });
});
