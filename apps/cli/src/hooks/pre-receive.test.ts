// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  buildLargeHistory,
  createTemporaryFolder,
  type TestRepository,
  testEnvironment,
  tryRun,
} from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import {
  AI_MESSAGE,
  approve,
  commitAi,
  createPushServer,
  EVIDENCE,
  identityOf,
  MAIN,
  type PushServer,
  push,
} from "./push-server.fixture.ts";

async function longHistory(clone: TestRepository, commits: number): Promise<string> {
  const from = await clone.id("refs/remotes/origin/main");
  const author = () => identityOf("author");
  return await buildLargeHistory(clone, {
    commits,
    filesPerCommit: 1,
    branch: `long-${commits}`,
    from,
    author,
  });
}

async function countProcesses(clone: TestRepository, tip: string): Promise<number> {
  await server.bare.git(["fetch", "--quiet", clone.path, tip]);
  return await countHook(`${await server.bare.id(MAIN)} ${tip} ${MAIN}\n`);
}

/** Runs the hook as Git would, with a `git` on PATH that writes down that it was started. */
async function countHook(input: string): Promise<number> {
  const { bare } = server;
  await using folder = await createTemporaryFolder();
  const log = join(folder.path, "log");
  const real = (await bare.git(["--exec-path"])).concat("/git");
  await writeFile(join(folder.path, "git"), `#!/bin/sh\necho x >> '${log}'\nexec '${real}' "$@"\n`, {
    mode: 0o755,
  });
  const environment = testEnvironment({ PATH: `${folder.path}:${process.env.PATH}`, GIT_DIR: "." });
  const hook = await tryRun(join(bare.path, "hooks/pre-receive"), [], { cwd: bare.path, environment, input });
  expect(hook).toMatchObject({ exitCode: 0 });
  return (await readFile(log, "utf8")).split("\n").length - 1;
}

