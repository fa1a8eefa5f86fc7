// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { openTestRepository } from "@countersign/testkit";
import { describe, expect } from "vitest";
import {
  ai,
  breakUp,
  type Expected,
  edited,
  type Scenario,
  scenario,
  toScenario,
  whose,
} from "./scenario.fixture.ts";

const FILE = ["one", "two", "three", "four"];
const CHANGED = ["one", "two~", "three", "four"];
const codex = (tag: string): Expected => ai(tag, "codex");

/** Codex' line is changed on a branch in another work tree, of which the recorder of this one sees nothing. */
async function changeElsewhere(s: Scenario, change: (other: Scenario) => Promise<unknown>): Promise<void> {
  await s.agent("a.js", FILE, "codex");
  await s.commit("by codex");
  const path = join(s.repo.path, "..", "elsewhere");
  await s.git("worktree", "add", "-q", "-b", "feature", path);
  const other = toScenario(await openTestRepository(path, () => Promise.resolve()));
  await change(other);
  await other.commit("changed");
  await other.countersign("blame", "--json", "a.js");
  await s.git("worktree", "remove", "--force", path);
  await s.agent("b.js", ["beside"]);
  await s.commit("beside");
  await s.expectLines("b.js", [ai("beside")]);
}

const WAYS: Readonly<Record<string, (s: Scenario) => Promise<unknown>>> = {
  "a pick": (s) => s.git("cherry-pick", "feature"),
  "a pick without a commit": async (s) => {
    await s.git("cherry-pick", "-n", "feature");
    await s.git("commit", "-q", "-m", "picked");
  },
  "a squash": async (s) => {
    await s.git("merge", "-q", "--squash", "feature");
    await s.git("commit", "-q", "-m", "squashed");
  },
  "a rebase": (s) => s.git("rebase", "-q", "main", "feature"),
};

describe("a line of one agent that another agent wrote anew elsewhere is the other's, brought here by", () => {
  for (const [way, bring] of Object.entries(WAYS)) {
    for (const isAwake of [true, false]) {
      scenario(`${way}${isAwake ? " beside work of an agent" : ""}`, async (s) => {
        await changeElsewhere(s, (other) => other.agent("a.js", CHANGED));
        if (isAwake) await s.agent("c.js", ["pending"]);
        await bring(s);
        await s.expectLines("a.js", [codex("one"), ai("two~"), codex("three"), codex("four")]);
      });
    }
  }
});

scenario("a squash whose text an agent's command adds to before it is committed", async (s) => {
  await changeElsewhere(s, (other) => other.agent("a.js", CHANGED));
  await s.git("merge", "-q", "--squash", "feature");
  await s.shell(() => s.types("a.js", [...CHANGED, "five"]), "codex");
  await s.commit("squashed");
  await s.expectLines("a.js", [codex("one"), ai("two~"), codex("three"), codex("four"), codex("five")]);
});

scenario("an agent's line that a person changed elsewhere is the agent's still, after a pick", async (s) => {
  await changeElsewhere(s, (other) => other.types("a.js", CHANGED));
  await s.git("cherry-pick", "feature");
  await s.expectLines("a.js", [codex("one"), edited("two~", "codex"), codex("three"), codex("four")]);
});

for (const look of ["an edit", "a command"]) {
  scenario(
    `a file that came by another name with another agent's line in it, seen first by ${look}`,
    async (s) => {
      await s.agent("a.js", FILE, "codex");
      await s.commit("by codex");
      const path = join(s.repo.path, "..", "elsewhere");
      await s.git("worktree", "add", "-q", "-b", "feature", path);
      const other = toScenario(await openTestRepository(path, () => Promise.resolve()));
      await other.git("mv", "a.js", "c.js");
      await other.agent("c.js", CHANGED);
      await other.commit("renamed and changed");
      await other.countersign("blame", "--json", "c.js");
      await s.git("worktree", "remove", "--force", path);
      await s.agent("b.js", ["beside"]);
      await s.git("merge", "-q", "--ff-only", "feature");
      await s.commit("beside");
      await s.expectLines("b.js", [ai("beside")]);
      const more = [...CHANGED, "five"];
      if (look === "an edit") await s.agent("c.js", more, "codex");
      if (look === "a command") await s.shell(() => s.types("c.js", more), "codex");
      await breakUp(s, "c.js", ["two~"]);
      await s.commit("broken up");
      const claude = Array(4).fill("claude-code");
      expect(await whose(s, "c.js")).toEqual(["codex", ...claude, "codex", "codex", "codex"]);
    },
  );
}
