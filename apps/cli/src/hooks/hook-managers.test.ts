// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  AUTHOR,
  createRepository,
  identityEnvironment,
  START,
  type TestRepository,
  tryRun,
} from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { contents } from "../init/home.fixture.ts";

let repo: TestRepository;
beforeEach(async () => {
  repo = await createRepository();
});
afterEach(async () => {
  await repo.remove();
});

const install = (environment = {}) =>
  countersign(["init", "--no-agents"], { cwd: repo.path, environment: { HOME: home(), ...environment } });
const uninstall = (environment = {}) =>
  countersign(["init", "--uninstall"], { cwd: repo.path, environment: { HOME: home(), ...environment } });
const home = () => join(repo.path, ".git");

async function program(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(repo.path, path)), { recursive: true });
  await writeFile(join(repo.path, path), text);
  await chmod(join(repo.path, path), 0o755);
}

const log = async () =>
  (await readFile(join(repo.path, ".git/ran.log"), "utf8").catch(() => "")).trim().split("\n");
const says = (what: string) => `echo "${what} $(basename "$1")" >> "$(git rev-parse --git-dir)/ran.log"\n`;

/** A message that our commit-msg hook cannot keep silent about: whether it ran shows on stderr. */
async function commit(...args: string[]) {
  await rm(join(repo.path, ".git/ran.log"), { force: true });
  const input = "fix: it\n\nGenerated with [Claude Code](https://claude.ai/code)\n";
  const result = await repo.tryGit(["commit", "--allow-empty", "--quiet", ...args, "-F", "-"], { input });
  return { ...result, isOursRun: result.stderr.includes("AI-Assisted: claude-code"), ran: await log() };
}

/** What husky 9 writes into .husky/_: every hook sources `h`, which finds the project's script by the hook's own name. */
const HUSKY_H = `#!/usr/bin/env sh
[ "$HUSKY" = "2" ] && set -x
n=$(basename "$0")
s=$(dirname "$(dirname "$0")")/$n

[ ! -f "$s" ] && exit 0
[ "\${HUSKY-}" = "0" ] && exit 0
export PATH="node_modules/.bin:$PATH"
sh -e "$s" "$@"
c=$?
[ $c != 0 ] && echo "husky - $n script failed (code $c)"
exit $c
`;

async function huskyInstall(): Promise<void> {
  for (const name of [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-push",
    "post-checkout",
  ])
    await program(`.husky/_/${name}`, '#!/usr/bin/env sh\n. "$(dirname "$0")/h"');
  await program(".husky/_/h", HUSKY_H);
  await writeFile(join(repo.path, ".husky/_/.gitignore"), "*");
  await repo.git(["config", "core.hooksPath", ".husky/_"]);
}

