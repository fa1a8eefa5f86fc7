// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createRepository } from "@countersign/testkit";
import { describe, expect, test } from "vitest";
import { ai, notAi, type Scenario, toScenario, unknown, waitForNote } from "../scenarios/scenario.fixture.ts";
import { coverage, inGit, records, scenario, WHOLE } from "./presence.fixture.ts";

const presence = async (s: Scenario) =>
  (await readFile(inGit(s, "countersign/recorder/presence"), "latin1")).split("\n");

describe("a commit without any AI", () => {
  scenario("is noted by the shell alone and cleared when somebody asks", async (s) => {
    await s.types("a.js", ["mine"]);
    const id = await s.commit();
    expect((await presence(s)).slice(-2)).toEqual([`c ${id}`, ""]);
    expect(await s.tryGit("rev-parse", "--verify", "-q", "refs/countersign/records")).not.toBe(0);
    expect(await coverage(s)).toEqual(WHOLE);
    expect((await records(s))[0]).toMatchObject({ agents: [], files: [], grade: "observed" });
  });

  scenario(
    "is not whole for a file that differed already when the recorder came, until it was committed",
    async (s) => {
      await s.countersign("init", "--uninstall");
      await s.types("early.js", ["x"]);
      await s.types("base.js", ["base", "x"]);
      await s.countersign("init", "--no-agents");
      await s.types("late.js", ["mine"]);
      await s.git("add", "late.js");
      await s.git("commit", "-q", "-m", "late");
      await s.commit("early");
      await s.types("early.js", ["x", "y"]);
      await s.commit("again");
      expect(await coverage(s, "HEAD~2")).toEqual(WHOLE);
      expect(await coverage(s, "HEAD~1")).toEqual({ isWhole: false, gaps: ["changed-before"] });
      expect(await coverage(s, "HEAD")).toEqual(WHOLE);
    },
  );

  scenario("of another tool, without our hook, is not whole", async (s) => {
    await s.types("a.js", ["mine"]);
    await s.git("add", "-A");
    await s.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "by another tool");
    expect(await coverage(s)).toEqual({ isWhole: false, gaps: ["hook-missing"] });
  });

  scenario("that takes another branch's content is not whole", async (s) => {
    await s.git("checkout", "-q", "-b", "side");
    await s.types("side.js", ["x"]);
    await s.commit();
    await s.git("checkout", "-q", "main");
    await s.git("merge", "-q", "--squash", "side");
    await s.git("commit", "-q", "-m", "squashed");
    expect(await coverage(s)).toEqual({ isWhole: false, gaps: ["content-brought"] });
    await s.git("reset", "-q", "--hard", "HEAD~1");
    await s.types("main.js", ["x"]);
    await s.commit();
    await s.git("cherry-pick", "side");
    expect(await records(s)).toEqual([]);
    await s.git("reset", "-q", "--hard", "HEAD~1");
    await s.git("merge", "-q", "--no-edit", "side");
    expect(await coverage(s)).toEqual(WHOLE);
  });

  scenario("that a rebase remakes with the same content is as whole as it was", async (s) => {
    await s.types("a.js", ["mine"]);
    await s.commit("first");
    await s.agent("b.js", ["one"]);
    await s.commit("second");
    // At once, so mostly within the same second, and then in another one: the same commit, and one of another name.
    for (const wait of [0, 1100]) {
      await setTimeout(wait);
      await s.git("rebase", "-q", "--force-rebase", "HEAD~1");
      expect(await s.git("log", "-1", "--format=%gs", "-g")).toContain("rebase");
      expect(await coverage(s)).toEqual(WHOLE);
    }
  });

  scenario("that a rebase makes anew from commits that were watched is as good as watched", async (s) => {
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
    await s.git("rebase", "-q", "main");
    for (const [revision, state] of [
      ["HEAD", "cleared"],
      ["HEAD~1", "recorded"],
      ["HEAD~2", "cleared"],
    ] as const) {
      const scan = JSON.parse((await s.countersign("scan", "--json", `${revision}~1..${revision}`)).stdout);
      expect(scan).toMatchObject({ state, coverage: "whole" });
      expect(await coverage(s, revision)).toEqual(WHOLE);
    }
    const environment = { GIT_SEQUENCE_EDITOR: "sed -i -e 2,3s/^pick/fixup/" };
    await s.repo.git(["rebase", "-q", "-i", "main"], { environment });
    expect(await s.git("rev-list", "--count", "main..side")).toBe("1");
    expect(await coverage(s)).toEqual(WHOLE);
    await s.expectLines("theirs.js", [ai("one"), ai("two")]);
  });

  scenario("that a rebase makes anew with something more in it is not whole", async (s) => {
    await s.types("a.js", ["x"]);
    await s.commit("base of both");
    await s.git("checkout", "-q", "-b", "side");
    await s.types("a.js", ["x", "mine"]);
    await s.commit("mine");
    await s.git("checkout", "-q", "main");
    await s.types("a.js", ["x", "theirs"]);
    await s.commit("theirs");
    await s.git("checkout", "-q", "side");
    expect(await s.tryGit("rebase", "-q", "main")).not.toBe(0);
    await s.types("a.js", ["x", "theirs", "settled"]);
    await s.git("add", "-A");
    await s.git("-c", "core.editor=true", "rebase", "--continue");
    expect((await coverage(s))?.isWhole ?? false).toBe(false);
    await s.git("checkout", "-q", "-b", "unwatched", "main");
    await s.types("b.js", ["u"]);
    await s.git("add", "-A");
    await s.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "by another tool");
    await s.git("rebase", "-q", "side");
    expect((await coverage(s))?.isWhole ?? false).toBe(false);
  });

  scenario("after something was lost is not whole, and once all is committed the next one is", async (s) => {
    const lost = { code: "event-lost", message: "an event was lost", at: Math.floor(Date.now() / 1000) };
    await writeFile(inGit(s, "countersign/recorder/lost.ndjson"), `${JSON.stringify(lost)}\n`);
    await s.types("a.js", ["mine"]);
    await s.commit();
    expect(await coverage(s)).toEqual({ isWhole: false, gaps: ["event-lost"] });
    await s.types("a.js", ["mine", "more"]);
    await s.commit();
    expect(await coverage(s)).toEqual(WHOLE);
  });

  scenario("that repeats a commit of an AI is no clearance", async (s) => {
    await s.agent("a.js", ["one", "two", "three"]);
    const made = await s.commit("by an agent");
    await s.git("revert", "--no-edit", "HEAD");
    await s.git("checkout", made, "--", "a.js");
    await s.git("commit", "-q", "-m", "brought back by hand");
    await s.countersign("scan", "--json");
    expect((await records(s)).flatMap(({ agents }) => agents.map(({ tool }) => tool))).toContain(
      "claude-code",
    );
  });
});

