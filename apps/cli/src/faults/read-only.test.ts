// SPDX-License-Identifier: Apache-2.0
import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder, type TemporaryFolder } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ai, human } from "../scenarios/scenario.fixture.ts";
import { createTemplate, type DeskTemplate, type FaultDesk } from "./fault-desk.fixture.ts";
import { expectHonest } from "./honest.fixture.ts";
import { mountReadOnly, whyNoMounts } from "./mount-disk.fixture.ts";

const WHY = whyNoMounts();
/** Rights keep nobody out who is root: without-rights.test.ts plays it as somebody else then. */
const IS_ROOT = process.geteuid?.() === 0;

let template: DeskTemplate;
let home: TemporaryFolder;
beforeAll(async () => {
  home = await createTemporaryFolder();
  process.env.XDG_STATE_HOME = home.path;
  template = await createTemplate(async (desk) => {
    await desk.call({ id: "first", file: "a.js", tags: ["ai1"] });
    await desk.write("a.js", ["ai1", "hand1"]);
  });
});
afterAll(async () => {
  await template[Symbol.asyncDispose]();
  await home.remove();
});

async function callWhile(desk: FaultDesk, isShell: boolean) {
  const call = { id: "lost", file: "a.js", tags: ["ai1", "hand1", "ai2"], isShell };
  await desk.before(call);
  await desk.write(call.file, call.tags);
  await desk.after(call);
  expect((await desk.doctor()).join("\n")).toMatch(/cannot be written to/);
  await desk.git(["status", "--short"]);
}

async function goOn(desk: FaultDesk) {
  expect((await desk.doctor()).join("\n")).toMatch(/lost at .*(event-lost|recording-failed)/);
  await desk.write("a.js", ["ai1", "hand1", "ai2", "hand2"]);
  await desk.call({ id: "next", file: "a.js", tags: ["ai1", "hand1", "ai2", "hand2", "ai3"] });
  await desk.commit("after that");
  const wanted = [ai("ai1"), human("hand1"), ai("ai2"), human("hand2"), ai("ai3")];
  expect(await expectHonest(desk, "a.js", wanted)).toBeGreaterThan(0);
  await desk.write("b.js", ["hand3"]);
  await desk.commit("as ever");
  expect(await desk.doctor()).toEqual([]);
  expect(await readdir(join(home.path, "countersign", "lost")).catch(() => [])).toEqual([]);
}

describe("a Git directory in which nothing can be written", () => {
  for (const isShell of [false, true])
    test.skipIf(WHY !== undefined)(
      `costs the lines of ${isShell ? "a command" : "an edit"}, and the loss is kept elsewhere${WHY ?? ""}`,
      async () => {
        await using desk = await template.open();
        {
          await using _ = await mountReadOnly(desk.gitDir);
          await callWhile(desk, isShell);
        }
        await goOn(desk);
      },
    );

  test.skipIf(WHY !== undefined)(
    `says so where nothing can be kept anywhere, and stops no agent${WHY ?? ""}`,
    async () => {
      await using desk = await template.open();
      await using _ = await mountReadOnly(desk.gitDir);
      const call = { id: "lost", file: "a.js", tags: ["ai1", "hand1", "ai2"] };
      const { stderr } = await desk.before(call, { environment: { XDG_STATE_HOME: "/dev/null" } });
      expect(stderr).toMatch(/^countersign: .*EROFS/);
    },
  );

  test.skipIf(IS_ROOT)("by its rights costs the lines of an edit", async () => {
    await using desk = await template.open();
    const recorder = join(desk.gitDir, "countersign", "recorder");
    const folders = ["", ...(await readdir(recorder, { recursive: true }))].map((name) =>
      join(recorder, name),
    );
    for (const folder of folders) await chmod(folder, 0o500);
    await callWhile(desk, false);
    for (const folder of folders) await chmod(folder, 0o700);
    await goOn(desk);
  });
});
