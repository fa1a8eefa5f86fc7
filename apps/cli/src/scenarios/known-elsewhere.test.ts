// SPDX-License-Identifier: Apache-2.0
// Lines of an AI's that the working state does not know, and only records do: no way on which they come back makes them a person's.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "vitest";
import {
  ai,
  type Expected,
  edited,
  human,
  notAi,
  type Scenario,
  scenario,
  toLine,
} from "./scenario.fixture.ts";

async function writes(s: Scenario, file: string, lines: readonly string[]): Promise<void> {
  await writeFile(join(s.repo.path, file), lines.map((line) => `${line}\n`).join(""));
}

/** What an agent of an earlier commit wrote, looked at so that nothing of it is pending. */
async function writtenBefore(s: Scenario, file: string, tags: readonly string[]): Promise<void> {
  await s.agent(file, tags);
  await s.commit("by an agent");
  await s.expectLines(
    file,
    tags.map((tag) => ai(tag)),
  );
}

describe("an AI's line that a person changes", () => {
  scenario("word by word, with an agent at the file in between", async (s) => {
    await writtenBefore(s, "a.js", ["one", "two", "three"]);
    await s.agent("a.js", ["one", "two", "three", "last"], "codex");
    const rest = ["two", "three", "last"];
    const words = toLine("one").match(/w[0-9a-f]{7}/g) ?? [];
    let line = toLine("one");
    for (const [index, word] of words.entries()) {
      line = line.replace(word, `mine${index}`);
      await writes(s, "a.js", [line, ...rest.map(toLine)]);
      await s.agent("a.js", [line, ...rest, `n${index}`], "codex");
      await writes(s, "a.js", [line, ...rest.map(toLine)]);
    }
    await s.commit();
    await s.expectLines("a.js", [edited(line), ai("two"), ai("three"), ai("last", "codex")]);
  });

  scenario("once the file was taken back from a commit that was given up", async (s) => {
    await writtenBefore(s, "a.js", ["one", "two", "three"]);
    await s.git("reset", "-q", "--soft", "HEAD~1");
    await s.agent("a.js", ["one", "two", "three", "last"], "codex");
    await s.types("a.js", ["one~", "two", "three", "last"]);
    await s.commit();
    await s.expectLines("a.js", [edited("one~"), ai("two"), ai("three"), ai("last", "codex")]);
  });

  scenario("in a file that was not tracked in between", async (s) => {
    await writtenBefore(s, "a.js", ["one", "two", "three"]);
    await s.git("rm", "-q", "--cached", "a.js");
    await s.git("commit", "-q", "-m", "no longer tracked");
    await s.expectLines("base.js", [notAi("base")]);
    await s.agent("a.js", ["one", "two", "three", "last"], "codex");
    await s.types("a.js", ["one~", "two", "three", "last"]);
    await s.commit();
    await s.expectLines("a.js", [edited("one~"), ai("two"), ai("three"), ai("last", "codex")]);
  });

  scenario("in a file that was deleted and is taken back", async (s) => {
    await writtenBefore(s, "a.js", ["one", "two", "three"]);
    await s.git("rm", "-q", "a.js");
    await s.commit("gone");
    await s.expectLines("base.js", [notAi("base")]);
    await s.git("checkout", "HEAD~1", "--", "a.js");
    await s.agent("a.js", ["one", "two", "three", "last"], "codex");
    await s.types("a.js", ["one~", "two", "three", "last"]);
    await s.commit();
    await s.expectLines("a.js", [edited("one~"), ai("two"), ai("three"), ai("last", "codex")]);
  });

  scenario("which another commit had deleted", async (s) => {
    await writtenBefore(s, "a.js", ["k1", "one", "two", "three", "k2"]);
    await s.types("a.js", ["k1", "k2"]);
    await s.commit("less");
    await s.expectLines("a.js", [ai("k1"), ai("k2")]);
    await s.git("checkout", "HEAD~1", "--", "a.js");
    await s.agent("a.js", ["k1", "one", "two", "three", "k2", "last"], "codex");
    await s.types("a.js", ["k1", "one~", "two", "three", "k2", "last"]);
    await s.commit();
    await s.expectLines("a.js", [
      ai("k1"),
      edited("one~"),
      ai("two"),
      ai("three"),
      ai("k2"),
      ai("last", "codex"),
    ]);
  });
});

