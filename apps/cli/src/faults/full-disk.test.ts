// SPDX-License-Identifier: Apache-2.0
import { cp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ai, human } from "../scenarios/scenario.fixture.ts";
import { quote } from "./agent-process.fixture.ts";
import { createTemplate, type DeskTemplate, type FaultDesk } from "./fault-desk.fixture.ts";
import { expectHonest } from "./honest.fixture.ts";
import { type MountedDisk, mountDisk, whyNoMounts } from "./mount-disk.fixture.ts";

const WHY = whyNoMounts();
let template: DeskTemplate;
beforeAll(async () => {
  template = await createTemplate(async (desk) => {
    await desk.call({ id: "first", file: "a.js", tags: ["ai1"] });
    await desk.write("a.js", ["ai1", "hand1"]);
  });
});
afterAll(() => template[Symbol.asyncDispose]());

/** An agent's call while nothing can be written; then there is room again. */
async function callWithout(desk: FaultDesk, prefix = "", isShell = false) {
  const call = { id: "lost", file: "a.js", tags: ["ai1", "hand1", "ai2"], isShell };
  await desk.before(call, { prefix });
  await desk.write(call.file, call.tags);
  await desk.after(call, { prefix });
  await desk.write("a.js", [...call.tags, "hand2"]);
}

async function goOn(desk: FaultDesk): Promise<number> {
  await desk.call({ id: "next", file: "a.js", tags: ["ai1", "hand1", "ai2", "hand2", "ai3"] });
  await desk.commit("after that");
  return expectHonest(desk, "a.js", [ai("ai1"), human("hand1"), ai("ai2"), human("hand2"), ai("ai3")]);
}

describe("a disk that is full", () => {
  for (const isShell of [false, true])
    test.skipIf(WHY !== undefined)(
      `costs the lines of ${isShell ? "a command" : "an edit"}, which doctor names, and nothing of Git${WHY ?? ""}`,
      async () => {
        await using desk = await template.open();
        await using disk = await moveToDisk(join(desk.gitDir, "countersign", "recorder"), "8m");
        await disk.fill();
        await callWithout(desk, "", isShell);
        expect((await desk.doctor()).join("\n")).toMatch(/lost at .*recording-failed|lost at .*event-lost/);
        await desk.git(["commit", "-q", "--allow-empty", "-m", "while it is full"]);
        await disk.empty();
        expect(await goOn(desk)).toBeGreaterThan(0);
        await desk.call({ id: "later", file: "b.js", tags: ["later"] });
        await desk.commit("as ever");
        expect(await desk.origins("b.js")).toEqual([ai("later")]);
      },
    );

  test.skipIf(WHY !== undefined)(
    `at the commit costs neither the commit nor a line${WHY ?? ""}`,
    async () => {
      await using desk = await template.open();
      await desk.call({ id: "whole", file: "a.js", tags: ["ai1", "hand1", "ai2"] });
      const recorder = join(desk.gitDir, "countersign", "recorder");
      await rename(recorder, `${recorder}.kept`);
      await using disk = await mountDisk(recorder, "8m");
      await cp(`${recorder}.kept`, recorder, { recursive: true, preserveTimestamps: true });
      await disk.fill();
      await desk.commit("while it is full");
      await disk.empty();
      expect(await desk.origins("a.js")).toEqual([ai("ai1"), human("hand1"), ai("ai2")]);
    },
  );
});

test.skipIf(WHY !== undefined)(
  `that fills up while Git commits costs neither the commit nor a line${WHY ?? ""}`,
  async () => {
    await using desk = await template.open();
    await desk.call({ id: "whole", file: "a.js", tags: ["ai1", "hand1", "ai2"] });
    await using disk = await moveToDisk(desk.gitDir, "4m");
    const filling = "#!/bin/sh\ndd if=/dev/zero of=.git/filler bs=4096 2>/dev/null\nexit 0\n";
    const path = join(desk.gitDir, "hooks", "post-commit.before-countersign");
    await writeFile(path, filling, { mode: 0o755 });
    await desk.commit("fills up");
    await disk.empty();
    await rm(path);
    expect(await desk.origins("a.js")).toEqual([ai("ai1"), human("hand1"), ai("ai2")]);
    expect(await desk.git(["notes", "--ref=ai", "show", "HEAD"])).toContain("a.js\n");
  },
);

/** What a folder holds, on a disk of its own. */
async function moveToDisk(folder: string, size: string): Promise<MountedDisk> {
  const kept = `${folder}.kept`;
  await rename(folder, kept);
  const disk = await mountDisk(folder, size);
  await cp(kept, folder, { recursive: true, preserveTimestamps: true });
  await rm(kept, { recursive: true });
  return disk;
}

describe("a limit on the size of files", () => {
  for (const [limit, isShell] of [
    [0, false],
    [1, false],
    [2, false],
    [3, true],
  ] as const)
    test(`of ${limit} blocks in an agent's hook is a loss that doctor names (${isShell ? "command" : "edit"})`, async () => {
      await using desk = await template.open();
      await callWithout(desk, `ulimit -f ${limit};`, isShell);
      const lost = (await desk.doctor()).join("\n");
      const unknown = await goOn(desk);
      if (unknown > 0) expect(lost).toMatch(/(lost|damaged) at /);
    });

  for (const limit of [0, 1, 2, 4])
    test(`of ${limit} blocks around what Git's hooks start costs neither the commit nor a line`, async () => {
      await using desk = await template.open();
      await desk.call({ id: "whole", file: "a.js", tags: ["ai1", "hand1", "ai2"] });
      await limitHooks(desk, limit);
      await desk.commit("under a limit");
      await limitHooks(desk, undefined);
      expect(await desk.origins("a.js")).toEqual([ai("ai1"), human("hand1"), ai("ai2")]);
      await desk.call({ id: "next", file: "a.js", tags: ["ai1", "hand1", "ai2", "ai3"] });
      await desk.commit("as ever");
      expect(await desk.origins("a.js")).toEqual([ai("ai1"), human("hand1"), ai("ai2"), ai("ai3")]);
    });
});

/** Puts a program with a limit of its own in the place of Node in the hooks; undefined takes it out again. */
async function limitHooks(desk: FaultDesk, limit: number | undefined): Promise<void> {
  const stand = join(desk.gitDir, "limited-node");
  const real = quote(process.execPath);
  await writeFile(stand, `#!/bin/sh\nulimit -f ${limit ?? 0}\nexec ${real} "$@"\n`, { mode: 0o755 });
  for (const name of ["prepare-commit-msg", "post-commit"]) {
    const path = join(desk.gitDir, "hooks", name);
    const text = await readFile(path, "utf8");
    const next =
      limit === undefined ? text.replace(stand, process.execPath) : text.replace(process.execPath, stand);
    expect(next).not.toBe(text);
    await writeFile(path, next);
  }
}
