// SPDX-License-Identifier: Apache-2.0
import { createRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { listNotes } from "./list-notes.ts";
import { listRecords } from "./list-records.ts";
import { openRepository } from "./open-repository.ts";

const id = (digit: string, length = 40) => digit.repeat(length);

describe.each(["sha1", "sha256"] as const)("notes of a %s repository", (objectFormat) => {
  const length = objectFormat === "sha1" ? 40 : 64;
  const name = (digit: string) => id(digit, length);

  it("are found in every fan-out, mixed too, and nothing else is", async () => {
    await using repo = await createRepository({ objectFormat });
    const [a, b, c] = [name("a"), name("b"), name("c")];
    const files = {
      [a]: "flat",
      [`${b.slice(0, 2)}/${b.slice(2)}`]: "one",
      [`${b.slice(0, 2)}/${b.slice(2, 4)}/${b.slice(4)}`]: "two",
      [`${c.slice(0, 2)}/${c.slice(2)}`]: "other",
      "README.md": "not a note",
      [`${a.slice(0, 2)}/${a.slice(2, 30)}`]: "not a note",
    };
    const tip = await repo.commit({ branch: "refs/notes/ai", message: "notes\n", parents: [], files });
    const repository = await openRepository(repo.path);
    const count = (notes: ReadonlyMap<string, readonly string[]>) =>
      [...notes].map(([object, ids]) => `${object[0]}${ids.length}`).sort();
    expect(count(await listNotes(repository, tip))).toEqual(["a1", "b2", "c1"]);
    expect(count(await listNotes(repository, tip, [a, b, name("d")]))).toEqual(["a1", "b2"]);
    expect(count(await listNotes(repository, tip, []))).toEqual([]);
    const many = Array.from({ length: 400 }, (_, i) => i.toString(16).padStart(length, "0"));
    expect(count(await listNotes(repository, tip, [...many, b]))).toEqual(["b2"]);
  });

  it("that git itself wrote are found", async () => {
    await using repo = await createRepository({ objectFormat });
    const commit = await repo.commit({ message: "one\n", files: { a: "1\n" } });
    await repo.git(["notes", "--ref=ai", "add", "-m", "---\n{}", commit]);
    const notes = await listNotes(await openRepository(repo.path), await repo.id("refs/notes/ai"), [commit]);
    expect([...notes.keys()]).toEqual([commit]);
  });
});

describe("records", () => {
  it("are listed by commit, several of one beside one another", async () => {
    await using repo = await createRepository();
    const path = (commit: string, hash: string) =>
      `${commit.slice(0, 2)}/${commit.slice(2)}/${id(hash, 64)}.json`;
    const files = {
      [path(id("a"), "1")]: "{}",
      [path(id("a"), "2")]: "{}",
      [path(id("b"), "3")]: "{}",
      "aa/junk.json": "{}",
    };
    const tip = await repo.commit({
      branch: "refs/countersign/records",
      message: "set\n",
      parents: [],
      files,
    });
    const repository = await openRepository(repo.path);
    const listed = await listRecords(repository, tip, [id("a"), id("c")]);
    expect([...listed].map(([commit, found]) => [commit, found.map((each) => each.name[0])])).toEqual([
      [id("a"), ["1", "2"]],
    ]);
    expect((await listRecords(repository, tip)).size).toBe(2);
  });
});