describe("where commits can be made", () => {
  scenario("on a detached HEAD, and with all refs packed before", async (s) => {
    await s.git("checkout", "-q", "--detach");
    await s.types("a.js", ["mine"]);
    const id = await s.commit();
    expect(await presence(s)).toContain(`c ${id}`);
    await s.git("checkout", "-q", "main");
    await s.git("pack-refs", "--all");
    await s.agent("b.js", ["one"]);
    await s.commit();
    await s.expectLines("b.js", [ai("one")]);
    expect(await waitForNote(s, "HEAD")).toContain("b.js\n");
  });

  scenario("in a linked work tree, with its own recorder", async (s) => {
    const path = join(s.repo.path, "../linked");
    await s.git("worktree", "add", "-q", "-b", "linked", path);
    const linked = toScenario({ ...s.repo, path, ...commandsAt(s, path) });
    await linked.types("hand.js", ["mine"]);
    await linked.commit("by hand");
    await linked.agent("a.js", ["one"]);
    const id = await linked.commit("by an agent");
    expect(await waitForNote(linked, id)).toContain("a.js\n");
    await linked.expectLines("a.js", [ai("one")]);
    expect(await linked.git("rev-list", "--count", "refs/countersign/records")).not.toBe("0");
    expect(await readdir(inGit(s, "worktrees/linked/countersign/recorder"))).toContain("presence");
    await rm(path, { recursive: true });
  });

  function commandsAt(s: Scenario, path: string) {
    const git = (args: readonly string[], options = {}) => s.repo.git(["-C", path, ...args], options);
    const tryGit = (args: readonly string[], options = {}) => s.repo.tryGit(["-C", path, ...args], options);
    const id = (revision: string) => git(["rev-parse", "--verify", `${revision}^{}`]);
    return { git, tryGit, id };
  }

  test("in a repository with SHA-256, from its first commit on", async () => {
    await using repo = await createRepository({ objectFormat: "sha256" });
    const s = toScenario(repo);
    await s.countersign("init", "--no-agents");
    await s.agent("a.js", ["one"]);
    const id = await s.commit();
    expect(await waitForNote(s, id)).toContain("a.js\n");
    await s.agent("a.js", ["one", "two"]);
    await s.commit();
    await s.expectLines("a.js", [ai("one"), ai("two")]);
    expect((await records(s))[0]?.commit).toHaveLength(64);
  });
});

