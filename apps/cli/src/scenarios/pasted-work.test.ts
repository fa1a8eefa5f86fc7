// SPDX-License-Identifier: Apache-2.0
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "vitest";
import { ai, edited, human, notAi, type Scenario, scenario } from "./scenario.fixture.ts";

const LOOKS = ["an edit of the other file", "a command", "the commit"] as const;

/** The first that looks after a person has pasted; an agent adds `six` where it edits. */
async function look(s: Scenario, by: (typeof LOOKS)[number], tags: readonly string[]): Promise<void> {
  if (by === "an edit of the other file") await s.agent("main.js", [...tags, "six"]);
  if (by === "a command") await s.shell(() => s.types("main.js", [...tags, "six"]));
  await s.commit("pasted");
}

describe("lines of an agent that a person pastes into another file that agents work on stay the agent's", () => {
  const PASTED = ["m1", "two", "three", "four", "m2"];
  const WHOSE = [ai("m1"), ai("two", "codex"), ai("three", "codex"), ai("four", "codex"), ai("m2")];

  for (const where of ["cut out of a file", "copied", "taken out of a file that goes"]) {
    for (const by of LOOKS) {
      scenario(`${where}, seen first by ${by}`, async (s) => {
        await s.agent("main.js", ["m1", "m2"]);
        await s.agent("util.js", ["one", "two", "three", "four", "five"], "codex");
        await s.types("main.js", PASTED);
        if (where === "cut out of a file") await s.types("util.js", ["one", "five"]);
        if (where === "taken out of a file that goes") await rm(join(s.repo.path, "util.js"));
        await look(s, by, PASTED);
        await s.expectLines("main.js", by === "the commit" ? WHOSE : [...WHOSE, ai("six")]);
      });
    }
  }
});

for (const by of LOOKS) {
  scenario(
    `a single line that a person cuts and pastes stays the agent's, seen first by ${by}`,
    async (s) => {
      await s.agent("main.js", ["m1", "m2"]);
      await s.agent("util.js", ["one", "two", "three"], "codex");
      await s.types("main.js", ["m1", "two", "m2"]);
      await s.types("util.js", ["one", "three"]);
      await look(s, by, ["m1", "two", "m2"]);
      const whose = [ai("m1"), ai("two", "codex"), ai("m2")];
      await s.expectLines("main.js", by === "the commit" ? whose : [...whose, ai("six")]);
    },
  );
}

scenario(
  "what a person types beside pasted lines, and what is theirs in the other file, is theirs",
  async (s) => {
    await s.agent("main.js", ["m1", "m2"]);
    await s.agent("util.js", ["one", "two", "three"], "codex");
    await s.types("util.js", ["one", "hand", "two", "three"]);
    await s.agent("util.js", ["one", "hand", "two", "three", "four"], "codex");
    await s.types("main.js", ["m1", "own", "one", "hand", "two", "three", "m2"]);
    await s.commit("pasted");
    const mixed = [ai("one", "codex"), human("hand"), ai("two", "codex"), ai("three", "codex")];
    await s.expectLines("main.js", [ai("m1"), human("own"), ...mixed, ai("m2")]);
  },
);

scenario("a pasted line that a person then changed is the agent's, changed", async (s) => {
  await s.agent("main.js", ["m1", "m2"]);
  await s.agent("util.js", ["one", "two", "three", "four", "five"], "codex");
  await s.types("main.js", ["m1", "two", "three~", "four", "m2"]);
  await s.types("util.js", ["one", "five"]);
  await s.commit("pasted");
  const pasted = [ai("two", "codex"), edited("three~", "codex"), ai("four", "codex")];
  await s.expectLines("main.js", [ai("m1"), ...pasted, ai("m2")]);
});

scenario(
  "a line that a file had before an agent repeated it elsewhere is no agent's once that is gone",
  async (s) => {
    await s.types("main.js", ["m1", "two"]);
    await s.commit("by hand");
    await s.agent("main.js", ["m1", "two", "m2"]);
    await s.types("main.js", ["m1", "two", "own", "m2"]);
    await s.agent("util.js", ["one", "two", "three"], "codex");
    await s.types("util.js", ["one", "three"]);
    await s.commit("taken out");
    await s.expectLines("main.js", [notAi("m1"), notAi("two"), human("own"), ai("m2")]);
  },
);
