// SPDX-License-Identifier: Apache-2.0
import { describe, expect } from "vitest";
import { ai, breakUp, notAi, type Scenario, scenario, whose } from "./scenario.fixture.ts";

/** Another agent has made codex' line its own on a branch, while the recorder saw this one only. */
async function bringOthersLine(s: Scenario): Promise<void> {
  await s.agent("a.js", ["one", "two", "three", "four"], "codex");
  await s.commit("by codex");
  await s.git("checkout", "-q", "-b", "feature");
  await s.agent("a.js", ["one", "two~", "three", "four"]);
  await s.commit("changed by claude");
  await s.git("checkout", "-q", "main");
  await s.types("a.js", ["one", "two", "three", "four"]);
  await s.agent("b.js", ["beside"]);
  await s.commit("beside");
  await s.expectLines("b.js", [ai("beside")]);
}

for (const when of ["asleep", "awake"]) {
  scenario(
    `a file that a rebase brought while the recorder was ${when}, broken up and renamed at once`,
    async (s) => {
      await bringOthersLine(s);
      await s.git("checkout", "-q", "feature");
      if (when === "awake") await s.agent("pending.js", ["pending"]);
      await s.git("rebase", "-q", "main");
      await s.expectLines("b.js", [ai("beside")]);
      await s.git("checkout", "-q", "main");
      await s.git("merge", "-q", "--ff-only", "feature");
      await s.agent("b.js", ["beside", "more"]);
      await breakUp(s, "a.js", ["two~"]);
      await s.git("mv", "a.js", "c.js");
      await s.commit("renamed");
      const claude = Array(4).fill("claude-code");
      expect(await whose(s, "c.js")).toEqual(["codex", ...claude, "codex", "codex"]);
    },
  );
}

const OLD = ["one", "two", "three"];
const BACK = ["four", "five"];

describe("what comes back from a stash into a file under a new name is the agent's who wrote it", () => {
  /** Codex' lines lie in the stash. */
  async function stash(s: Scenario): Promise<void> {
    await s.agent("a.js", OLD);
    await s.commit("by claude");
    await s.agent("a.js", [...OLD, ...BACK], "codex");
    await s.git("stash", "push", "-q");
  }
  const old = OLD.map((tag) => ai(tag));
  const back = BACK.map((tag) => ai(tag, "codex"));

  for (const look of ["an edit of it", "a command elsewhere", "the commit"]) {
    scenario(`that it got afterwards, seen first by ${look}`, async (s) => {
      await stash(s);
      await s.types("a.js", ["hand", ...OLD]);
      await s.commit("by hand");
      await s.expectLines("a.js", [notAi("hand"), ...old]);
      await s.git("stash", "pop", "-q");
      await s.git("mv", "a.js", "c.js");
      const whole = ["hand", ...OLD, ...BACK];
      if (look === "an edit of it") await s.agent("c.js", [...whole, "six"]);
      if (look === "a command elsewhere") await s.shell(() => s.types("b.js", ["beside"]));
      await s.commit("renamed");
      const six = look === "an edit of it" ? [ai("six")] : [];
      await s.expectLines("c.js", [notAi("hand"), ...old, ...back, ...six]);
    });
  }

  for (const look of ["an edit", "a command", "the commit"]) {
    scenario(`that it had got before from an agent, seen first by ${look}`, async (s) => {
      await stash(s);
      await s.git("mv", "a.js", "c.js");
      await s.agent("c.js", ["zero", ...OLD]);
      await s.commit("renamed");
      await s.expectLines("c.js", [ai("zero"), ...old]);
      await s.git("stash", "pop", "-q");
      const whole = ["zero", ...OLD, ...BACK, "six"];
      if (look === "an edit") await s.agent("c.js", whole);
      if (look === "a command") await s.shell(() => s.types("c.js", whole));
      await s.commit("back");
      const six = look === "the commit" ? [] : [ai("six")];
      await s.expectLines("c.js", [ai("zero"), ...old, ...back, ...six]);
    });
  }
});