describe("husky", () => {
  beforeEach(async () => {
    await huskyInstall();
    await repo.commit({
      message: "x\n",
      files: { ".husky/commit-msg": says("husky"), ".husky/pre-commit": says("before") },
    });
  });

  it("runs, and so do we; nothing of the project is touched, and uninstall leaves no trace", async () => {
    const before = await contents(repo.path);
    expect(await install()).toMatchObject({ exitCode: 0 });
    expect(await repo.git(["status", "--porcelain", "--ignored"])).toBe("!! .husky/_/");
    expect(await commit()).toMatchObject({
      exitCode: 0,
      isOursRun: true,
      ran: ["before ", "husky COMMIT_EDITMSG"],
    });
    expect((await install()).stdout).toContain("nothing was changed");
    expect(await uninstall()).toMatchObject({ exitCode: 0 });
    expect((await commit()).isOursRun).toBe(false);
    await repo.git(["reset", "--quiet", "--soft", "HEAD~2"]);
    const after = await contents(repo.path);
    for (const name of [".git/config", ".husky/commit-msg", ".husky/_/commit-msg", ".husky/_/h"])
      expect(after[name]).toBe(before[name]);
    expect(Object.keys(after).filter((name) => name.includes("countersign"))).toEqual([]);
  });

  it("may install itself anew, at every install of packages, without silencing us", async () => {
    await install();
    await huskyInstall();
    expect(await commit()).toMatchObject({ isOursRun: true, ran: ["before ", "husky COMMIT_EDITMSG"] });
    await uninstall();
    expect(await repo.git(["config", "--get-all", "core.hooksPath"])).toBe(".husky/_");
  });

  it("keeps its refusal, and a hook that the project adds later runs", async () => {
    await install();
    await writeFile(join(repo.path, ".husky/pre-push"), "echo no >&2\nexit 1\n");
    await writeFile(join(repo.path, ".husky/post-checkout"), says("checkout"));
    await using bare = await createRepository({ bare: true });
    const push = await repo.tryGit(["push", "--quiet", bare.path, "HEAD:refs/heads/x"]);
    expect([push.exitCode, push.stderr]).toEqual([1, expect.stringContaining("no\n")]);
    await repo.git(["checkout", "--quiet", "-b", "later"]);
    expect((await log()).at(-1)).toMatch(/^checkout /);
  });

  it("still runs in a linked work tree, and after the repository was moved", async () => {
    await install();
    const linked = join(repo.path, "../linked");
    await repo.git(["worktree", "add", "--quiet", "--detach", linked]);
    const inLinked = await repo.tryGit([
      "-C",
      linked,
      "commit",
      "--allow-empty",
      "-m",
      "x\n\nGenerated with Claude Code",
    ]);
    expect(inLinked.stderr).toContain("AI-Assisted: claude-code");
    await repo.git(["worktree", "remove", "--force", linked]);
    await rm(join(repo.path, ".git/ran.log"), { force: true });
    const moved = join(repo.path, "../moved");
    await rename(repo.path, moved);
    const environment = { ...repo.environment, ...identityEnvironment(AUTHOR, AUTHOR, START) };
    await tryRun("git", ["commit", "--allow-empty", "-q", "-m", "x"], { cwd: moved, environment });
    expect(await readFile(join(moved, ".git/ran.log"), "utf8")).toContain("husky COMMIT_EDITMSG");
    expect(
      (await countersign(["init", "--no-agents"], { cwd: moved, environment: { HOME: join(moved, ".git") } }))
        .exitCode,
    ).toBe(0);
    const again = await tryRun(
      "git",
      ["commit", "--allow-empty", "-q", "-m", "x\n\nGenerated with Claude Code"],
      { cwd: moved, environment },
    );
    expect(again.stderr).toContain("AI-Assisted: claude-code");
    await rename(moved, repo.path);
  });
});

describe("hooks that the project keeps in its own tree", () => {
  it("run first, and stay as they were committed", async () => {
    const executable = `#!/bin/sh\n${says("team")}`;
    await repo.commit({ message: "x\n", files: { ".githooks/commit-msg": { executable } } });
    await repo.git(["config", "core.hooksPath", ".githooks"]);
    await install();
    expect(await repo.git(["status", "--porcelain"])).toBe("");
    expect(await commit()).toMatchObject({ isOursRun: true, ran: ["team COMMIT_EDITMSG"] });
    await uninstall();
    expect(await commit()).toMatchObject({ isOursRun: false, ran: ["team COMMIT_EDITMSG"] });
  });
});

/** What pre-commit 4 writes, its own program stood in for; like that one it runs `.legacy` and refuses to be run by it. */
const PRE_COMMIT = (name: string) => `#!/usr/bin/env bash
# File generated by pre-commit: https://pre-commit.com
# ID: 138fd403232d2ddd5efb44317e38bf03
HERE="$(cd "$(dirname "$0")" && pwd)"
if [ -n "$PRE_COMMIT_RUNNING_LEGACY" ]; then echo bug >&2; exit 1; fi
if [ -x "$HERE/${name}.legacy" ]; then PRE_COMMIT_RUNNING_LEGACY=1 "$HERE/${name}.legacy" "$@" || exit $?; fi
${says("pre-commit")}`;
const LEFTHOOK = `#!/bin/sh
if [ "$LEFTHOOK" = "0" ]; then exit 0; fi
call_lefthook()
{
  ${says("lefthook").trim().replace('"$1"', '"$3"')}
}
call_lefthook run "commit-msg" "$@"
`;

