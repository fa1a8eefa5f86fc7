// SPDX-License-Identifier: Apache-2.0
import { toRawText } from "@countersign/core/ids";
import { collect, createRepository } from "@countersign/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffTrees, openRepository, readChanges, readCommitsWithChanges } from "./index.ts";
import { parseLog } from "./read-changes.ts";

const ZERO = "0".repeat(40);

describe.each(["sha1", "sha256"] as const)("in a %s repository", (objectFormat) => {
  it("reports paths of any bytes exactly (T43)", async () => {
    await using repo = await createRepository({ objectFormat, bare: true });
    const paths = [
      "new\nline",
      "tab\there",
      'quo"te',
      "back\\slash",
      toRawText(Buffer.from([0x69, 0xff, 0xfe])),
      "é",
      "e\u0301",
      "INFRA.tf",
      "infra.tf",
      ":100644 x",
      "-n",
      " ",
      "---",
      "a:b",
    ];
    const one = await repo.commit({
      message: "one",
      files: Object.fromEntries(paths.map((path) => [path, path])),
    });
    const opened = await openRepository(repo.path);
    const [commit] = await collect(readChanges(opened, { include: [one] }));
    expect(commit?.changes.map((row) => row.path).sort()).toEqual([...paths].sort());
  });

  it("shows modes, links, submodules and both sides of a rename (T40, T42, T46)", async () => {
    await using repo = await createRepository({ objectFormat, bare: true });
    const width = objectFormat === "sha1" ? 40 : 64;
    const text = "same content\n".repeat(50);
    const one = await repo.commit({
      message: "one",
      files: {
        "infra/iam.tf": text,
        run: "#!/bin/sh\n",
        link: { symlink: "infra/iam.tf" },
        sub: { gitlink: "a".repeat(width) },
        turned: "file",
      },
    });
    const two = await repo.commit({
      message: "two",
      files: {
        "infra/iam.tf": null,
        "notes.txt": text,
        run: { executable: "#!/bin/sh\n" },
        link: { symlink: "elsewhere" },
        sub: { gitlink: "b".repeat(width) },
        turned: { symlink: "file" },
      },
    });
    const opened = await openRepository(repo.path);
    const changes = await diffTrees(opened, one, two);
    expect(changes.map((row) => `${row.status} ${row.oldMode} ${row.newMode} ${row.path}`)).toEqual([
      "D 100644 000000 infra/iam.tf",
      "M 120000 120000 link",
      "A 000000 100644 notes.txt",
      "M 100644 100755 run",
      "M 160000 160000 sub",
      "T 100644 120000 turned",
    ]);
    expect(changes[4]).toMatchObject({ oldId: "a".repeat(width), newId: "b".repeat(width) });
    expect(changes[0]?.newId).toBe("0".repeat(width));
    expect(await collect(readChanges(opened, { include: [two], exclude: [one] }))).toEqual([
      { id: two, changes },
    ]);
    expect(await diffTrees(opened, one, one)).toEqual([]);
  });
});

it("pairs every commit with its own changes: root, empty, merge against the first parent", async () => {
  await using repo = await createRepository({ bare: true });
  const root = await repo.commit({ message: "root", files: { a: "1" } });
  await repo.commit({ message: "empty" });
  const side = await repo.commit({ message: "side", files: { b: "1" }, parents: [root], branch: "side" });
  const tip = await repo.commit({
    message: "merge",
    files: { b: "1", evil: "1" },
    parents: [await repo.id("main"), side],
  });
  const opened = await openRepository(repo.path);
  for (const order of ["newest-first", "oldest-first"] as const) {
    const all = await collect(readCommitsWithChanges(opened, { include: [tip], order }));
    const seen = new Map(all.map(({ commit, changes }) => [commit.message, changes.map((row) => row.path)]));
    expect(Object.fromEntries(seen)).toEqual({ root: ["a"], empty: [], side: ["b"], merge: ["b", "evil"] });
  }
});

it("is not misled by attributes (T44)", async () => {
  await using repo = await createRepository();
  await repo.git(["config", "diff.hide.textconv", "true"]);
  await repo.git(["config", "diff.hide.command", "true"]);
  const attributes = "* -diff diff=hide linguist-generated export-ignore\n";
  await repo.write(".git/info/attributes", attributes);
  const one = await repo.commit({ message: "one", files: { a: "1", ".gitattributes": attributes } });
  const two = await repo.commit({ message: "two", files: { a: "2" } });
  const opened = await openRepository(repo.path);
  expect((await diffTrees(opened, one, two)).map((row) => row.path)).toEqual(["a"]);
});

it("refuses a tree that is not there", async () => {
  await using repo = await createRepository();
  const one = await repo.commit({ message: "one", files: { a: "1" } });
  const opened = await openRepository(repo.path);
  await expect(diffTrees(opened, one, "d".repeat(40))).rejects.toMatchObject({
    code: "MISSING_OBJECT",
    objects: ["d".repeat(40)],
  });
  await expect(diffTrees(opened, "HEAD", one)).rejects.toMatchObject({ code: "OBJECT_ID_MALFORMED" });
});

it("parses what git writes, however it is cut, and refuses the rest (fuzz)", async () => {
  const id = fc.stringMatching(/^[0-9a-f]{40}$/);
  const path = fc
    .uint8Array({ minLength: 1, maxLength: 12 })
    .map((all) => Buffer.from(all.map((byte) => byte || 1)));
  const log = fc.array(fc.record({ id, paths: fc.array(path, { maxLength: 4 }) }), { maxLength: 6 });
  async function* cut(bytes: Buffer, size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  await fc.assert(
    fc.asyncProperty(log, fc.integer({ min: 1, max: 50 }), async (commits, size) => {
      const rows = commits.map(({ id, paths }) => [
        Buffer.from(`${id}\0`),
        ...paths.map((name, n) =>
          Buffer.concat([
            Buffer.from(`${n === 0 ? "\n" : ""}:100644 000000 ${id} ${ZERO} D\0`),
            name,
            Buffer.from([0]),
          ]),
        ),
      ]);
      const parsed = await collect(parseLog(cut(Buffer.concat(rows.flat()), size)));
      expect(parsed.map((commit) => [commit.id, commit.changes.map((row) => row.path)])).toEqual(
        commits.map((commit) => [commit.id, commit.paths.map((name) => toRawText(name))]),
      );
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 80 }), async (junk) => {
      await collect(parseLog(cut(Buffer.from(junk), 7))).catch((error) =>
        expect(error.code).toBe("OUTPUT_MALFORMED"),
      );
    }),
  );
});
