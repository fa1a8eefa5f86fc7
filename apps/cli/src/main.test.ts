// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRepository, createTemporaryFolder, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { BUNDLE, countersign } from "./command.fixture.ts";

let repo: TestRepository;

beforeAll(async () => {
  repo = await createRepository();
  await repo.commit({ message: "first\n\nAI-Assisted: cursor/gpt-4o\n", files: { a: "1" } });
});
afterAll(() => repo.remove());

describe("the command", () => {
  it("says its version and the commands it has", async () => {
    expect(await countersign(["--version"], { cwd: repo.path })).toMatchObject({
      exitCode: 0,
      stdout: `${manifest.version}\n`,
    });
    const help = await countersign(["--help"], { cwd: repo.path });
    expect(help.exitCode).toBe(0);
    expect(help.stdout).toMatch(/scan +Say of every commit/);
  });

  it("begins with a line that makes it runnable, and says whose code it holds", () => {
    const text = readFileSync(BUNDLE, "utf8");
    expect(text).toMatch(/^#!\/usr\/bin\/env node\n\/\/ SPDX-License-Identifier: Apache-2\.0\n/);
    expect(text).toContain("@stricli/core");
    const licenses = readFileSync(join(BUNDLE, "../THIRD-PARTY-LICENSES.txt"), "utf8");
    for (const name of ["@stricli/core", "picocolors", "yaml", "zod", "@bufbuild/cel"])
      expect(licenses).toContain(`${name} `);
  });

  it("cannot tell, and says why, where a part of the program is gone", async () => {
    await using folder = await createTemporaryFolder();
    cpSync(dirname(BUNDLE), folder.path, { recursive: true });
    const program = join(folder.path, "countersign.mjs");
    const gate = () => spawnSync(process.execPath, [program, "gate", "--base", "HEAD"], { cwd: repo.path });
    expect(gate().status).toBe(2);
    const chunks = join(folder.path, "chunks");
    for (const name of readdirSync(chunks).filter((file) => !file.startsWith("main-")))
      rmSync(join(chunks, name));
    expect(gate()).toMatchObject({ status: 3, stdout: Buffer.from("") });
    expect(gate().stderr.toString()).toMatch(
      /^countersign: its own program is not whole: .*install it again\n$/,
    );
  });

  it.each([
    ["an unknown command", ["scna"], /did you mean `scan`/],
    ["an unknown flag", ["scan", "--summry"], /summary/],
    ["a flag without its value", ["scan", "--limit"], /limit/],
    ["a limit that is no number", ["scan", "--limit", "many"], /many/],
    ["a negative limit", ["scan", "--limit=-1"], /whole number/],
    ["too many arguments", ["scan", "a", "b"], /b/],
    ["a revision that is none", ["scan", "nonsense"], /"nonsense" names no commit.*for example/],
    ["a symmetric difference", ["scan", "a...b"], /expected A\.\.B/],
    ["a range beside --all", ["scan", "HEAD", "--all"], /--all takes no range/],
    ["an empty folder name", ["scan", "--repo", ""], /--repo needs a folder/],
    ["a folder that is none", ["scan", "--repo", "gone"], /gone/],
    ["an unknown profile", ["policy", "init", "--profile", "amazn"], /expected one of amazon/],
  ])("calls %s a usage error on stderr", async (_what, args, message) => {
    const { exitCode, stdout, stderr } = await countersign(args, { cwd: repo.path });
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    ["a usage error", ["scan", "--summry"]],
    ["a policy that is none", ["policy", "check", "a"]],
  ])("says no by its exit code, though nobody reads standard error: %s", async (_what, args) => {
    await repo.write("a", "no policy: at all\n");
    const script = '{ sleep 0.2; "$0" "$@"; printf %s "$?" >&3; } 2>&1 3>"$OUT" | true; cat "$OUT"';
    await using folder = await createTemporaryFolder();
    const run = spawnSync("sh", ["-c", script, process.execPath, BUNDLE, ...args], {
      cwd: repo.path,
      env: { ...repo.environment, OUT: join(folder.path, "out") },
    });
    expect(run.stdout.toString()).toBe("2");
  });

  it("calls a folder outside any repository a usage error", async () => {
    await using folder = await createTemporaryFolder();
    const environment = { GIT_CEILING_DIRECTORIES: folder.path };
    expect((await countersign(["scan"], { cwd: folder.path, environment })).exitCode).toBe(2);
  });

  it.each([
    ["HEAD", ["scan"]],
    ["everything", ["scan", "--all", "--json"]],
  ])(
    "could not tell of %s where objects are gone: exit 3, and the stack only when asked for",
    async (_what, args) => {
      await using broken = await createRepository();
      await broken.commit({ message: "gone", files: { a: "1" } });
      rmSync(join(broken.path, ".git/objects"), { recursive: true });
      mkdirSync(join(broken.path, ".git/objects"));
      const { exitCode, stdout, stderr } = await countersign(args, { cwd: broken.path });
      expect(exitCode).toBe(3);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^countersign: HEAD names a commit that this repository does not hold/);
      expect(stderr).not.toMatch(/\n\s+at /);
      const debug = await countersign(args, { cwd: broken.path, environment: { COUNTERSIGN_DEBUG: "1" } });
      expect(debug.stderr).toMatch(/\n\s+at /);
    },
  );

  it("works in the folder that --repo names, relative to where npm was called", async () => {
    const inside = await countersign(["scan", "--json", "--repo", "."], {
      cwd: "/",
      environment: { COUNTERSIGN_CWD: repo.path },
    });
    expect(inside.exitCode).toBe(0);
    expect(JSON.parse(inside.stdout).title).toBe("first");
  });

  it("prints nothing that acts on a terminal when an argument holds it (T62)", async () => {
    for (const args of [
      ["\u001b[2Jx"],
      ["scan", "\u001b[2Jx"],
      ["scan", "--repo", "\u001b[2J"],
      ["scan", "--\u001b[2J"],
    ]) {
      const { exitCode, stderr } = await countersign(args, { cwd: repo.path });
      expect(exitCode).toBe(2);
      expect(stderr).not.toContain("\u001b");
    }
  });
});
