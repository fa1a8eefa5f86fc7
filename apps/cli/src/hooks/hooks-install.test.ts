// SPDX-License-Identifier: Apache-2.0
import { chmod, lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRepository, type TestRepository, tryRun } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";

let repo: TestRepository;
beforeEach(async () => {
  repo = await createRepository();
});
afterEach(async () => {
  await repo.remove();
});

const hooks = (...parts: string[]) => join(repo.path, ".git/hooks", ...parts);
const install = (...args: string[]) => countersign(["hooks", "install", ...args], { cwd: repo.path });
const uninstall = (...args: string[]) => countersign(["hooks", "uninstall", ...args], { cwd: repo.path });

async function snapshot(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith(".sample")).sort();
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => {
        const stat = await lstat(join(folder, name));
        return [
          name,
          `${stat.mode.toString(8)} ${stat.mtimeMs} ${stat.isSymbolicLink() ? "link" : await readFile(join(folder, name), "latin1")}`,
        ] as const;
      }),
    ),
  );
}

describe("hooks install", () => {
  it("writes executable hooks for a clone, and says where", async () => {
    const result = await install();
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
    for (const name of ["commit-msg", "post-commit", "post-rewrite", "pre-push", "prepare-commit-msg"]) {
      expect(result.stdout).toContain(hooks(name));
      expect((await lstat(hooks(name))).mode & 0o111).toBe(0o111);
    }
  });

  it("changes nothing when it is repeated", async () => {
    await install();
    const before = await snapshot(hooks());
    expect((await install()).stdout).toContain("kept");
    expect(await snapshot(hooks())).toEqual(before);
  });

  it("keeps a hook that is there, and uninstall puts it back byte for byte", async () => {
    await mkdir(hooks(), { recursive: true });
    await writeFile(hooks("commit-msg"), "#!/bin/sh\necho own >> own.log\n\xff", {
      encoding: "latin1",
      mode: 0o750,
    });
    await symlink("commit-msg", hooks("pre-push"));
    const before = await snapshot(hooks());
    await install();
    await install();
    expect((await uninstall()).stdout).toContain("restored");
    expect(await snapshot(hooks())).toEqual(before);
    expect((await uninstall()).stdout).toContain("absent");
    expect(await snapshot(hooks())).toEqual(before);
  });

  it("calls the hook that was there first, with the same arguments and input, and respects its refusal", async () => {
    await mkdir(hooks(), { recursive: true });
    await writeFile(hooks("commit-msg"), '#!/bin/sh\necho "own $1" >&2\nexit 7\n', { mode: 0o755 });
    await writeFile(hooks("pre-push"), '#!/bin/sh\necho "own $1 $2" >&2\ncat >&2\nexit 3\n', { mode: 0o755 });
    await install();
    const commit = await tryRun(hooks("commit-msg"), ["a message"], {
      cwd: repo.path,
      environment: repo.environment,
    });
    expect(commit).toMatchObject({ exitCode: 7, stderr: "own a message\n" });
    const input = `refs/heads/x ${"1".repeat(40)} refs/heads/x ${"0".repeat(40)}\n`;
    const push = await tryRun(hooks("pre-push"), ["origin", "url"], {
      cwd: repo.path,
      environment: repo.environment,
      input,
    });
    expect(push).toMatchObject({ exitCode: 3, stderr: `own origin url\n${input}` });
  });

  it("does not call a hook that was not executable, as Git would not have", async () => {
    await mkdir(hooks(), { recursive: true });
    await writeFile(hooks("commit-msg"), "#!/bin/sh\nexit 7\n", { mode: 0o644 });
    await install();
    await writeFile(join(repo.path, "message"), "plain\n");
    expect(
      await tryRun(hooks("commit-msg"), ["message"], { cwd: repo.path, environment: repo.environment }),
    ).toMatchObject({ exitCode: 0 });
    await uninstall();
    expect((await lstat(hooks("commit-msg"))).mode & 0o777).toBe(0o644);
  });

  it("refuses to overwrite or remove a hook of ours that somebody edited", async () => {
    await install();
    await writeFile(hooks("pre-push"), `${await readFile(hooks("pre-push"), "utf8")}echo mine\n`);
    for (const result of [await install(), await uninstall()]) {
      expect(result.exitCode).toBe(2);
      expect(result.stderr).toContain("was changed after countersign wrote it; move your lines to");
    }
    expect(await readFile(hooks("pre-push"), "utf8")).toContain("echo mine");
  });

  it("goes where core.hooksPath points, also relative to a sub-folder and in a linked work tree", async () => {
    await repo.git(["config", "core.hooksPath", ".githooks"]);
    await mkdir(join(repo.path, "deep/er"), { recursive: true });
    await countersign(["hooks", "install", "--repo", "deep/er"], { cwd: repo.path });
    expect(await readdir(join(repo.path, ".githooks"))).toEqual([
      "commit-msg",
      "post-commit",
      "post-rewrite",
      "pre-push",
      "prepare-commit-msg",
    ]);
    await repo.git(["config", "--unset", "core.hooksPath"]);
    await repo.commit({ message: "x\n", files: { a: "a\n" } });
    await repo.git(["worktree", "add", "--quiet", "--detach", join(repo.path, "../linked")]);
    await countersign(["hooks", "install", "--repo", join(repo.path, "../linked")], { cwd: repo.path });
    expect(await readdir(hooks())).toContain("pre-push");
  });

  it("says so when core.hooksPath serves every repository of the person", async () => {
    const config = join(repo.path, "../gitconfig");
    await writeFile(config, `[core]\n\thooksPath = ${join(repo.path, "../all-hooks")}\n`);
    const result = await countersign(["hooks", "install", "--server"], {
      cwd: repo.path,
      environment: { GIT_CONFIG_GLOBAL: config },
    });
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain("core.hooksPath is set for all your repositories");
  });

  it("lets `git fetch` bring the evidence, also from a remote that has none, and uninstall takes that back", async () => {
    await repo.commit({ message: "x\n", files: { a: "a\n" } });
    await using clone = await repo.clone();
    const before = await readFile(join(clone.path, ".git/config"), "utf8");
    await countersign(["hooks", "install"], { cwd: clone.path });
    await countersign(["hooks", "install"], { cwd: clone.path });
    expect((await clone.git(["config", "--get-all", "remote.origin.fetch"])).split("\n")).toHaveLength(5);
    await clone.git(["fetch", "--quiet"]);
    await countersign(["hooks", "uninstall"], { cwd: clone.path });
    expect(await readFile(join(clone.path, ".git/config"), "utf8")).toBe(before);
  });

  it.each([
    ["a clone", [], "\n"],
    ["a clone, with Windows' line ends", [], "\r\n"],
    ["a server", ["--bare"], "\n"],
  ])(
    "uninstall restores every byte of a configuration whose last line has no end: %s",
    async (_, kind, end) => {
      await repo.commit({ message: "x\n", files: { a: "a\n" } });
      await using clone = await repo.clone(kind);
      const config = join(clone.path, kind.length > 0 ? "config" : ".git/config");
      const before = (await readFile(config, "utf8")).trimEnd().replaceAll("\n", end);
      await writeFile(config, before);
      for (let i = 0; i < 2; i++) await countersign(["hooks", "install"], { cwd: clone.path });
      expect(await readFile(config, "utf8")).not.toBe(before);
      await countersign(["hooks", "uninstall"], { cwd: clone.path });
      expect(await readFile(config, "utf8")).toBe(before);
      await countersign(["hooks", "install"], { cwd: clone.path });
      await clone.git(["config", "some.setting", "theirs"]);
      await countersign(["hooks", "uninstall"], { cwd: clone.path });
      expect(await readFile(config, "utf8")).toBe(`${before}\n[some]\n\tsetting = theirs\n`);
    },
  );

  it("installs the server's hooks into a bare repository, hides its own records, and warns where no policy is", async () => {
    await repo.commit({ message: "x\n", files: { a: "a\n" } });
    await using bare = await repo.clone(["--bare"]);
    const result = await countersign(["hooks", "install"], { cwd: bare.path });
    expect(result.stdout).toContain("pre-receive");
    expect(result.stderr).toContain("every push to a branch is refused until this is mended");
    expect(await bare.git(["config", "--get-all", "receive.hideRefs"])).toBe(
      "refs/countersign/pushes\nrefs/countersign/versions",
    );
    await countersign(["hooks", "uninstall"], { cwd: bare.path });
    expect((await bare.tryGit(["config", "--get-all", "receive.hideRefs"])).exitCode).toBe(1);
  });

  it("refuses both kinds at once, and a folder that is no repository", async () => {
    expect(await install("--client", "--server")).toMatchObject({ exitCode: 2 });
    expect(await install("--repo", "/")).toMatchObject({ exitCode: 2 });
  });

  it("survives paths with quotes, spaces and line breaks", async () => {
    const { formatHookScript } = await import("./hook-script.ts");
    const odd = join(repo.path, 'it\'s $(touch pwned) `x`\n"q"');
    await mkdir(odd);
    await writeFile(join(odd, "node"), '#!/bin/sh\necho "$@" >&2\nexit 1\n', { mode: 0o755 });
    await writeFile(join(odd, "countersign.mjs"), "");
    const hook = join(repo.path, "pre-receive");
    await writeFile(
      hook,
      formatHookScript("pre-receive", { node: join(odd, "node"), command: join(odd, "countersign.mjs") }),
    );
    await chmod(hook, 0o755);
    for (const shell of ["sh", "bash"]) {
      const result = await tryRun(shell, [hook], { cwd: repo.path, input: "x\n" });
      expect(result.exitCode).toBe(1);
      expect(result.stderr).toContain("hook pre-receive");
    }
    expect(await readdir(repo.path)).not.toContain("pwned");
  });
});