/** As these programs install themselves: a hook that is not theirs is moved aside. */
async function managerInstall(text: string, aside: string): Promise<void> {
  const hook = join(repo.path, ".git/hooks/commit-msg");
  const present = await readFile(hook, "utf8").catch(() => text);
  const isTheirs = /generated by pre-commit|call_lefthook/.test(present);
  if (!isTheirs) await rename(hook, `${hook}${aside}`);
  await program(".git/hooks/commit-msg", text);
}

describe.each([
  ["pre-commit", PRE_COMMIT("commit-msg"), ".legacy", "own"],
  ["lefthook", LEFTHOOK, ".old", undefined],
])("%s", (name, text, aside, legacy) => {
  const ran = [`${name} COMMIT_EDITMSG`];

  it("installed before us: both run, and uninstall restores every byte", async () => {
    await managerInstall(text, aside);
    const before = await contents(join(repo.path, ".git/hooks"));
    await install();
    expect(await commit()).toMatchObject({ exitCode: 0, isOursRun: true, ran });
    await uninstall();
    expect(await contents(join(repo.path, ".git/hooks"))).toEqual(before);
  });

  it("installed after us, and again and again: init brings both back, and uninstall leaves theirs alone", async () => {
    await install();
    for (let round = 0; round < 3; round++) {
      await managerInstall(text, aside);
      expect(await install()).toMatchObject({ exitCode: 0 });
      expect(await commit()).toMatchObject({ exitCode: 0, isOursRun: true, ran });
    }
    await managerInstall(text, aside);
    await uninstall();
    expect(await commit()).toMatchObject({ exitCode: 0, isOursRun: false, ran });
    const names = Object.keys(await contents(join(repo.path, ".git/hooks"))).filter(
      (file) => !file.endsWith(".sample"),
    );
    expect(names).toEqual(["commit-msg"]);
  });

  it("keeps a hook of the person's own that stood there before all", async () => {
    await program(".git/hooks/commit-msg", `#!/bin/sh\n${says("own")}`);
    await install();
    await managerInstall(text, aside);
    await install();
    const expected = legacy === undefined ? ran : ["own COMMIT_EDITMSG", ...ran];
    expect(await commit()).toMatchObject({ exitCode: 0, isOursRun: true, ran: expected });
    await uninstall();
    expect(await commit()).toMatchObject({ exitCode: 0, isOursRun: false, ran: expected });
    expect(await readFile(join(repo.path, `.git/hooks/commit-msg${aside}`), "utf8")).toContain("own");
  });
});

describe("a core.hooksPath for all repositories of the person", () => {
  it("is passed on to, and no other repository gets hooks by it", async () => {
    await program(".git/everywhere/commit-msg", `#!/bin/sh\n${says("global")}`);
    const config = join(repo.path, ".git/gitconfig");
    await writeFile(config, `[core]\n\thooksPath = ${join(repo.path, ".git/everywhere")}\n`);
    const environment = { GIT_CONFIG_GLOBAL: config };
    expect(await install(environment)).toMatchObject({ exitCode: 0 });
    const input = "x\n\nGenerated with Claude Code\n";
    const result = await repo.tryGit(["commit", "--allow-empty", "-q", "-F", "-"], { input, environment });
    expect(result.stderr).toContain("AI-Assisted: claude-code");
    expect(await log()).toEqual(["global COMMIT_EDITMSG"]);
    expect(Object.keys(await contents(join(repo.path, ".git/everywhere")))).toEqual(["commit-msg"]);
    await uninstall(environment);
    expect(await readFile(join(repo.path, ".git/config"), "utf8")).not.toContain("countersign");
  });
});
