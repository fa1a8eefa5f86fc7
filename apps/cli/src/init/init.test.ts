// SPDX-License-Identifier: Apache-2.0
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRepository, createTemporaryFolder, tryRun } from "@countersign/testkit";
import { expect, test } from "vitest";

const BUNDLE = fileURLToPath(new URL("../../dist/countersign.mjs", import.meta.url));
const CLAUDE = '{\n\t"a" : 1, "hooks": {"Stop":[{"hooks":[{"type":"command","command":"x"}]}]}}\n';

async function atHome(
  work: (home: string, init: (repo: string, ...args: string[]) => ReturnType<typeof tryRun>) => Promise<void>,
): Promise<void> {
  await using folder = await createTemporaryFolder();
  const home = join(folder.path, "home");
  await mkdir(join(home, ".claude"), { recursive: true });
  await writeFile(join(home, ".claude/settings.json"), CLAUDE);
  await work(home, (repo, ...args) =>
    tryRun(process.execPath, [BUNDLE, "init", ...args], {
      cwd: repo,
      environment: { PATH: process.env.PATH ?? "", HOME: home },
    }),
  );
}

const settings = (home: string) => readFile(join(home, ".claude/settings.json"), "utf8");

test("init finds the agents that are here, twice changes nothing, and uninstall restores every byte", () =>
  atHome(async (home, init) => {
    await using repo = await createRepository();
    const hooks = await readdir(join(repo.path, ".git/hooks"));
    const config = await readFile(join(repo.path, ".git/config"), "utf8");
    expect((await init(repo.path)).exitCode).toBe(0);
    const installed = await settings(home);
    expect(installed).toContain("countersign-record");
    expect(installed).not.toContain("WorktreeCreate");
    const again = await init(repo.path);
    expect(again.stdout.toString()).not.toContain("installed");
    expect(await settings(home)).toBe(installed);
    expect((await init(repo.path, "--uninstall")).exitCode).toBe(0);
    expect(await settings(home)).toBe(CLAUDE);
    expect(await readdir(join(repo.path, ".git/hooks"))).toEqual(hooks);
    expect(await readFile(join(repo.path, ".git/config"), "utf8")).toBe(config);
  }));

test("a dry run writes nothing", () =>
  atHome(async (home, init) => {
    await using repo = await createRepository();
    expect((await init(repo.path, "--dry-run")).stdout.toString()).toContain("would be installed");
    expect(await settings(home)).toBe(CLAUDE);
    expect(await readdir(join(repo.path, ".git"))).not.toContain("countersign");
  }));

test("agents' hooks stay while another repository records with them", () =>
  atHome(async (home, init) => {
    await using first = await createRepository();
    await using second = await createRepository();
    await init(first.path);
    await init(second.path);
    expect((await init(first.path, "--uninstall")).stdout.toString()).toContain("stays");
    expect(await settings(home)).toContain("countersign-record");
    await init(second.path, "--uninstall");
    expect(await settings(home)).toBe(CLAUDE);
  }));

test("an unknown agent and a bare repository are refused with what to do", () =>
  atHome(async (_home, init) => {
    await using repo = await createRepository();
    await using bare = await createRepository({ bare: true });
    const wrong = await init(repo.path, "--agents", "cluade");
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining("claude-code")]);
    const refused = await init(bare.path);
    expect([refused.exitCode, refused.stderr]).toEqual([
      2,
      expect.stringContaining("hooks install --server"),
    ]);
  }));