describe("what goes wrong", () => {
  scenario("a commit that was prepared and not made is not taken for the next one", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.git("add", "-A");
    const hook = inGit(s, "hooks/commit-msg.before-countersign");
    await writeFile(hook, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    expect(await s.tryGit("commit", "-q", "-m", "refused")).not.toBe(0);
    await rm(hook);
    await s.git("reset", "-q");
    await s.types("hand.js", ["mine"]);
    await s.git("add", "hand.js");
    await s.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "without hooks");
    await s.git("commit", "-q", "--allow-empty", "-m", "empty");
    await s.countersign("scan", "--limit", "1");
    for (const revision of ["HEAD", "HEAD~1"])
      expect(await s.tryGit("notes", "--ref=ai", "show", revision)).not.toBe(0);
    await s.commit("now");
    await s.expectLines("a.js", [ai("one")]);
  });

  scenario("a kill between preparing and finishing loses nothing", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.git("add", "-A");
    await rm(inGit(s, "hooks/post-commit"));
    await s.git("commit", "-q", "-m", "half");
    await s.expectLines("a.js", [ai("one")]);
    expect(await waitForNote(s, "HEAD")).toContain("a.js\n");
    expect(await s.git("log", "-1", "--format=%B")).toContain("AI-Assisted");
  });

  scenario(
    "no hook at all, and none but another tool's plumbing: the lines are found all the same",
    async (s) => {
      await s.agent("a.js", ["one"]);
      await s.git("add", "-A");
      const tree = await s.git("write-tree");
      const made = await s.git("commit-tree", tree, "-p", "HEAD", "-m", "by plumbing");
      await s.git("update-ref", "-m", "commit: by an editor", "HEAD", made);
      await s.expectLines("a.js", [ai("one")]);
      await s.types("a.js", ["one", "hand"]);
      await s.commit();
      await s.expectLines("a.js", [ai("one"), notAi("hand")]);
    },
  );

  scenario(
    "our program gone, a damaged prepared file, a damaged record: Git goes on, and nothing is said wrongly",
    async (s) => {
      const hook = inGit(s, "hooks/prepare-commit-msg");
      const text = await readFile(hook, "utf8");
      await s.agent("a.js", ["one"]);
      await writeFile(hook, text.replace(/^program=.*$/m, "program=/nonexistent"));
      await s.commit("program gone");
      expect(await s.git("log", "-1", "--format=%B")).toBe("program gone\n");
      await s.expectLines("a.js", [ai("one")]);
      await writeFile(hook, text);
      await s.agent("a.js", ["one", "two"]);
      await s.git("add", "-A");
      const break_ = `#!/bin/sh\nfor f in .git/countersign/recorder/records/*; do echo '{' > "$f"; done\n`;
      await writeFile(inGit(s, "hooks/commit-msg.before-countersign"), break_, { mode: 0o755 });
      await s.git("commit", "-q", "-m", "record damaged");
      await s.expectLines("a.js", [ai("one"), ai("two")]);
      await s.agent("a.js", ["one", "two", "three"]);
      await s.git("add", "-A");
      const spoil = "#!/bin/sh\necho '# x y z' > .git/countersign/recorder/prepared\n";
      await writeFile(inGit(s, "hooks/commit-msg.before-countersign"), spoil, { mode: 0o755 });
      await s.git("commit", "-q", "-m", "prepared file damaged");
      expect(await waitForNote(s, "HEAD")).toContain("a.js\n");
      await s.expectLines("a.js", [ai("one"), ai("two"), ai("three")]);
    },
  );

  scenario("a recorder folder that nobody may write to stops no commit and prints nothing", async (s) => {
    if (process.getuid?.() === 0) {
      // Rights do not bind root: a file where the folder should be has the same effect.
      await rm(inGit(s, "countersign"), { recursive: true });
      await writeFile(inGit(s, "countersign"), "");
    } else await chmod(inGit(s, "countersign/recorder"), 0o500);
    await s.types("a.js", ["mine"]);
    await s.git("add", "-A");
    const result = await s.repo.tryGit(["commit", "-q", "-m", "all the same"]);
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    await s.expectLines("a.js", [unknown("mine")]);
    // What may not be written could not be taken away either.
    await chmod(inGit(s, "countersign/recorder"), 0o700).catch(() => undefined);
  });
});

test("104 commits in a row and 41 pushed at once: nothing is lost", async () => {
  await using server = await createRepository({ bare: true });
  await server.commit({ message: "start", files: { "base.js": "base\n" } });
  await using clone = await server.clone();
  const s = toScenario(clone);
  await s.countersign("init", "--no-agents");
  const tags: string[] = [];
  for (let n = 0; n < 104; n++) {
    if (n % 8 === 0) {
      tags.push(`line${n}`);
      await s.agent("a.js", tags);
      await s.git("add", "-A");
    }
    await s.git("commit", "-q", "--allow-empty", "-m", `commit ${n}`);
    if (n === 62) await s.git("push", "-q", "origin", "HEAD:main");
  }
  const push = spawn("git", ["push", "-q", "origin", "HEAD:main"], {
    cwd: clone.path,
    env: { ...clone.environment },
    stdio: "ignore",
  });
  await once(push, "close");
  const counted = await server.git(["ls-tree", "-r", "--name-only", "refs/countersign/records"]);
  const commits = new Set(counted.split("\n").map((path) => path.split("/").slice(0, 2).join("")));
  const made = (await clone.git(["rev-list", "-104", "HEAD"])).split("\n");
  expect(made.filter((id) => !commits.has(id))).toEqual([]);
  expect((await server.git(["notes", "--ref=ai", "list"])).split("\n")).toHaveLength(13);
  await s.expectLines(
    "a.js",
    tags.map((tag) => ai(tag)),
  );
}, 300_000);
