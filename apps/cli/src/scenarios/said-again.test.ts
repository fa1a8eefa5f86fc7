// SPDX-License-Identifier: Apache-2.0
// Everything of an agent is recorded, nothing is pending, and the work is committed once more: the new message says whose it is.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openRepository } from "@countersign/git";
import { flushPresence } from "@countersign/recorder";
import { describe, expect } from "vitest";
import { ai, edited, notAi, type Scenario, scenario } from "./scenario.fixture.ts";

const CLAUDE = "AI-Assisted: claude-code/unknown";
const CODEX = "AI-Assisted: codex/model-1";

async function settle(s: Scenario): Promise<void> {
  await flushPresence(await openRepository(s.repo.path));
}

async function trailersOf(s: Scenario): Promise<readonly string[]> {
  const text = await s.git("log", "-1", "--format=%(trailers:only,unfold)");
  return text.split("\n").filter((line) => line.startsWith("AI-Assisted"));
}

/** Two agents' commits and a person's, on a branch; the base file is one of those that change. */
async function work(s: Scenario): Promise<void> {
  await s.git("checkout", "-q", "-b", "topic");
  await s.agent("base.js", ["base", "a1", "a2"]);
  await s.commit("by claude");
  await s.agent("c.js", ["c1", "c2", "c3"], "codex");
  await s.commit("by codex");
  await s.types("h.js", ["h1"]);
  await s.commit("by hand");
  await settle(s);
}

async function expectWork(s: Scenario): Promise<void> {
  await s.expectLines("base.js", [notAi("base"), ai("a1"), ai("a2")]);
  await s.expectLines(
    "c.js",
    ["c1", "c2", "c3"].map((tag) => ai(tag, "codex")),
  );
  await s.expectLines("h.js", [notAi("h1")]);
}

describe("recorded work that is committed once more", () => {
  for (const way of ["--soft", "--mixed"])
    scenario(`after reset ${way}`, async (s) => {
      await work(s);
      await s.git("reset", "-q", way, "main");
      await s.commit("as one");
      expect(await trailersOf(s)).toEqual([CLAUDE, CODEX]);
      await expectWork(s);
      await s.types("h.js", ["h1", "h2"]);
      await s.commit("by hand");
      expect(await trailersOf(s)).toEqual([]);
    });

  scenario("after merge --squash", async (s) => {
    await work(s);
    await s.git("checkout", "-q", "main");
    await s.git("merge", "-q", "--squash", "topic");
    await s.commit("as one");
    expect(await trailersOf(s)).toEqual([CLAUDE, CODEX]);
    await expectWork(s);
  });

  scenario("after merge --squash, with Git's own message", async (s) => {
    await work(s);
    await s.git("checkout", "-q", "main");
    await s.git("merge", "-q", "--squash", "topic");
    await s.git("commit", "-q", "--no-edit");
    // Git repeats the messages of the commits, and a reader of ours knows what they claim: nothing is said twice.
    const message = await s.git("log", "-1", "--format=%B");
    expect(message.split(/^ {4}AI-Assisted: /m)).toHaveLength(3);
    expect(await trailersOf(s)).toEqual([]);
    await expectWork(s);
  });

  scenario("after merge --squash, a line changed and a file left out", async (s) => {
    await work(s);
    await s.git("checkout", "-q", "main");
    await s.git("merge", "-q", "--squash", "topic");
    await s.git("rm", "-q", "-f", "c.js");
    await s.types("base.js", ["base", "a1~"]);
    await s.commit("as one");
    expect(await trailersOf(s)).toEqual([`${CLAUDE}; extent=edited`]);
    await s.expectLines("base.js", [notAi("base"), edited("a1~")]);
  });

  scenario("after merge --squash, with another agent's work", async (s) => {
    await work(s);
    await s.git("checkout", "-q", "main");
    await s.git("merge", "-q", "--squash", "topic");
    await s.agent("d.js", ["d1"]);
    await s.commit("as one");
    expect(new Set(await trailersOf(s))).toEqual(new Set([CLAUDE, CODEX]));
    await expectWork(s);
    await s.expectLines("d.js", [ai("d1")]);
  });
});

describe("says nothing of what is no agent's", () => {
  scenario("after reset --hard", async (s) => {
    await work(s);
    await s.git("reset", "-q", "--hard", "main");
    await s.types("h.js", ["h1"]);
    await s.commit("by hand");
    expect(await trailersOf(s)).toEqual([]);
    await s.expectLines("h.js", [notAi("h1")]);
  });

  scenario("after a merge that only went forward", async (s) => {
    await work(s);
    await s.git("checkout", "-q", "main");
    await s.git("merge", "-q", "--ff-only", "topic");
    await s.types("h.js", ["h1", "h2"]);
    await s.commit("by hand");
    expect(await trailersOf(s)).toEqual([]);
  });

  scenario("a squash of a person's commits", async (s) => {
    await work(s);
    await s.git("checkout", "-q", "-b", "other", "main");
    await s.types("h.js", ["h1"]);
    await s.commit("by hand");
    await s.git("checkout", "-q", "main");
    await s.git("merge", "-q", "--squash", "other");
    await s.commit("as one");
    expect(await trailersOf(s)).toEqual([]);
  });
});

/** What stands in the message of a squash may be anything by the time that it is read. */
const MESSAGES: Readonly<Record<string, (s: Scenario) => Promise<string | Buffer>>> = {
  "names commits that are not there": async () => `commit ${"a".repeat(40)}\ncommit ${"0".repeat(40)}\n`,
  "names a tree": async (s) => `commit ${await s.git("rev-parse", "HEAD^{tree}")}`,
  "is no text": async () => Buffer.alloc(1_000_000, 0xfe),
};
describe("a squash whose message", () => {
  for (const [what, write] of Object.entries(MESSAGES))
    scenario(`${what} is committed, names nobody and is not cleared`, async (s) => {
      await work(s);
      await s.types("h.js", ["h1", "h2"]);
      await writeFile(join(s.repo.path, ".git/SQUASH_MSG"), await write(s));
      await s.commit("by hand");
      expect(await trailersOf(s)).toEqual([]);
      expect((await s.countersign("scan", "HEAD~1..HEAD")).stdout).toMatch(/ unknown /);
    });
});
