// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRepository } from "@countersign/testkit";
import { expect, test } from "vitest";
import { atHome, contents, snapshot } from "./home.fixture.ts";

/** Odd on purpose: comments, tabs, no space, a hook of the person's, no line end. */
const CLAUDE =
  '{\n\t"a" : 1, // mine\n  "hooks": {"Stop":[{"hooks":[{"type":"command","command":"x"}]}]},\n\n "z":[ 1,2 ]  }';
const STATE = ".local/state/countersign/hooks.json";

test("init finds the agents that are here, twice changes nothing, and uninstall restores every byte", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", CLAUDE);
    await using repo = await createRepository();
    const before = await contents(repo.path);
    const first = await home.init(repo.path);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(await home.read(".claude/settings.json")).toContain("countersign-record");
    expect(await home.read(".claude/settings.json")).toContain("// mine");
    expect((await stat(join(home.path, STATE))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home.path, ".local/state/countersign"))).mode & 0o777).toBe(0o700);
    const [there, gitDir] = [await snapshot(home.path), await snapshot(repo.path)];
    const again = await home.init(repo.path);
    expect(again.stdout).toContain("everything is as asked; nothing was changed");
    expect(await snapshot(home.path)).toEqual(there);
    expect(await snapshot(repo.path)).toEqual(gitDir);
    expect((await home.init(repo.path, "--uninstall")).exitCode).toBe(0);
    expect(await contents(home.path)).toEqual(await atHomeWith(CLAUDE));
    expect(await contents(repo.path)).toEqual(before);
    const nothing = await home.init(repo.path, "--uninstall");
    expect([nothing.exitCode, nothing.stdout]).toEqual([0, expect.stringContaining("nothing was changed")]);
  }));

async function atHomeWith(settings: string): Promise<object> {
  let rows: object = {};
  await atHome(async (home) => {
    await home.write(".claude/settings.json", settings);
    rows = await contents(home.path);
  });
  return rows;
}

test("a dry run says everything that would be done, in both directions, and writes nothing", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", CLAUDE);
    await using repo = await createRepository();
    await using clone = await repo.clone();
    const plain = [await snapshot(home.path), await snapshot(clone.path)];
    const planned = await home.init(clone.path, "--dry-run", "--policy", "amazon");
    for (const part of [".claude/settings.json", "post-commit", "remote.origin.fetch", "policy.yml"])
      expect(planned.stdout).toContain(part);
    expect(planned.stdout).toContain("would be installed");
    expect([await snapshot(home.path), await snapshot(clone.path)]).toEqual(plain);
    await home.init(clone.path);
    const installed = [await snapshot(home.path), await snapshot(clone.path)];
    expect((await home.init(clone.path, "--uninstall", "--dry-run")).stdout).toContain("would be restored");
    expect([await snapshot(home.path), await snapshot(clone.path)]).toEqual(installed);
  }));

test("agents' hooks stay while another repository records with them, also in a linked work tree of it", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", CLAUDE);
    await using first = await createRepository();
    await using second = await createRepository();
    await second.commit({ message: "x\n", files: { a: "a\n" } });
    const linked = join(second.path, "../linked");
    await second.git(["worktree", "add", "--quiet", "--detach", linked]);
    await home.init(first.path);
    await home.init(linked);
    const left = await home.init(first.path, "--uninstall");
    expect(left.stdout).toContain("stays");
    expect(left.stderr).toContain(join(second.path, ".git"));
    expect(await home.read(".claude/settings.json")).toContain("countersign-record");
    await home.init(second.path, "--uninstall");
    expect(await home.read(".claude/settings.json")).toBe(CLAUDE);
  }));

