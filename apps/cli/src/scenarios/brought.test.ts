// SPDX-License-Identifier: Apache-2.0
// Git brings an AI's lines of another commit, and a person changes one before any recorder has looked at the file.
import { join } from "node:path";
import { openTestRepository } from "@countersign/testkit";
import { describe } from "vitest";
import {
  ai,
  edited,
  human,
  notAi,
  type Scenario,
  scenario,
  toScenario,
  unknown,
} from "./scenario.fixture.ts";

/** An agent's commit on another branch, and another agent's commit on this one; `last` puts them into conflict. */
async function branch(s: Scenario, ...last: readonly string[]): Promise<void> {
  await s.types("a.js", ["k1", "k2", "k3", ...last.slice(0, 1)]);
  await s.commit("by hand");
  await s.git("checkout", "-q", "-b", "feature");
  await s.agent("a.js", ["k1", "k2", "k3", ...last.slice(0, 1), "one", "two", "three"]);
  await s.commit("by an agent");
  await s.expectLines("a.js", [...KEPT, ...last.slice(0, 1).map(notAi), ...BROUGHT]);
  await s.git("checkout", "-q", "main");
  await s.agent("a.js", ["top", "k1", "k2", "k3", ...last], "codex");
  await s.commit("by codex");
  await s.expectLines("a.js", [
    ai("top", "codex"),
    ...KEPT,
    ...last.map((tag, index) => (index === 0 ? notAi(tag) : ai(tag, "codex"))),
  ]);
}

const KEPT = ["k1", "k2", "k3"].map(notAi);
const BROUGHT = [ai("one"), ai("two"), ai("three")];
const CHANGED = [edited("one~"), ai("two"), ai("three")];

/** A person's change, and an agent that looks at the file after it. */
async function changes(s: Scenario, ...more: readonly string[]): Promise<void> {
  const tags = ["top", "k1", "k2", "k3", ...more, "one~", "two", "three"];
  await s.types("a.js", tags);
  await s.agent("a.js", [...tags, "last"], "codex");
}

describe("a line that a person changes", () => {
  scenario("in a merge that is not committed yet", async (s) => {
    await branch(s);
    await s.git("merge", "-q", "--no-commit", "feature");
    await changes(s);
    await s.git("commit", "-q", "-a", "-m", "merged");
    await s.expectLines("a.js", [ai("top", "codex"), ...KEPT, ...CHANGED, ai("last", "codex")]);
  });

  scenario("in a merge with a conflict", async (s) => {
    await branch(s, "k4", "mine");
    await s.tryGit("merge", "-q", "feature");
    await changes(s, "k4", "mine");
    await s.git("commit", "-q", "-a", "-m", "merged");
    await s.expectLines("a.js", [
      ...[ai("top", "codex"), ...KEPT, notAi("k4"), ai("mine", "codex")],
      ...[...CHANGED, ai("last", "codex")],
    ]);
  });

  for (const [name, ...command] of [
    ["a pick", "cherry-pick", "feature"],
    ["a squash", "merge", "--squash", "feature"],
  ] as const) {
    scenario(`in ${name} with a conflict`, async (s) => {
      await branch(s, "k4", "mine");
      await s.tryGit(...command);
      await changes(s, "k4", "mine");
      await s.git("commit", "-q", "-a", "-m", "picked");
      await s.expectLines("a.js", [
        ...[ai("top", "codex"), ...KEPT, notAi("k4"), ai("mine", "codex")],
        ...[...CHANGED, ai("last", "codex")],
      ]);
    });
  }

  scenario("in a rebase with a conflict", async (s) => {
    await branch(s, "k4", "mine");
    await s.tryGit("rebase", "-q", "main", "feature");
    await changes(s, "k4", "mine");
    await s.git("add", "-A");
    await s.git("rebase", "--continue");
    await s.expectLines("a.js", [
      ...[ai("top", "codex"), ...KEPT, notAi("k4"), ai("mine", "codex")],
      ...[...CHANGED, ai("last", "codex")],
    ]);
  });

  scenario("in a pick that leaves no trace", async (s) => {
    await branch(s);
    await s.agent("a.js", ["top", "k1", "k2", "k3", "last"], "codex");
    await s.types("a.js", ["top", "k1", "k2", "k3"]);
    await s.git("cherry-pick", "-n", "feature");
    await changes(s);
    await s.commit("picked");
    await s.expectLines("a.js", [ai("top", "codex"), ...KEPT, ...CHANGED, ai("last", "codex")]);
  });

  scenario("in a file that is taken from another branch", async (s) => {
    await branch(s);
    await s.agent("a.js", ["top", "k1", "k2", "k3", "more"], "codex");
    await s.git("checkout", "feature", "--", "a.js");
    await s.types("a.js", ["k1", "k2", "k3", "one~", "two", "three", "mine"]);
    await s.commit("taken");
    await s.expectLines("a.js", [...KEPT, ...CHANGED, human("mine")]);
  });

  scenario("in a text that another work tree takes from an earlier commit", async (s) => {
    await s.types("a.js", ["k1", "k2", "k3"]);
    await s.commit("by hand");
    await s.agent("a.js", ["k1", "k2", "k3", "one", "two", "three"]);
    await s.commit("by an agent");
    await s.types("a.js", ["k1", "k2", "k3"]);
    await s.commit("less");
    await s.git("worktree", "add", "-q", "../linked", "-b", "linked");
    const linked = await openTestRepository(join(s.repo.path, "..", "linked"), async () => undefined);
    const other = toScenario(linked);
    await other.agent("a.js", ["k1", "k2", "k3", "last"], "codex");
    await other.git("checkout", "HEAD~1", "--", "a.js");
    await other.types("a.js", ["k1", "k2", "k3", "one~", "two", "three"]);
    await other.commit("back");
    await other.expectLines("a.js", [...KEPT, ...CHANGED]);
  });
});

scenario("a line that a person changes in a clone that has no record of it yet", async (s) => {
  await s.agent("a.js", ["one", "two", "three"]);
  await s.commit("by an agent");
  await s.expectLines("a.js", BROUGHT);
  await using clone = toScenario(await s.repo.clone());
  await clone.countersign("init", "--no-agents");
  await clone.agent("a.js", ["one", "two", "three", "last"], "codex");
  await clone.types("a.js", ["one~", "two", "three", "last"]);
  await clone.commit("without records");
  await clone.expectLines("a.js", [human("one~"), unknown("two"), unknown("three"), ai("last", "codex")]);
  await clone.git("fetch", "-q", "origin", "+refs/countersign/*:refs/countersign-remotes/origin/*");
  await clone.expectLines("a.js", [...CHANGED, ai("last", "codex")]);
});
