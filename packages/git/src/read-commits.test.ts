// SPDX-License-Identifier: Apache-2.0
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { toRawBytes } from "@countersign/core/ids";
import { buildLargeHistory, collect, createRepository, type TestRepository } from "@countersign/testkit";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type CommitRange,
  type CommitRecord,
  countCommits,
  isAncestor,
  listCommitIds,
  mergeBases,
  openRepository,
  type Repository,
  readChanges,
  readCommits,
  shallowBoundary,
} from "./index.ts";

afterEach(() => vi.unstubAllEnvs());

async function titles(repo: Repository, range: CommitRange): Promise<string[]> {
  return (await collect(readCommits(repo, range))).map((commit) => commit.message.split("\n")[0] ?? "");
}

async function readOne(repo: TestRepository, id: string): Promise<CommitRecord> {
  const [record] = await collect(
    readCommits(await openRepository(repo.path), { include: [id], maxCount: 1 }),
  );
  if (record === undefined) throw new Error("no commit");
  return record;
}

describe.each(["sha1", "sha256"] as const)("in a %s repository", (objectFormat) => {
  it("reads roots, merges, octopus merges and commits without a change", async () => {
    await using repo = await createRepository({ objectFormat });
    const root = await repo.commit({ message: "root", files: { a: "1" } });
    const left = await repo.commit({ message: "left", files: { b: "1" } });
    const right = await repo.commit({
      message: "right",
      files: { c: "1" },
      parents: [root],
      branch: "right",
    });
    const island = await repo.commit({ message: "island", files: { d: "1" }, parents: [], branch: "island" });
    const octopus = await repo.commit({ message: "octopus", parents: [left, right, island] });
    await repo.commit({ message: "empty" });
    const opened = await openRepository(repo.path);
    const range = { include: [await repo.id("main")], order: "oldest-first" } as const;
    const commits = await collect(readCommits(opened, range));
    expect(commits.find(({ id }) => id === octopus)?.parents).toEqual([left, right, island]);
    expect(commits).toHaveLength(6);
    expect(commits.at(-1)?.message).toBe("empty");
    expect(commits.every(({ anomalies }) => anomalies.length === 0)).toBe(true);
    expect(await titles(opened, { include: [octopus], exclude: [left], firstParent: true })).toEqual([
      "octopus",
    ]);
    expect(await countCommits(opened, { include: [octopus], exclude: [left] })).toBe(3);
    expect(await listCommitIds(opened, { include: [octopus], maxCount: 1 })).toEqual([octopus]);
    expect(await mergeBases(opened, left, right)).toEqual([root]);
    expect(await mergeBases(opened, left, island)).toEqual([]);
    expect([await isAncestor(opened, root, octopus), await isAncestor(opened, octopus, root)]).toEqual([
      true,
      false,
    ]);
  });

  it("gives back every byte of any message and any person (fuzz)", async () => {
    await using repo = await createRepository({ objectFormat, bare: true });
    const tree = await repo.git(["mktree"], { input: "" });
    const bytes = fc.uint8Array({ maxLength: 60 });
    const line = bytes.map((all) =>
      all.filter((byte) => byte !== 0x0a && byte !== 0x3c && byte !== 0x3e && byte !== 0),
    );
    await fc.assert(
      fc.asyncProperty(line, line, bytes, async (name, email, message) => {
        const who = Buffer.concat([name, Buffer.from(" <"), email, Buffer.from("> 1 +0000\n")]);
        const head = Buffer.from(`tree ${tree}\n`);
        const all = [
          head,
          Buffer.from("author "),
          who,
          Buffer.from("committer "),
          who,
          Buffer.from("\n"),
          message,
        ];
        const record = await readOne(repo, await repo.writeObject("commit", Buffer.concat(all)));
        expect(Buffer.from(toRawBytes(record.message))).toEqual(Buffer.from(message));
        expect(Buffer.from(toRawBytes(record.author.email))).toEqual(Buffer.from(email));
        expect(Buffer.from(toRawBytes(record.committer.name)).toString("latin1")).toBe(
          Buffer.from(name)
            .toString("latin1")
            .replace(/^[\t-\r ]+|[\t-\r ]+$/g, ""),
        );
      }),
      { numRuns: 40 },
    );
  });
});

it("yields nothing for nothing", async () => {
  await using repo = await createRepository();
  const opened = await openRepository(repo.path);
  expect(await titles(opened, { include: [] })).toEqual([]);
  expect(await countCommits(opened, { include: [] })).toBe(0);
});

