// SPDX-License-Identifier: Apache-2.0
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ai, createScenario, readText, type Scenario, toLine } from "./scenario.fixture.ts";

function scenario(title: string, play: (s: Scenario) => Promise<void>): void {
  test(title, async () => {
    await using s = await createScenario();
    await play(s);
  });
}

/** A formatter breaks the lines of these tags over four; nobody wrote anything. */
async function breakUp(s: Scenario, file: string, tags: readonly string[]): Promise<void> {
  const broken = new Set(tags.map(toLine));
  const lines = (await readText(s, file)).split("\n").map((line) => {
    if (!broken.has(line)) return line;
    return line.replace(/^(.*\()(\w+), (\w+)\);$/, "$1\n  $2,\n  $3\n);");
  });
  await writeFile(join(s.repo.path, file), lines.join("\n"));
}

/** Tools by whose word each line is, or what else it is. */
async function whose(s: Scenario, file: string): Promise<readonly string[]> {
  const { stdout } = await s.countersign("blame", "--json", file);
  const rows = stdout.split("\n").filter((row) => row !== "");
  return rows.map((row) => {
    const { origin, tool } = JSON.parse(row) as { origin: string; tool: string | null };
    return tool ?? origin;
  });
}

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