let server: PushServer;
beforeEach(async () => {
  server = await createPushServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

describe("the pre-receive hook over HTTP", () => {
  it("refuses an AI-assisted change without a sign-off and says why on the client's terminal", async () => {
    const author = await server.cloneAs("author");
    const before = await server.bare.id(MAIN);
    const head = await commitAi(author, "change");
    const { isAccepted, words } = await push(author, `HEAD:${MAIN}`);
    expect(isAccepted).toBe(false);
    expect(words).toContain("countersign: refs/heads/main is refused");
    expect(words).toContain("ai-senior-sign-off");
    expect(words).toContain("second, senior");
    expect(words).toContain(`countersign approve --base ${before} --head ${head} --target ${MAIN}`);
    expect(await server.bare.id(MAIN)).toBe(before);
  });

  it("takes the same push once a senior approved and pushed the evidence", async () => {
    const [author, senior] = [await server.cloneAs("author"), await server.cloneAs("senior")];
    const head = await commitAi(author, "change");
    expect((await push(author, "change")).isAccepted).toBe(true);
    expect((await push(author, `change:${MAIN}`)).isAccepted).toBe(false);
    await senior.git(["fetch", "--quiet", "origin"]);
    expect((await approve(senior, "senior", "refs/remotes/origin/change")).exitCode).toBe(0);
    const shared = await countersign(["evidence", "push", "origin"], { cwd: senior.path });
    expect(shared.exitCode).toBe(0);
    const { isAccepted, words } = await push(author, `change:${MAIN}`);
    expect(words).toContain("refs/heads/main passes, 1 sign-off counted");
    expect(isAccepted).toBe(true);
    expect(await server.bare.id(MAIN)).toBe(head);
  });

  it("counts evidence that comes in the same push", async () => {
    const author = await server.cloneAs("author");
    const head = await commitAi(author, "change");
    expect((await approve(author, "senior", head)).exitCode).toBe(0);
    expect(await push(author, `HEAD:${MAIN}`, EVIDENCE)).toMatchObject({ isAccepted: true });
    expect(await server.bare.id(MAIN)).toBe(head);
  });

  it("does not take a self-approval, whatever else is pushed with it", async () => {
    const author = await server.cloneAs("author");
    const head = await commitAi(author, "change");
    const refused = await approve(author, "author", head);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("author is author and committer of");
  });

  it("lets a change without AI through, and names no reason", async () => {
    const author = await server.cloneAs("author");
    await author.commit({
      message: "doc: say hello\n",
      files: { "hello.txt": "hello\n" },
      author: identityOf("author"),
    });
    expect(await push(author, `HEAD:${MAIN}`)).toMatchObject({ isAccepted: true });
  });

  it("refuses to delete or to drop evidence (T36)", async () => {
    const author = await server.cloneAs("author");
    const head = await commitAi(author, "change");
    await approve(author, "senior", head);
    expect((await push(author, EVIDENCE)).isAccepted).toBe(true);
    const kept = await server.bare.id(EVIDENCE);
    const deletion = await push(author, `:${EVIDENCE}`);
    expect(deletion.isAccepted).toBe(false);
    expect(deletion.words).toContain("holds the record of sign-offs and cannot be deleted");
    await author.git(["update-ref", "-d", EVIDENCE]);
    await approve(author, "second", head);
    const dropping = await push(author, `+${EVIDENCE}:${EVIDENCE}`);
    expect(dropping.isAccepted).toBe(false);
    expect(dropping.words).toContain("would drop evidence that the server has");
    expect(await server.bare.id(EVIDENCE)).toBe(kept);
  });

  it("refuses evidence that is none, which would make every later gate unable to tell", async () => {
    const author = await server.cloneAs("author");
    const junk = await author.commit({
      branch: "refs/heads/junk",
      parents: [],
      message: "junk\n",
      files: { [`00/${"0".repeat(64)}.json`]: "{}", "notes.txt": "hello\n" },
    });
    const { isAccepted, words } = await push(author, `${junk}:${EVIDENCE}`);
    expect(isAccepted).toBe(false);
    expect(words).toContain("would put something into the evidence that is none");
  });

  it("refuses a force-push and a deletion of the target", async () => {
    const author = await server.cloneAs("author");
    await author.commit({ message: "other root\n", files: { "a.txt": "a\n" }, author: identityOf("author") });
    await push(author, `HEAD:${MAIN}`);
    const rewritten = await author.commit({
      message: "rewritten\n",
      parents: ["HEAD^{commit}~1"],
      author: identityOf("author"),
    });
    const forced = await push(author, `+${rewritten}:${MAIN}`);
    expect(forced.isAccepted).toBe(false);
    expect(forced.words).toContain("its history cannot be rewritten");
    const deleted = await push(author, `:${MAIN}`);
    expect(deleted.isAccepted).toBe(false);
    expect(deleted.words).toMatch(/cannot be deleted|deletion of the current branch|denying/i);
  });

  it("is not confused by a tag named like the branch (T31)", async () => {
    const author = await server.cloneAs("author");
    const before = await server.bare.id(MAIN);
    const head = await commitAi(author, "change");
    expect((await push(author, `${head}:refs/tags/main`)).isAccepted).toBe(true);
    const { isAccepted, words } = await push(author, `${head}:${MAIN}`);
    expect(isAccepted).toBe(false);
    expect(words).toContain("ai-senior-sign-off");
    expect(await server.bare.git(["for-each-ref", "--format=%(objectname)", MAIN])).toBe(before);
  });

  it("is not passed by another name of the target", async () => {
    const author = await server.cloneAs("author");
    await server.bare.git(["symbolic-ref", "refs/heads/old-name", "refs/heads/master"]);
    await server.bare.git(["symbolic-ref", "refs/heads/master", MAIN]);
    const head = await commitAi(author, "change");
    for (const ref of ["refs/heads/master", "refs/heads/old-name"]) {
      const { isAccepted, words } = await push(author, `${head}:${ref}`);
      expect(isAccepted).toBe(false);
      expect(words).toContain("refs/heads/main is refused");
    }
    await server.bare.git(["symbolic-ref", "HEAD", "refs/heads/master"]);
    expect((await push(author, `${head}:${MAIN}`)).isAccepted).toBe(false);
  });

  it.each([
    "refs/countersign/pushes",
    "refs/countersign/versions/0000000000000000000000000000000000000001",
    "refs/countersign/evidence/x",
    "refs/Countersign/pushes",
  ])("refuses a push to the server's own record %s", async (ref) => {
    const author = await server.cloneAs("author");
    const { isAccepted, words } = await push(author, `HEAD:${ref}`);
    expect(isAccepted).toBe(false);
    expect(words).toMatch(/server's own record|hidden ref/);
  });

  it("refuses everything of a push of which one ref is refused", async () => {
    const author = await server.cloneAs("author");
    const head = await commitAi(author, "change");
    const { isAccepted, words } = await push(author, `${head}:${MAIN}`, `${head}:refs/heads/change`);
    expect(isAccepted).toBe(false);
    expect(words).toContain("its refs land together or not at all");
    expect(
      (await server.bare.tryGit(["rev-parse", "--verify", "--quiet", "refs/heads/change"])).exitCode,
    ).toBe(1);
  });

  it("takes hostile ref names for nothing but names", async () => {
    const author = await server.cloneAs("author");
    const hostile = [
      "refs/heads/$(touch<pwned)",
      "refs/heads/`id`;'\"&|<>",
      "refs/heads/-rf",
      "refs/heads/ünïcödé",
      "refs/heads/##error]x",
      "refs/heads/%s%n",
    ];
    const { isAccepted } = await push(author, ...hostile.map((ref) => `HEAD:${ref}`));
    expect(isAccepted).toBe(true);
    const recorded = await server.bare.git(["ls-tree", "-r", "--name-only", "refs/countersign/pushes"]);
    expect(recorded.split("\n")).toHaveLength(hostile.length);
    const refused = await push(author, "HEAD:refs/countersign/\u009b31m");
    expect(refused.isAccepted).toBe(false);
    expect(refused.words).toContain("countersign: refs/countersign/\\u009b31m is refused");
  });

  it("of two concurrent pushes that were both approved lets only what was judged land (T54)", async () => {
    const [author, second] = [await server.cloneAs("author"), await server.cloneAs("second")];
    const one = await commitAi(author, "one", { "one.txt": "1\n" });
    const two = await commitAi(author, "two", { "two.txt": "2\n" });
    await approve(author, "senior", one);
    await approve(author, "senior", two);
    await push(author, EVIDENCE, "one", "two");
    await second.git(["fetch", "--quiet", "origin"]);
    const results = await Promise.all([push(author, `${one}:${MAIN}`), push(second, `${two}:${MAIN}`)]);
    expect(results.filter(({ isAccepted }) => isAccepted)).toHaveLength(1);
    expect([one, two]).toContain(await server.bare.id(MAIN));
  });

  it("takes merge, squash and queue of approved changes as Git computes them, and no evil squash", async () => {
    const author = await server.cloneAs("author");
    const one = await commitAi(author, "one", { "one.txt": "1\n" });
    const two = await commitAi(author, "two", { "two.txt": "2\n" });
    const three = await commitAi(author, "three", { "three.txt": "3\n" });
    for (const head of [one, two, three]) expect((await approve(author, "senior", head)).exitCode).toBe(0);
    expect((await push(author, "one", "two", "three", EVIDENCE)).isAccepted).toBe(true);
    const senior = await server.cloneAs("senior");
    await senior.git(["fetch", "--quiet", "origin"]);
    await senior.merge("refs/remotes/origin/one", "Merge one");
    await senior.squash("refs/remotes/origin/two", "two, squashed (#2)");
    expect(await push(senior, `HEAD:${MAIN}`)).toMatchObject({ isAccepted: true });
    await senior.git(["merge", "--quiet", "--squash", "refs/remotes/origin/three"]);
    await senior.write("three.txt", "3 and a back door\n");
    await senior.git(["add", "--all"]);
    await senior.git(["commit", "--quiet", "-m", "three, squashed (#3)\n\nAI-Assisted: claude-code/unknown"]);
    const evil = await push(senior, `HEAD:${MAIN}`);
    expect(evil.isAccepted).toBe(false);
    expect(evil.words).toContain("ai-senior-sign-off: 0 of 1 sign-off by senior");
  });

  it("reads a thousand commits that only the quarantine holds", async () => {
    const author = await server.cloneAs("author");
    const tip = await longHistory(author, 1000);
    expect(await push(author, `${tip}:${MAIN}`)).toMatchObject({ isAccepted: true });
  });

  it("starts no more Git processes for many branches than for one", async () => {
    const { bare } = server;
    const id = await bare.id(MAIN);
    const lines = (count: number) =>
      Array.from({ length: count }, (_, i) => `${"0".repeat(40)} ${id} refs/heads/b${i}\n`).join("");
    expect(await countHook(lines(200))).toBe(await countHook(lines(1)));
  });

  // Of some dozens the loose objects are read without any process.
  it("starts as many Git processes for a thousand commits as for a hundred", async () => {
    const author = await server.cloneAs("author");
    const few = await countProcesses(author, await longHistory(author, 100));
    const many = await countProcesses(author, await longHistory(author, 1000));
    expect(few).toBeGreaterThan(0);
    expect(many).toBe(few);
  });

  it("keeps refusing what it refused when the message is amended without a tree change", async () => {
    const author = await server.cloneAs("author");
    await commitAi(author, "change");
    await author.git(["commit", "--quiet", "--amend", "-m", `${AI_MESSAGE}\n`]);
    expect((await push(author, `HEAD:${MAIN}`)).isAccepted).toBe(false);
  });
});
