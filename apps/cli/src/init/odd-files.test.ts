// SPDX-License-Identifier: Apache-2.0
import { existsSync, readlinkSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { createRepository } from "@countersign/testkit";
import { expect, test } from "vitest";
import { atHome } from "./home.fixture.ts";

test("a link to a file that is not there stays, and is named with what to do", () =>
  atHome(async (home) => {
    const link = join(home.path, ".claude/settings.json");
    await mkdir(join(home.path, ".claude"));
    await symlink("../dotfiles/settings.json", link);
    await using repo = await createRepository();
    expect(await home.init(repo.path)).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining(`${link} cannot be written: it is a link to a file that is not there`),
    });
    await home.init(repo.path, "--uninstall");
    expect(readlinkSync(link)).toBe("../dotfiles/settings.json");
  }));

test("folders that were made for several files go with the last of them", () =>
  atHome(async (home) => {
    await using repo = await createRepository();
    expect((await home.init(repo.path, "--agents", "goose,cline")).exitCode).toBe(0);
    expect(existsSync(join(home.path, ".agents/plugins/countersign-record"))).toBe(true);
    expect((await home.init(repo.path, "--uninstall")).exitCode).toBe(0);
    expect([".agents", ".cline"].filter((name) => existsSync(join(home.path, name)))).toEqual([]);
  }));

test("a file that was emptied since has nothing of ours to take away", () =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", '{"a":1}\n');
    await using repo = await createRepository();
    await home.init(repo.path);
    await home.write(".claude/settings.json", "");
    expect((await home.init(repo.path, "--uninstall")).exitCode).toBe(0);
    expect(await home.read(".claude/settings.json")).toBe("");
  }));

test.each([
  ["one key twice", '{"a":1,"a":2}', 'settings.json: line 1 has "a" for the second time'],
  ["no JSON", "{\n  nothing\n}", "settings.json: line 2 is not JSON"],
  ["hooks that are none", '{"hooks":[]}', "settings.json: hooks is no object"],
])("settings with %s are named with their file", (_what, text, said) =>
  atHome(async (home) => {
    await home.write(".claude/settings.json", text);
    await using repo = await createRepository();
    expect(await home.init(repo.path)).toMatchObject({
      exitCode: 3,
      stdout: expect.stringContaining(said),
    });
    expect(await home.read(".claude/settings.json")).toBe(text);
  }),
);

test("settings whose place is a folder, or whose folder is a file, are named with what stands there", () =>
  atHome(async (home) => {
    await mkdir(join(home.path, ".claude/settings.json"), { recursive: true });
    await home.write(".gemini", "mine");
    await using repo = await createRepository();
    const { exitCode, stdout } = await home.init(repo.path);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("settings.json cannot be read: a folder stands there; expected a file");
    expect(stdout).toContain("settings.json cannot be written: a file stands where its folder is to be");
    expect(await home.read(".gemini")).toBe("mine");
  }));
