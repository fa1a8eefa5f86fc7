// SPDX-License-Identifier: Apache-2.0
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { createRepository, type TestRepository } from "@countersign/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openRepository } from "./open-repository.ts";
import { quickTreeRows } from "./quick-tree-rows.ts";
import { readTreeRows } from "./tree-rows.ts";
import type { TreeScope } from "./types.ts";

const FILES = {
  a: "1\n",
  "a.b": "2\n",
  "folder/file": "3\n",
  "folder/deep/er/file": "4\n",
  "folder.txt": "5\n",
  "line\nbreak/\t": "6\n",
  "täb/ü": "7\n",
};
const SCOPES: readonly (readonly string[] | undefined)[] = [
  undefined,
  ["a"],
  ["folder"],
  ["folder/deep"],
  ["folder/deep/er/file", "a"],
  ["täb/ü", "line\nbreak/\t"],
  ["absent", "a/b", "folder/file/x"],
];

const scopesOf = () =>
  SCOPES.flatMap((paths) =>
    [true, false].map(
      (isDeep): TreeScope =>
        paths === undefined ? { isDeep } : { paths: paths.map((path) => Buffer.from(path)), isDeep },
    ),
  );

/** What Git says, without a look at our own reading. */
async function askGit(repo: TestRepository, treeish: string, { paths = [], isDeep }: TreeScope) {
  const scope = paths.map((path) => Buffer.from(path).toString("utf8"));
  const args = [
    "--literal-pathspecs",
    "ls-tree",
    ...(isDeep ? ["-r"] : []),
    "-z",
    "--full-tree",
    treeish,
    "--",
  ];
  const asked = await repo.tryGit([...args, ...scope]);
  return asked.exitCode === 0 ? asked.stdout.toString("latin1") : undefined;
}

describe("loose trees", () => {
  it.each(["sha1", "sha256"] as const)("are listed as Git lists them, in %s", async (objectFormat) => {
    await using repo = await createRepository({ objectFormat });
    await repo.commit({ message: "one\n", files: FILES });
    await repo.git(["update-index", "--add", "--cacheinfo", `160000,${await repo.id("HEAD")},module`]);
    await repo.write("link", "a");
    await repo.git(["commit", "-q", "-m", "with a submodule"]);
    const commit = await repo.id("HEAD");
    await unpackAll(repo);
    const repository = await openRepository(repo.path);
    for (const scope of scopesOf())
      expect(quickTreeRows(repository, commit, scope)?.toString("latin1"), JSON.stringify(scope)).toBe(
        await askGit(repo, commit, scope),
      );
    expect(quickTreeRows(repository, `${commit}^{commit}`, { isDeep: true })).toEqual(
      quickTreeRows(repository, await repo.id(`${commit}^{tree}`), { isDeep: true }),
    );
    expect(quickTreeRows(repository, `${await repo.id(`${commit}^{tree}`)}^{commit}`, { isDeep: true })).toBe(
      undefined,
    );
  });

  it("that are packed, absent or no trees are Git's to answer", async () => {
    await using repo = await createRepository();
    const commit = await repo.commit({ message: "one\n", files: FILES });
    await repo.git(["repack", "-adq"]);
    const repository = await openRepository(repo.path);
    expect(quickTreeRows(repository, commit, { isDeep: true })).toBeUndefined();
    for (const scope of scopesOf()) {
      const listed = await readTreeRows(repository, commit, scope);
      expect("rows" in listed && listed.rows.toString("latin1")).toBe(await askGit(repo, commit, scope));
    }
    expect(quickTreeRows(repository, "1".repeat(40), { isDeep: true })).toBeUndefined();
    expect(
      quickTreeRows(repository, await repo.git(["rev-parse", `${commit}:a`]), { isDeep: true }),
    ).toBeUndefined();
  });

  it("that hold themselves, which no hash allows and a hand can make, end", async () => {
    await using repo = await createRepository();
    const id = "c0ffee".padEnd(40, "0");
    const body = Buffer.concat([Buffer.from("40000 again\0"), Buffer.from(id, "hex")]);
    await mkdir(join(repo.path, ".git/objects/c0"), { recursive: true });
    const packed = deflateSync(Buffer.concat([Buffer.from(`tree ${body.length}\0`), body]));
    await writeFile(join(repo.path, ".git/objects/c0", id.slice(2)), packed);
    const repository = await openRepository(repo.path);
    expect(quickTreeRows(repository, id, { isDeep: true })).toBeUndefined();
    expect(quickTreeRows(repository, id, { isDeep: false })?.toString()).toBe(`040000 tree ${id}\tagain\0`);
  });

  it("of any bytes are listed as Git lists them, or left to Git", async () => {
    await using repo = await createRepository();
    const blob = await repo.writeObject("blob", "1\n");
    const whole = Buffer.concat([
      ...["100644 a", "100755 b", "120000 c", "40000 d"].map((row) =>
        Buffer.concat([Buffer.from(`${row}\0`), Buffer.from(blob, "hex")]),
      ),
    ]);
    const repository = await openRepository(repo.path);
    // Git shows the mode of very old repositories as another than is written.
    const old = Buffer.from(whole.toString("latin1").replace("100755", "100664"), "latin1");
    expect(quickTreeRows(repository, await repo.writeObject("tree", old), { isDeep: false })).toBeUndefined();
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 3 });
    let listed = 0;
    for (const places of fc.sample(damage, 25)) {
      const bytes = Buffer.from(whole);
      for (const [at, byte] of places) bytes[at] = byte;
      const tree = await repo.writeObject("tree", bytes);
      const ours = quickTreeRows(repository, tree, { isDeep: false });
      if (ours === undefined) continue;
      listed++;
      expect(ours.toString("latin1")).toBe(await askGit(repo, tree, { isDeep: false }));
    }
    expect(listed).toBeGreaterThan(0);
  });
});

/** As commits made one by one leave them. */
async function unpackAll(repo: TestRepository): Promise<void> {
  const packs = (await repo.git(["rev-parse", "--git-path", "objects/pack"])).trim();
  const names = (await repo.git(["count-objects", "-v"])).includes("packs: 0");
  if (names) return;
  await repo.git(["repack", "-adq"]);
  const aside = join(repo.path, "packs");
  await rename(join(repo.path, packs), aside);
  await mkdir(join(repo.path, packs));
  for (const name of (await readdir(aside)).filter((each) => each.endsWith(".pack")))
    await repo.git(["unpack-objects", "-q"], { input: await readFile(join(aside, name)) });
}
