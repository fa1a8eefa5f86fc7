// SPDX-License-Identifier: Apache-2.0
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AssistanceRecord } from "@countersign/core/attribution";
import { describe, expect } from "vitest";
import { ai, type Scenario, scenario } from "../scenarios/scenario.fixture.ts";

const PROGRAM = fileURLToPath(new URL("../../dist/countersign-commit.cjs", import.meta.url));

/**
 * A flush at the moments at which one that a commit has left behind may come on a busy machine: in the hooks that were there before ours,
 * so after Git wrote HEAD's log and before our hook says anything of it.
 */
async function flushInHooks(s: Scenario, ...names: readonly string[]): Promise<void> {
  const script = `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' flush behind-git\n`;
  for (const name of names)
    await writeFile(join(s.repo.path, ".git/hooks", `${name}.before-countersign`), script, { mode: 0o755 });
}

/** What each record of a range's commits says of its coverage, from the oldest. */
async function coverages(s: Scenario, range: string) {
  await s.countersign("scan", "--json", "--limit", "1");
  const found: unknown[] = [];
  for (const id of (await s.git("rev-list", "--reverse", range)).split("\n")) {
    const folder = `refs/countersign/records:${id.slice(0, 2)}/${id.slice(2)}`;
    const names = (await s.git("ls-tree", "--name-only", folder)).split("\n");
    for (const name of names) {
      const record = JSON.parse(await s.git("cat-file", "-p", `${folder}/${name}`)) as AssistanceRecord;
      found.push([record.coverage.isWhole, ...record.coverage.gaps.map(({ code }) => code)]);
    }
  }
  return found;
}

/** A branch of a person's, an agent's and a person's commit beside one of main. */
async function branchOff(s: Scenario): Promise<void> {
  await s.git("checkout", "-q", "-b", "side");
  await s.types("mine.js", ["x", "y"]);
  await s.commit("mine");
  await s.agent("theirs.js", ["one", "two"]);
  await s.commit("an agent's");
  await s.types("mine.js", ["x", "y", "z"]);
  await s.commit("more of mine");
  await s.git("checkout", "-q", "main");
  await s.types("main.js", ["m"]);
  await s.commit("elsewhere");
  await s.git("checkout", "-q", "side");
}

describe("a flush that comes in the middle", () => {
  scenario(
    "of a rebase, whatever the committer's clock says, waits for what Git says at its end",
    async (s) => {
      await branchOff(s);
      await flushInHooks(s, "post-commit", "post-rewrite");
      await s.git("rebase", "-q", "main");
      expect(await coverages(s, "main..side")).toEqual([[true], [true], [true]]);
      const environment = { GIT_SEQUENCE_EDITOR: "sed -i -e 2,3s/^pick/fixup/" };
      await s.repo.git(["rebase", "-q", "-i", "main"], { environment });
      expect(await coverages(s, "main..side")).toEqual([[true]]);
      await s.expectLines("theirs.js", [ai("one"), ai("two")]);
    },
  );

  scenario("of a commit leaves it to its hook", async (s) => {
    await flushInHooks(s, "post-commit");
    await s.types("mine.js", ["x"]);
    await s.commit("mine");
    await s.agent("theirs.js", ["one"]);
    await s.commit("an agent's");
    expect(await coverages(s, "HEAD~2..HEAD")).toEqual([[true], [true]]);
    await s.expectLines("theirs.js", [ai("one")]);
  });
});
