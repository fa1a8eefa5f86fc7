// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GIT_AI_NOTES_REF, listNotes, mergeNotes, openRepository, writeNotes } from "./index.ts";

beforeEach(() => vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null").stubEnv("GIT_CONFIG_NOSYSTEM", "1"));
afterEach(() => vi.unstubAllEnvs());

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const idOf = (text: string) => createHash("sha1").update(text).digest("hex");
const note = (on: string, text: string) => ({ annotated: idOf(on), bytes: bytes(text) });
const fan = (on: string, ...depths: readonly number[]) => {
  const id = idOf(on);
  return depths.map((depth) =>
    [...Array.from({ length: depth }, (_, n) => id.slice(2 * n, 2 * n + 2)), id.slice(2 * depth)].join("/"),
  );
};
const paths = async (repo: TestRepository) =>
  (await repo.git(["ls-tree", "-r", "--name-only", GIT_AI_NOTES_REF])).split("\n").sort();
const read = (repo: TestRepository, on: string) =>
  repo.git(["cat-file", "-p", `${GIT_AI_NOTES_REF}:${fan(on, 1)[0]}`]);
const plant = (repo: TestRepository, files: Record<string, string>, parents: readonly string[] = []) =>
  repo.commit({ message: "planted", files, parents, branch: GIT_AI_NOTES_REF });

describe("writing notes", () => {
  it("writes one level of fan-out that Git reads, under the person's name, and nothing twice", async () => {
    await using repo = await createRepository();
    const commit = await repo.commit({ message: "one", files: { f: "1" } });
    await repo.git(["config", "user.name", "Author <the> first"]);
    await repo.git(["config", "user.email", "author@example.com"]);
    const opened = await openRepository(repo.path);
    const text = '---\n{\n  "a": "ü"\n}';
    const { tip, written } = await writeNotes(opened, [{ annotated: commit, bytes: bytes(text) }]);
    expect(written).toEqual([commit]);
    expect(await paths(repo)).toEqual([`${commit.slice(0, 2)}/${commit.slice(2)}`]);
    expect(await repo.git(["notes", "--ref=ai", "show", commit])).toBe(text);
    expect(await repo.git(["log", "-1", "--format=%an <%ae>%n%cn <%ce>%n%s", GIT_AI_NOTES_REF])).toBe(
      "Author the first <author@example.com>\nAuthor the first <author@example.com>\nNotes added by countersign",
    );
    expect(await writeNotes(opened, [{ annotated: commit, bytes: bytes(text) }])).toEqual({
      tip,
      written: [],
    });
    await repo.git(["fsck", "--strict", "--full"]);
  });

  it("works without any identity and in a SHA-256 repository", async () => {
    await using repo = await createRepository({ objectFormat: "sha256" });
    const commit = await repo.commit({ message: "one", files: { f: "1" } });
    await writeNotes(await openRepository(repo.path), [{ annotated: commit, bytes: bytes("x") }]);
    expect(await repo.git(["notes", "--ref=ai", "show", commit])).toBe("x");
  });

  it("keeps a note that stands there, unless it may be replaced", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    await writeNotes(opened, [note("a", "theirs"), note("b", "ours")]);
    const mayReplace = (existing: Uint8Array) => Buffer.from(existing).toString() === "ours";
    const { written } = await writeNotes(opened, [note("a", "new"), note("b", "new")], { mayReplace });
    expect(written).toEqual([idOf("b")]);
    expect([await read(repo, "a"), await read(repo, "b")]).toEqual(["theirs", "new"]);
  });

  it.each([0, 2, 3])("brings a tree with a fan-out of %d into one level and loses no note", async (depth) => {
    await using repo = await createRepository();
    const files = Object.fromEntries(["a", "b", "c"].map((on) => [fan(on, depth)[0] ?? "", `note of ${on}`]));
    await plant(repo, { ...files, "README.md": "kept" });
    await writeNotes(await openRepository(repo.path), [note("d", "new")]);
    const wanted = ["a", "b", "c", "d"].flatMap((on) => fan(on, 1));
    expect(await paths(repo)).toEqual([...wanted, "README.md"].sort());
    expect(await read(repo, "b")).toBe("note of b");
  });

  it("brings a mixed tree into one level and joins several notes on one object", async () => {
    await using repo = await createRepository();
    const [flat = "", one = "", two = ""] = fan("a", 0, 1, 2);
    await plant(repo, { [flat]: "first", [one]: "second", [two]: "second", [fan("b", 1)[0] ?? ""]: "b" });
    await writeNotes(await openRepository(repo.path), [note("c", "new")]);
    expect(await paths(repo)).toEqual(["a", "b", "c"].flatMap((on) => fan(on, 1)).sort());
    expect((await read(repo, "a")).split("\n").sort()).toEqual(["first", "second"]);
  });

  it("sees a fan-out that somebody changed after us", async () => {
    await using repo = await createRepository();
    const commit = await repo.commit({ message: "one", files: { f: "1" } });
    const opened = await openRepository(repo.path);
    await writeNotes(opened, [note("a", "ours")]);
    await repo.git(["notes", "--ref=ai", "add", "-m", "by git", commit]);
    await writeNotes(opened, [note("b", "ours")]);
    const wanted = [fan("a", 1)[0], fan("b", 1)[0], `${commit.slice(0, 2)}/${commit.slice(2)}`].sort();
    expect(await paths(repo)).toEqual(wanted);
  });

  it("refuses what is no id here", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    for (const annotated of ["HEAD", "", "a".repeat(64), `${"a".repeat(40)} x`])
      await expect(writeNotes(opened, [{ annotated, bytes: bytes("x") }])).rejects.toBeInstanceOf(RangeError);
  });
});

