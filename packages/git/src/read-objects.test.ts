// SPDX-License-Identifier: Apache-2.0
import { toRawText } from "@countersign/core/ids";
import { collect, createRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { openRepository, readFileAt, readObjects } from "./index.ts";
import { readObjectType } from "./read-objects.ts";

it("reads contents in the order asked, and reports what is too large or missing", async () => {
  await using repo = await createRepository();
  const binary = Buffer.from([0, 10, 255, 10, 0]);
  const ids = [
    await repo.writeObject("blob", binary),
    await repo.writeObject("blob", "x".repeat(200_000)),
    "a".repeat(40),
    await repo.writeObject("blob", ""),
  ];
  const read = await collect(
    readObjects(await openRepository(repo.path), [...ids, ids[0] ?? ""], { maxBytes: 1000 }),
  );
  expect(read.map((object) => object.status)).toEqual(["read", "too-large", "missing", "read", "read"]);
  expect(read[0]).toMatchObject({ id: ids[0], type: "blob" });
  expect(read[4]?.status === "read" && Buffer.from(read[4].bytes)).toEqual(binary);
  expect(read[1]).toMatchObject({ size: 200_000 });
});

it("reads many objects without waiting for itself", async () => {
  await using repo = await createRepository();
  const files = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`f${n}`, `${n}`.repeat(300)]));
  await repo.commit({ message: "many", files });
  const ids = (await repo.git(["ls-tree", "--format=%(objectname)", "main"])).split("\n");
  const read = await collect(readObjects(await openRepository(repo.path), ids));
  expect(read.filter((object) => object.status === "read")).toHaveLength(3000);
});

it("reads a file at a commit, whatever its name", async () => {
  await using repo = await createRepository({ bare: true });
  const odd = [
    "a",
    "dir/b",
    ":(glob)*",
    "*",
    "dir/new\nline",
    toRawText(Buffer.from([0x64, 0x69, 0x72, 0x2f, 0xff])),
    toRawText(Buffer.from([0xff, 0x2f, 0x61])),
    "-x",
    "é",
  ];
  const one = await repo.commit({
    message: "one",
    files: Object.fromEntries(odd.map((path) => [path, `content of ${path}`])),
  });
  const opened = await openRepository(repo.path);
  for (const path of odd) {
    expect(Buffer.from((await readFileAt(opened, one, path)) ?? []).toString()).toBe(
      Buffer.from(`content of ${path}`).toString(),
    );
  }
  for (const path of ["none", "dir", "dir/", "", "b", "../a", "a/b"])
    expect(await readFileAt(opened, one, path)).toBeUndefined();
});

it("tells a missing file from a missing commit and a missing content", async () => {
  await using repo = await createRepository();
  await repo.git(["config", "uploadpack.allowFilter", "true"]);
  const one = await repo.commit({ message: "one", files: { policy: "x".repeat(2000) } });
  await using partial = await repo.clone(["--filter=blob:none", "--no-checkout"]);
  await expect(readFileAt(await openRepository(partial.path), one, "policy")).rejects.toMatchObject({
    code: "MISSING_OBJECT",
  });
  const opened = await openRepository(repo.path);
  await expect(readFileAt(opened, "b".repeat(40), "policy")).rejects.toMatchObject({
    code: "MISSING_OBJECT",
  });
  await expect(readFileAt(opened, one, "policy", { maxBytes: 10 })).rejects.toMatchObject({
    code: "BLOB_TOO_LARGE",
  });
});

describe("types of loose objects", () => {
  it("are Git's own answers, peeled or not", async () => {
    await using repo = await createRepository();
    const commit = await repo.commit({ message: "one\n", files: { "a/b": "1\n" } });
    await repo.git(["tag", "-a", "-m", "tagged", "v1", commit]);
    const [tree, blob, tag] = await Promise.all(
      ["HEAD^{tree}", "HEAD:a/b", "v1"].map((name) => repo.git(["rev-parse", name])),
    );
    const absent = "d".repeat(40);
    const names = [commit, tree, blob, tag, absent].flatMap((id) => [id, `${id}^{commit}`, `${id}^{tree}`]);
    const repository = await openRepository(repo.path);
    const asked = await repo.git(["cat-file", "--batch-check"], { input: `${names.join("\n")}\n` });
    for (const [i, line] of asked.split("\n").entries()) {
      const [found] = await readObjectType(repository, [names[i] ?? ""]);
      const answer = found?.type === undefined ? "missing" : `${found.id} ${found.type} ${found.size}`;
      expect(answer, names[i]).toBe(line.endsWith("missing") ? "missing" : line);
    }
  });
});