test("--all takes agents' hooks away all the same, and a repository that is gone holds nothing", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", CLAUDE);
    await using first = await createRepository();
    const second = await createRepository();
    await home.init(first.path);
    await home.init(second.path);
    expect((await home.init(first.path, "--uninstall", "--all")).exitCode).toBe(0);
    expect(await home.read(".claude/settings.json")).toBe(CLAUDE);
    await home.init(first.path);
    await home.init(second.path);
    await second.remove();
    await home.init(first.path, "--uninstall");
    expect(await home.read(".claude/settings.json")).toBe(CLAUDE);
  }));

test("many repositories at the same moment lose nothing of one another", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", CLAUDE);
    await using first = await createRepository();
    await using second = await createRepository();
    await using third = await createRepository();
    const all = [first, second, third];
    const results = await Promise.all(all.map(({ path }) => home.init(path)));
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(JSON.parse(await home.read(STATE)).repositories).toHaveLength(3);
    await Promise.all(all.map(({ path }) => home.init(path, "--uninstall")));
    expect(await home.read(".claude/settings.json")).toBe(CLAUDE);
  }));

test("one agent's failure is reported and stops no other", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", "{ this is no JSON");
    await home.write(".gemini/settings.json", "{}\n");
    await using repo = await createRepository();
    const result = await home.init(repo.path);
    expect([result.exitCode, result.stdout]).toEqual([3, expect.stringContaining("failed")]);
    expect(await home.read(".claude/settings.json")).toBe("{ this is no JSON");
    expect(await home.read(".gemini/settings.json")).toContain("countersign-record");
    await home.init(repo.path, "--uninstall");
    expect(await home.read(".gemini/settings.json")).toBe("{}\n");
  }));

test("what the person changed since stays, and what was known being damaged or lost is no obstacle", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", '{\n  "a": 1\n}\n');
    await using repo = await createRepository();
    await home.init(repo.path);
    const changed = (await home.read(".claude/settings.json")).replace('"a": 1', '"a": 2');
    await home.write(".claude/settings.json", changed);
    await home.write(STATE, "torn");
    const result = await home.init(repo.path, "--uninstall");
    expect(result.stderr).toContain("hooks.json.damaged");
    expect(await home.read(`${STATE}.damaged`)).toBe("torn");
    const left = await home.read(".claude/settings.json");
    expect(JSON.parse(left).a).toBe(2);
    expect(left).not.toContain("countersign-record");
  }));

test("what a newer version kept is neither guessed at nor overwritten", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", CLAUDE);
    await home.write(STATE, '{"version":2}\n');
    await using repo = await createRepository();
    expect((await home.init(repo.path)).exitCode).toBe(2);
    expect(await home.read(STATE)).toBe('{"version":2}\n');
    expect(await home.read(".claude/settings.json")).toBe(CLAUDE);
  }));

test("a file inside the work tree is kept out of commits, and goes with this repository alone", () =>
  atHome(async (home) => {
    await mkdir(join(home.path, ".kiro"));
    await using repo = await createRepository();
    await using other = await createRepository();
    await mkdir(join(repo.path, ".git/info"), { recursive: true });
    await writeFile(join(repo.path, ".git/info/exclude"), "mine");
    const before = await contents(repo.path);
    await home.init(other.path);
    expect((await home.init(repo.path)).exitCode).toBe(0);
    expect(await readFile(join(repo.path, ".kiro/hooks/countersign-record.json"), "utf8")).toContain(
      "PreToolUse",
    );
    expect(await repo.git(["status", "--porcelain"])).toBe("");
    await home.init(repo.path, "--uninstall");
    expect(await contents(repo.path)).toEqual(before);
    expect(await readFile(join(other.path, ".kiro/hooks/countersign-record.json"), "utf8")).toContain(
      "PreToolUse",
    );
  }));

test("a hook file that the team has committed is the team's", () =>
  atHome(async (home) => {
    await mkdir(join(home.path, ".kiro"));
    await using repo = await createRepository();
    const text = '{"version":"v1","hooks":[{"name":"countersign-record Stop"}]}\n';
    await repo.commit({ message: "x\n", files: { ".kiro/hooks/countersign-record.json": text } });
    const result = await home.init(repo.path);
    expect([result.exitCode, result.stdout]).toEqual([3, expect.stringContaining("is committed")]);
    await home.init(repo.path, "--uninstall");
    expect(await repo.git(["status", "--porcelain"])).toBe("");
  }));

