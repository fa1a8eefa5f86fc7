// SPDX-License-Identifier: Apache-2.0
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tryRun } from "@countersign/testkit";
import { expect, test } from "vitest";
import { ai, human } from "../scenarios/scenario.fixture.ts";
import { createTemplate } from "./fault-desk.fixture.ts";
import { forEachMoment } from "./kill-at-moments.fixture.ts";

/** Many processes, one after the other; the bound is for a machine that is busy with others. */
const LONG_MS = 180_000;

/** The script with a deadly line before each of its own, where a line may stand. */
async function toDeadly(script: string): Promise<readonly string[]> {
  const lines = script.split("\n");
  const all = lines.slice(2).map((_, index) => lines.toSpliced(index + 2, 0, "kill -KILL $$").join("\n"));
  const parsed = await Promise.all(
    all.map((input) => tryRun("/bin/sh", ["-n"], { cwd: "/", input }).then(({ exitCode }) => exitCode)),
  );
  return all.filter((_, index) => parsed[index] === 0);
}

test(
  "post-commit killed at any line: the commit stands, and its record and note come with the next",
  async () => {
    await using template = await createTemplate(async (desk) => {
      await desk.call({ id: "first", file: "a.js", tags: ["ai1"] });
      await desk.write("a.js", ["ai1", "hand1"]);
      await desk.git(["add", "-A"]);
    });
    const hook = (gitDir: string) => join(gitDir, "hooks", "post-commit");
    await using first = await template.open();
    const scripts = await toDeadly(await readFile(hook(first.gitDir), "utf8"));
    expect(scripts.length).toBeGreaterThan(30);
    await forEachMoment(scripts.length, 1, async (moment) => {
      await using desk = await template.open();
      const path = hook(desk.gitDir);
      const whole = await readFile(path);
      await writeFile(path, scripts[moment - 1] as string);
      await chmod(path, 0o755);
      await desk.commit("struck");
      await writeFile(path, whole);
      await desk.write("b.js", ["typed"]);
      await desk.commit("next");
      expect(await desk.origins("a.js")).toEqual([ai("ai1"), human("hand1")]);
      expect(await desk.git(["notes", "--ref=ai", "show", "HEAD~1"])).toContain("a.js\n");
    });
  },
  LONG_MS,
);