it("takes full ids only, so that no argument becomes an option or another ref", async () => {
  await using repo = await createRepository();
  const opened = await openRepository(repo.path);
  for (const name of ["HEAD", "--all", "^main", "main\n--all"]) {
    await expect(titles(opened, { include: [name] })).rejects.toMatchObject({ code: "OBJECT_ID_MALFORMED" });
  }
});

it("reads a message of many megabytes, one without text, and one cut off before its text", async () => {
  await using repo = await createRepository();
  const big = `title\n\n${"x".repeat(5_000_000)}\n`;
  expect((await readOne(repo, await repo.commit({ message: big, files: { a: "1" } }))).message).toBe(big);
  expect((await readOne(repo, await repo.commit({ message: "", files: { a: "2" } }))).message).toBe("");
  const tree = await repo.id("HEAD^{tree}");
  const bare = await repo.writeObject(
    "commit",
    `tree ${tree}\nauthor a <b> 1 +0000\ncommitter a <b> 1 +0000\n`,
  );
  expect((await readOne(repo, bare)).message).toBe("");
});

it("stops the processes when the reader stops early", async () => {
  await using repo = await createRepository();
  await buildLargeHistory(repo, { commits: 3000, filesPerCommit: 1 });
  for await (const commit of readCommits(await openRepository(repo.path), {
    include: [await repo.id("main")],
  })) {
    expect(commit.message).toContain("2999");
    break;
  }
});

describe("attacks on what history shows", () => {
  it("ignores replace refs (T38)", async () => {
    await using repo = await createRepository();
    const honest = await repo.commit({ message: "fine", files: { a: "1" } });
    const hidden = await repo.commit({ message: "AI-Assisted: x/y", files: { a: "2" } });
    await repo.git(["replace", hidden, honest]);
    expect(await repo.git(["log", "--format=%s"])).toBe("fine");
    expect(await titles(await openRepository(repo.path), { include: [hidden] })).toEqual([
      "AI-Assisted: x/y",
      "fine",
    ]);
  });

  it("ignores grafts (T38)", async () => {
    await using repo = await createRepository();
    await repo.commit({ message: "one", files: { a: "1" } });
    const two = await repo.commit({ message: "two", files: { a: "2" } });
    await repo.write(".git/info/grafts", `${two}\n`);
    expect(await repo.git(["rev-list", "--count", "main"])).toBe("1");
    expect(await titles(await openRepository(repo.path), { include: [two] })).toEqual(["two", "one"]);
  });

  it("ignores a mailmap (T13)", async () => {
    await using repo = await createRepository();
    await repo.git(["config", "log.mailmap", "true"]);
    await repo.git(["config", "mailmap.blob", "HEAD:.mailmap"]);
    const id = await repo.commit({
      message: "one",
      files: { ".mailmap": "senior <senior@example.com> <author@example.com>\n" },
    });
    expect((await readOne(repo, id)).author).toMatchObject({ name: "author", email: "author@example.com" });
  });

  it("ignores hostile configuration and hostile variables of the caller", async () => {
    await using repo = await createRepository();
    await repo.commit({ message: "one", files: { a: "1", sub: { gitlink: "1".repeat(40) } } });
    const two = await repo.commit({
      message: "two",
      files: { b: "1", a: null, sub: { gitlink: "2".repeat(40) } },
    });
    const settings = {
      "log.showSignature": "true",
      "log.follow": "true",
      "log.date": "relative",
      "log.showRoot": "false",
      "log.diffMerges": "off",
      "format.pretty": "%an",
      "i18n.logOutputEncoding": "UTF-16",
      "i18n.commitEncoding": "latin1",
      "diff.renames": "copies",
      "diff.noprefix": "true",
      "diff.relative": "true",
      "diff.ignoreSubmodules": "all",
      "diff.external": "/bin/false",
      "diff.orderFile": "/nonexistent",
      "color.ui": "always",
      "core.quotePath": "true",
      "core.pager": "/bin/false",
      "core.fsmonitor": "/bin/false",
      "core.abbrev": "4",
      "core.notesRef": "refs/notes/x",
      "core.attributesFile": "/nonexistent",
      "log.excludeDecoration": "*",
    };
    for (const [name, value] of Object.entries(settings)) await repo.git(["config", name, value]);
    vi.stubEnv("GIT_NO_REPLACE_OBJECTS", "0");
    vi.stubEnv("GIT_EXTERNAL_DIFF", "/bin/false");
    vi.stubEnv("GIT_OBJECT_DIRECTORY", "/nonexistent");
    vi.stubEnv("GIT_CONFIG_COUNT", "1");
    vi.stubEnv("GIT_CONFIG_KEY_0", "diff.ignoreSubmodules");
    vi.stubEnv("GIT_CONFIG_VALUE_0", "all");
    const opened = await openRepository(repo.path);
    expect(await titles(opened, { include: [two] })).toEqual(["two", "one"]);
    const changes = await collect(readChanges(opened, { include: [two] }));
    expect(changes.map((commit) => commit.changes.map((row) => `${row.status} ${row.path}`))).toEqual([
      ["D a", "A b", "M sub"],
      ["A a", "A sub"],
    ]);
  });
});