describe("uniting notes", () => {
  const OTHER = `${GIT_AI_NOTES_REF}-other`;
  const always = { mayReplace: () => true };

  it("keeps ours where both sides changed, takes theirs where only they did, and brings removed ones back", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    const { tip: base = "" } = await writeNotes(opened, [note("a", "1"), note("b", "1"), note("gone", "1")]);
    await repo.git(["update-ref", OTHER, base]);
    await writeNotes(opened, [note("a", "ours"), note("mine", "x")], always);
    const theirs = await plantOn(repo, OTHER, base, {
      [fan("a", 1)[0] ?? ""]: "theirs",
      [fan("b", 1)[0] ?? ""]: "theirs",
      [fan("yours", 1)[0] ?? ""]: "y",
    });
    const merged = await mergeNotes(opened, theirs);
    expect(merged.added).toBe(2);
    const found = await Promise.all(["a", "b", "gone", "mine", "yours"].map((on) => read(repo, on)));
    expect(found).toEqual(["ours", "theirs", "1", "x", "y"]);
    expect(await mergeNotes(opened, theirs)).toEqual({ tip: merged.tip, added: 0 });
    await repo.git(["merge-base", "--is-ancestor", theirs, GIT_AI_NOTES_REF]);
  });

  /** Theirs drop the note `gone`: they start from an empty tree on top of the base. */
  function plantOn(repo: TestRepository, ref: string, base: string, files: Record<string, string>) {
    const all = Object.entries(files).map(
      ([path, text]) => `M 100644 inline ${path}\ndata ${text.length}\n${text}\n`,
    );
    const head = `feature done\ncommit ${ref}\nmark :1\ncommitter x <x@example.com> 0 +0000\ndata 0\n\nfrom ${base}\ndeleteall\n`;
    return repo.git(["fast-import", "--quiet"], { input: `${head}${all.join("")}\nget-mark :1\ndone\n` });
  }

  it("takes over a first tip as it is, and one that goes on", async () => {
    await using repo = await createRepository();
    const opened = await openRepository(repo.path);
    const { tip = "" } = await writeNotes(opened, [note("a", "1")], { ref: OTHER });
    expect(await mergeNotes(opened, tip)).toEqual({ tip, added: 1 });
    const { tip: next = "" } = await writeNotes(opened, [note("b", "1")], { ref: OTHER });
    expect(await mergeNotes(opened, next)).toEqual({ tip: next, added: 1 });
  });

  it("brings a merged tree of another fan-out into one level, as Git's own merge can read it", async () => {
    await using repo = await createRepository();
    const flat = await plant(repo, { [fan("a", 0)[0] ?? ""]: "flat" });
    await repo.git(["update-ref", "-d", GIT_AI_NOTES_REF]);
    const opened = await openRepository(repo.path);
    await mergeNotes(opened, flat);
    expect(await paths(repo)).toEqual(fan("a", 1));
    await writeNotes(opened, [note("b", "b")]);
    expect((await listNotes(opened, await repo.id(GIT_AI_NOTES_REF))).size).toBe(2);
    await repo.git(["update-ref", "refs/notes/theirs", flat]);
    expect(
      (await repo.tryGit(["notes", "--ref=ai", "merge", "-s", "ours", "refs/notes/theirs"])).exitCode,
    ).toBe(0);
  });
});