const KEPT: readonly Expected[] = [notAi("base")];

describe("an AI's lines of another branch in a file that is in view", () => {
  const branch = async (s: Scenario) => {
    await s.git("checkout", "-q", "-b", "feature");
    await s.agent("base.js", ["base", "one", "two", "three"]);
    await s.commit("by an agent");
    await s.expectLines("base.js", [...KEPT, ai("one"), ai("two"), ai("three")]);
    await s.git("checkout", "-q", "main");
    await s.agent("base.js", ["top", "base"], "codex");
  };

  scenario("taken by path", async (s) => {
    await branch(s);
    await s.commit("by codex");
    await s.agent("base.js", ["top", "base", "more"], "codex");
    await s.git("checkout", "feature", "--", "base.js");
    await s.commit();
    await s.expectLines("base.js", [...KEPT, ai("one"), ai("two"), ai("three")]);
  });

  scenario("picked without a commit, and one of them changed", async (s) => {
    await branch(s);
    await s.commit("by codex");
    await s.git("cherry-pick", "-n", "feature");
    await s.agent("base.js", ["top", "base", "one", "two", "three", "last"], "codex");
    await s.types("base.js", ["top", "base", "one~", "two", "three", "last"]);
    await s.commit();
    await s.expectLines("base.js", [
      ai("top", "codex"),
      ...KEPT,
      edited("one~"),
      ai("two"),
      ai("three"),
      ai("last", "codex"),
    ]);
  });

  scenario("brought by a merge that is not committed, and one of them changed", async (s) => {
    await branch(s);
    await s.commit("by codex");
    await s.git("merge", "-q", "--no-commit", "feature");
    await s.types("base.js", ["top", "base", "one~", "two", "three"]);
    await s.git("commit", "-q", "-a", "-m", "merged");
    await s.expectLines("base.js", [ai("top", "codex"), ...KEPT, edited("one~"), ai("two"), ai("three")]);
  });

  scenario("in a clone that has never seen them being written", async (s) => {
    await branch(s);
    await s.commit("by codex");
    await s.agent("base.js", ["top", "base", "more"], "codex");
    await writes(s, "base.js", (await s.git("show", "feature:base.js")).trimEnd().split("\n"));
    await s.commit();
    await s.expectLines("base.js", [...KEPT, ai("one"), ai("two"), ai("three")]);
  });
});

describe("an AI's line that a person takes from one file to another", () => {
  scenario("both in view", async (s) => {
    await writtenBefore(s, "a.js", ["k1", "k2", "one"]);
    await s.agent("a.js", ["k1", "k2", "one", "last"], "codex");
    await s.agent("base.js", ["base", "more"], "codex");
    await s.types("a.js", ["k1", "k2", "last"]);
    await s.types("base.js", ["base", "one", "more"]);
    await s.commit();
    await s.expectLines("base.js", [...KEPT, ai("one"), ai("more", "codex")]);
  });

  scenario("both in view, and looked at in between", async (s) => {
    await writtenBefore(s, "a.js", ["k1", "k2", "one"]);
    await s.agent("a.js", ["k1", "k2", "one", "last"], "codex");
    await s.agent("base.js", ["base", "more"], "codex");
    await s.types("a.js", ["k1", "k2", "last"]);
    await s.types("base.js", ["base", "one", "more"]);
    await s.agent("a.js", ["k1", "k2", "last", "x"], "codex");
    await s.agent("base.js", ["base", "one", "more", "y"], "codex");
    await s.commit();
    await s.expectLines("base.js", [...KEPT, ai("one"), ai("more", "codex"), ai("y", "codex")]);
  });
});

scenario(
  "a short line that an agent wrote on another branch, and anybody types, is the person's",
  async (s) => {
    await s.git("checkout", "-q", "-b", "feature");
    await s.agent("base.js", ["base", "one", "run(now);", "two"]);
    await s.commit("by an agent");
    await s.expectLines("base.js", [...KEPT, ai("one"), ai("run(now);"), ai("two")]);
    await s.git("checkout", "-q", "main");
    await s.agent("base.js", ["base", "last"], "codex");
    await s.types("base.js", ["base", "mine", "run(now);", "last"]);
    await s.commit("by hand");
    await s.expectLines("base.js", [...KEPT, human("mine"), human("run(now);"), ai("last", "codex")]);
  },
);