test("an agent that asks for more than a hook is named and left out until somebody names it", () =>
  atHome(async (home) => {
    await mkdir(join(home.path, ".continue"));
    await using repo = await createRepository();
    const result = await home.init(repo.path);
    expect(result.stdout).toContain("countersign init --agents continue");
    expect(await contents(join(home.path, ".local"))).not.toHaveProperty("bin/git-ai");
    await home.init(repo.path, "--agents", "continue");
    expect(await contents(join(home.path, ".local"))).toHaveProperty("bin/git-ai");
    await home.init(repo.path, "--uninstall");
    expect(await contents(home.path)).toEqual({});
  }));

test("--no-agents leaves agents alone, --policy writes a policy once, --json tells all", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", CLAUDE);
    await using repo = await createRepository();
    const first = JSON.parse(
      (await home.init(repo.path, "--no-agents", "--policy", "amazon", "--json")).stdout,
    );
    expect(first).toMatchObject({ dryRun: false, changed: true });
    expect(first.rows).toContainEqual(expect.objectContaining({ kind: "policy", outcome: "written" }));
    const policy = join(repo.path, ".countersign/policy.yml");
    await writeFile(policy, `${await readFile(policy, "utf8")}# mine\n`);
    const again = JSON.parse(
      (await home.init(repo.path, "--no-agents", "--policy", "amazon", "--json")).stdout,
    );
    expect(again.changed).toBe(false);
    expect(await readFile(policy, "utf8")).toContain("# mine");
    expect(await home.read(".claude/settings.json")).toBe(CLAUDE);
  }));

test("calls that make no sense are refused before anything is written", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", CLAUDE);
    await using repo = await createRepository();
    await using bare = await createRepository({ bare: true });
    const before = [await snapshot(home.path), await snapshot(repo.path)];
    const wrong: readonly [string, readonly string[], string][] = [
      [repo.path, ["--agents", "cluade"], "claude-code"],
      [repo.path, ["--agents", ""], "--agents claude-code,codex"],
      [repo.path, ["--agents", "codex", "--no-agents"], "choose one"],
      [repo.path, ["--all"], "--uninstall"],
      [repo.path, ["--uninstall", "--policy", "amazon"], "--policy"],
      [repo.path, ["--policy", "amazn"], "amazon"],
      [bare.path, [], "hooks install --server"],
    ];
    for (const [cwd, args, said] of wrong)
      expect(await home.init(cwd, ...args)).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(said),
      });
    expect([await snapshot(home.path), await snapshot(repo.path)]).toEqual(before);
  }));

test("a Git hook that somebody edited does not keep agents' configurations from being put back", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", CLAUDE);
    await using repo = await createRepository();
    await home.init(repo.path);
    const hook = join(repo.path, ".git/hooks/pre-push");
    await writeFile(hook, `${await readFile(hook, "utf8")}echo mine\n`);
    expect(await home.init(repo.path, "--uninstall")).toMatchObject({ exitCode: 3 });
    expect(await home.read(".claude/settings.json")).toBe(CLAUDE);
    expect(await readFile(hook, "utf8")).toContain("echo mine");
  }));

// Root may write anywhere: ../faults/without-rights.test.ts plays it as somebody else then.
test.skipIf(process.getuid?.() === 0)("a configuration that may not be written is reported", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", CLAUDE);
    await chmod(join(home.path, ".claude"), 0o500);
    await using repo = await createRepository();
    expect((await home.init(repo.path)).exitCode).toBe(3);
    await chmod(join(home.path, ".claude"), 0o700);
    await rm(join(home.path, ".claude"), { recursive: true });
  }),
);
