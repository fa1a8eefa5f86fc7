// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createTemporaryFolder, testEnvironment } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { BUNDLE } from "../command.fixture.ts";

let folder: Awaited<ReturnType<typeof createTemporaryFolder>>;
beforeEach(async () => {
  folder = await createTemporaryFolder();
  cpSync(join(dirname(BUNDLE), "chunks"), join(folder.path, "chunks"), { recursive: true });
  cpSync(BUNDLE, join(folder.path, "countersign.mjs"));
});
afterEach(() => folder.remove());

const start = () => {
  const program = join(folder.path, "countersign.mjs");
  return spawnSync(process.execPath, [program, "--version"], { encoding: "utf8", env: testEnvironment({}) });
};
const VERSION = { status: 0, stdout: `${manifest.version}\n`, stderr: "" };

/** The kept files, by their paths. */
function listKept(): Map<string, Buffer> {
  const compiled = join(folder.path, "compiled");
  const names = readdirSync(compiled, { recursive: true, encoding: "utf8" });
  const paths = names.filter((name) => name.endsWith(".code")).map((name) => join(compiled, name));
  return new Map(paths.map((path) => [path, readFileSync(path)]));
}

describe("what V8 compiled of the program", () => {
  it("is kept by whoever runs it first, and left alone by whoever can use it", () => {
    expect(start()).toMatchObject(VERSION);
    const kept = listKept();
    expect(kept.size).toBeGreaterThan(1);
    expect(start()).toMatchObject(VERSION);
    expect(listKept()).toEqual(kept);
  });

  it("is not believed where it is damaged, or made of another text, and is then kept anew", () => {
    start();
    const kept = listKept();
    for (const [path, code] of kept) writeFileSync(path, Buffer.from(code).fill(0, code.length >> 1));
    expect(start()).toMatchObject(VERSION);
    for (const code of listKept().values()) expect(code.subarray(-4)).not.toEqual(Buffer.alloc(4));
    for (const [path] of kept) writeFileSync(path, "");
    expect(start()).toMatchObject(VERSION);
    const [first, second] = [...kept.keys()];
    writeFileSync(first ?? "", kept.get(second ?? "") ?? "");
    expect(start()).toMatchObject(VERSION);
  });

  it("is not needed: where nothing can be written it is compiled every time", () => {
    writeFileSync(join(folder.path, "compiled"), "");
    expect(start()).toMatchObject(VERSION);
  });

  it("is kept for each task of Git's hooks apart, in the repository where the program's own folder is read-only", () => {
    const program = join(folder.path, "countersign-commit.cjs");
    cpSync(join(dirname(BUNDLE), "countersign-commit.cjs"), program);
    writeFileSync(join(folder.path, "compiled"), "");
    const spare = join(folder.path, "spare");
    const play = (task: string) =>
      spawnSync(process.execPath, [program, task], {
        encoding: "utf8",
        cwd: folder.path,
        env: testEnvironment({ COUNTERSIGN_COMPILED: spare }),
      });
    for (const task of ["flush", "prepare-commit-msg", "../outside"])
      expect(play(task)).toMatchObject({ status: 0, stderr: "" });
    const names = readdirSync(spare, { recursive: true, encoding: "utf8" });
    const tasks = names.flatMap((name) => /\/commit-\w+(?:\.([a-z-]+))?\.code$/.exec(name)?.[1] ?? []);
    expect(tasks.sort()).toEqual(["flush", "prepare-commit-msg"]);
  });
});
