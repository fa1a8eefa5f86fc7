// SPDX-License-Identifier: Apache-2.0

import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";
import { buildLargeHistory, collect, createRepository } from "@countersign/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listCommitIds, openRepository, readCommits } from "./index.ts";
import { parseCommit } from "./parse-commit.ts";

const WHO = "author <author@example.com> 1767225600 +0000";

/** What Git does not show as it is, what forges and other tools write, and what nobody should. */
const MESSAGES = [
  "title\n",
  "title",
  "title\n\n",
  "title\n\n\n",
  "title\n\n\n\n\n",
  "",
  "\n",
  "\n\n",
  " ",
  " \n ",
  "\t\n",
  "\n\ntitle\n",
  " \ntitle\n",
  "  title\n",
  "\ttitle\n\tbody\n",
  "title \n",
  "title\n\nbody \nmore\t\n",
  "title\r\n\r\nbody\r\n",
  "title\n\nbody\r\nmore\n",
  "title\n \nbody\n",
  "title\n    \n    code\n\n        more\n",
  "title\fform\vfeed\f\n",
  "title\n\nAI-Assisted: x/y \n",
  "title\0\n\nAI-Assisted: x/y\n",
  "title\n\0",
  "\0",
  "title\n\0\n",
  "caf\u00e9 \u4e2d \u{1f916}\n",
  "\ufefftitle\n",
  "a \ufffd b\n",
  `${"long ".repeat(40_000)}\n`,
  `title\n\n${"line\n".repeat(20_000)}`,
  "commit 1111111111111111111111111111111111111111\ntree x\n",
].map((text) => Buffer.from(text));
const BYTES = [
  [0xff, 0xfe, 0x0a],
  [0x61, 0xe9, 0x20, 0x0a],
  [0x85, 0x0a],
  [0xc2, 0xa0, 0x0a],
  [0xe2, 0x80, 0xa8, 0x0a],
].map((bytes) => Buffer.from(bytes));
const HEADERS = [
  "",
  "encoding ISO-8859-1\n",
  "encoding UTF-16\n",
  "encoding utf-8\n",
  "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ=\n -----END PGP SIGNATURE-----\n",
  "gpgsig -----BEGIN SSH SIGNATURE-----\n U1N\n -----END SSH SIGNATURE-----\n \n",
  "mergetag object 1\n type commit\n tag v1\n \n text  \n \n more\n",
  "HG:extra  blanks  \n",
  "author second <second@example.com> 1 +0000\n",
];

function content(tree: string, header: string, message: Uint8Array): Buffer {
  const text = `tree ${tree}\nauthor ${WHO}\ncommitter ${WHO}\n${header}\n`;
  return Buffer.concat([Buffer.from(text), message]);
}

describe.each(["sha1", "sha256"] as const)("in a %s repository", (objectFormat) => {
  it("reads all that Git shows otherwise than it is from its exact bytes", async () => {
    await using repo = await createRepository({ objectFormat, bare: true });
    const tree = await repo.git(["mktree"], { input: "" });
    const contents = [...MESSAGES, ...BYTES].map((message) => content(tree, "", message));
    for (const header of HEADERS)
      contents.push(
        ...["title\n", "caf\u00e9 \n", ""].map((text) => content(tree, header, Buffer.from(text))),
      );
    const bare = `tree ${tree}\nauthor ${WHO}\ncommitter ${WHO}`;
    contents.push(...["\n", "", "\n\0hidden\n", "\nx"].map((end) => Buffer.from(bare + end)));
    const expected = new Map<string, unknown>();
    for (const bytes of contents) {
      const id = await repo.writeObject("commit", bytes);
      expected.set(id, parseCommit(id, bytes));
    }
    const found = await collect(
      readCommits(await openRepository(repo.path), { include: [...expected.keys()] }),
    );
    expect(found).toHaveLength(expected.size);
    for (const record of found) expect(record).toEqual(expected.get(record.id));
  });
});

it("reads any content as it is, in whatever company (fuzz)", async () => {
  await using repo = await createRepository({ bare: true });
  const opened = await openRepository(repo.path);
  const tree = await repo.git(["mktree"], { input: "" });
  const piece = fc.oneof(
    fc
      .constantFrom(" ", "\n", "\n\n", "\t", "\r\n", "\0", "    ", "x", "title", "\u00e9")
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  );
  const message = fc.array(piece, { maxLength: 10 }).map((pieces) => Buffer.concat(pieces));
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 8 }), async (messages) => {
      const expected = new Map<string, unknown>();
      for (const one of messages) {
        const bytes = content(tree, "", one);
        const id = await repo.writeObject("commit", bytes);
        expected.set(id, parseCommit(id, bytes));
      }
      const found = await collect(readCommits(opened, { include: [...expected.keys()] }));
      expect(new Map(found.map((record) => [record.id, record]))).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

it("keeps Git's order and every byte where commits read by themselves stand among others", async () => {
  await using repo = await createRepository({ bare: true });
  const message = (n: number) => (n % 7 === 0 || n > 2500 ? `change ${n} \n\n \n` : `change ${n}\n\nbody\n`);
  await buildLargeHistory(repo, { commits: 3000, filesPerCommit: 1, message });
  const opened = await openRepository(repo.path);
  const range = { include: [await repo.id("main")] };
  const found = await collect(readCommits(opened, range));
  expect(found.map(({ id }) => id)).toEqual(await listCommitIds(opened, range));
  expect(found.map((commit) => commit.message)).toEqual(
    Array.from({ length: 3000 }, (_, i) => message(2999 - i)),
  );
  for await (const commit of readCommits(opened, range)) {
    expect(commit.message).toBe(message(2999));
    break;
  }
});

it("refuses a commit whose content is not what its id says", async () => {
  await using repo = await createRepository();
  const one = await repo.commit({ message: "one\n\nAI-Assisted: x/y\n", files: { a: "1" } });
  const two = await repo.commit({ message: "two", files: { a: "2" } });
  const opened = await openRepository(repo.path);
  const bytes = content(await repo.id(`${one}^{tree}`), "", Buffer.from("one\n"));
  const file = join(repo.path, ".git/objects", one.slice(0, 2), one.slice(2));
  await rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, deflateSync(Buffer.concat([Buffer.from(`commit ${bytes.length}\0`), bytes])));
  await chmod(file, 0o444);
  expect(await repo.git(["log", "-1", "--format=%s%b", `${two}~1`])).toBe("one");
  const read = collect(readCommits(opened, { include: [two] }));
  await expect(read).rejects.toMatchObject({
    code: "OUTPUT_MALFORMED",
    message: expect.stringContaining(one),
  });
});