describe("history that is not all here (T39)", () => {
  it("reads a shallow clone up to its boundary and names the boundary", async () => {
    await using repo = await createRepository();
    for (const n of ["1", "2", "3"]) await repo.commit({ message: n, files: { a: n } });
    await using shallow = await repo.clone(["--depth=2"]);
    const opened = await openRepository(shallow.path);
    expect(await titles(opened, { include: [await repo.id("main")] })).toEqual(["3", "2"]);
    expect(await shallowBoundary(opened)).toEqual([await repo.id("main~1")]);
    expect(await shallowBoundary(await openRepository(repo.path))).toEqual([]);
  });

  it("says which commit is missing", async () => {
    await using repo = await createRepository();
    const one = await repo.commit({ message: "1", files: { a: "1" } });
    await repo.commit({ message: "2", files: { a: "2" } });
    const three = await repo.commit({ message: "3", files: { a: "3" } });
    await repo.git(["repack", "-adq"]).catch(() => undefined);
    await repo.git(["unpack-objects", "-q"], { input: "" }).catch(() => undefined);
    await using broken = await createRepository();
    for (const id of [three, await repo.id(`${three}^{tree}`)]) {
      const type = id === three ? "commit" : "tree";
      const bytes = (await repo.tryGit(["cat-file", type, id])).stdout;
      await broken.writeObject(type, bytes);
    }
    const opened = await openRepository(broken.path);
    const two = await repo.id("main~1");
    const missing = { code: "MISSING_OBJECT", objects: [two] };
    await expect(titles(opened, { include: [three] })).rejects.toMatchObject(missing);
    await expect(countCommits(opened, { include: [three] })).rejects.toMatchObject(missing);
    await expect(titles(opened, { include: [three], exclude: [one] })).rejects.toMatchObject({
      code: "MISSING_OBJECT",
    });
    await expect(isAncestor(opened, one, three)).rejects.toMatchObject({ code: "MISSING_OBJECT" });
    await expect(collect(readChanges(opened, { include: [three] }))).rejects.toMatchObject(missing);
  });

  it("reads names of changes without contents, and never goes to the network for the rest", async () => {
    await using repo = await createRepository();
    await repo.git(["config", "uploadpack.allowFilter", "true"]);
    await repo.commit({ message: "1", files: { a: "1" } });
    const two = await repo.commit({ message: "2", files: { a: "2" } });
    await using blobless = await repo.clone(["--filter=blob:none", "--no-checkout"]);
    await using treeless = await repo.clone(["--filter=tree:0", "--no-checkout"]);
    const opened = await openRepository(blobless.path);
    expect(await collect(readChanges(opened, { include: [two] }))).toHaveLength(2);
    const bare = await openRepository(treeless.path);
    expect(await titles(bare, { include: [two] })).toEqual(["2", "1"]);
    const read = collect(readChanges(bare, { include: [two] }));
    await expect(read).rejects.toMatchObject({ code: "MISSING_OBJECT", message: /partial clone/ });
  });

  it("reports a damaged object store instead of a short history", async () => {
    await using repo = await createRepository();
    await repo.commit({ message: "1", files: { a: "1" } });
    const one = await repo.id("main");
    const two = await repo.commit({ message: "2", files: { a: "2" } });
    const file = join(repo.path, ".git/objects", one.slice(0, 2), one.slice(2));
    await rm(file, { force: true });
    await writeFile(file, "garbage");
    await expect(titles(await openRepository(repo.path), { include: [two] })).rejects.toMatchObject({
      code: expect.any(String),
    });
  });
});
