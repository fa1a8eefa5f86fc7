// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { describe, expect } from "vitest";
import { coverage, inGit, records, scenario, WHOLE } from "./presence.fixture.ts";

describe("a commit that HEAD's log tells of", () => {
  scenario("is as whole when a branch was only moved forward to it before anybody asked", async (s) => {
    await s.git("checkout", "-q", "-b", "side");
    await s.types("a.js", ["mine"]);
    await s.commit("one");
    await s.git("checkout", "-q", "main");
    await s.git("merge", "-q", "--ff-only", "side");
    expect(await coverage(s)).toEqual(WHOLE);
    expect(await records(s)).toHaveLength(1);
  });

  scenario("is whole for a reader who comes between Git's log and the hook", async (s) => {
    const hook = inGit(s, "hooks/post-commit");
    await writeFile(hook, (await readFile(hook, "utf8")).replace("\n", "\nsleep 0.5\n"));
    const before = await s.repo.id("HEAD");
    await s.types("a.js", ["mine"]);
    await s.git("add", "-A");
    const committing = s.git("commit", "-q", "-m", "slow hook");
    while ((await s.repo.id("HEAD")) === before) await setTimeout(5);
    expect(await coverage(s)).toEqual(WHOLE);
    await committing;
    expect(await records(s)).toHaveLength(1);
  });

  scenario("that came from elsewhere, and HEAD only moved forward to, is nothing of ours", async (s) => {
    await s.types("a.js", ["theirs"]);
    await s.git("add", "-A");
    const tree = (await s.git("write-tree")).trim();
    await s.git("reset", "-q", "--hard");
    const id = (await s.git("commit-tree", tree, "-p", "HEAD", "-m", "made: Fast-forward")).trim();
    await s.git("merge", "-q", "-m", "ignored", "--ff", id);
    expect(await s.repo.id("HEAD")).toBe(id);
    expect(await records(s)).toEqual([]);
    await s.types("b.js", ["mine"]);
    await s.git("add", "-A");
    await s.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "x: Fast-forward");
    expect((await coverage(s))?.gaps).toContain("hook-missing");
  });
});
