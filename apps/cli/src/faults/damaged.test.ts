// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { chmod, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ai, human } from "../scenarios/scenario.fixture.ts";
import { DAMAGES, type Damage, damage } from "./damage.fixture.ts";
import { createTemplate, type DeskTemplate } from "./fault-desk.fixture.ts";
import { expectHonest } from "./honest.fixture.ts";

/** Those that hold what was seen alone, the others several at once. */
const FILES: readonly (readonly string[])[] = [
  ...["journal", "journal/000002.ndjson", "snapshots", "states.json"].map((name) => [name]),
  ["seen.json", "pending", "settled", "touched"],
  ["lost.ndjson", "lost.mark", "active", "recorded"],
  ["presence", "prepared", "records", "flushed.json"],
];
/** Nothing stands in them, but something may stand in their place. */
const LOCKS: readonly (readonly string[])[] = [["lock", "flush.lock"]];
/** Root may read anything: without-rights.test.ts plays it as somebody else then. */
const IS_ROOT = process.geteuid?.() === 0;
const LONG_MS = 180_000;

/** Something is folded already, and something is not. */
let template: DeskTemplate;
beforeAll(async () => {
  template = await createTemplate(async (desk) => {
    await desk.call({ id: "first", file: "a.js", tags: ["ai1"] });
    await desk.call({ id: "second", file: "b.js", tags: ["other1"] });
    await desk.git(["add", "a.js"]);
    await desk.git(["commit", "-q", "-m", "one"]);
    await desk.origins("a.js");
    await desk.call({ id: "third", file: "a.js", tags: ["ai1", "ai2"] });
  });
});
afterAll(() => template[Symbol.asyncDispose]());

async function play(names: readonly string[], how: Damage): Promise<void> {
  await using desk = await template.open();
  const recorder = join(desk.gitDir, "countersign", "recorder");
  // What is closed to its owner could not be taken away either, and may be put aside by then.
  await using _ = {
    [Symbol.asyncDispose]: async () => {
      for (const name of await readdir(recorder))
        await chmod(join(recorder, name), 0o700).catch(() => undefined);
    },
  };
  for (const name of names) await damage(recorder, name, how);
  await desk.write("a.js", ["ai1", "ai2", "hand"]);
  await desk.call({ id: "next", file: "a.js", tags: ["ai1", "ai2", "hand", "ai3"] });
  const told = await desk.doctor();
  await desk.commit("with damage");
  const wanted = [ai("ai1"), ai("ai2"), human("hand"), ai("ai3")];
  const unknown = await expectHonest(desk, "a.js", wanted);
  if (unknown > 0) expect(told.join("\n"), "doctor says nothing").toMatch(/lost|damaged|written|read/);
  expect(existsSync(join(recorder, "..", "nowhere"))).toBe(false);
}

describe("a file of the recorder that is no more what it was stops nothing and makes no line another's", () => {
  for (const how of Object.keys(DAMAGES) as Damage[]) {
    test.skipIf(IS_ROOT && how === "closed to its owner")(
      how,
      async () => {
        const failed: string[] = [];
        const queue = [...FILES, ...(/^(a folder|a link|a pipe)/.test(how) ? LOCKS : [])];
        const lane = async () => {
          for (let names = queue.shift(); names !== undefined; names = queue.shift())
            await play(names, how).catch((error: Error) => failed.push(`${names}: ${error.stack}`));
        };
        await Promise.all([lane(), lane()]);
        expect(failed.join("\n\n")).toBe("");
      },
      LONG_MS,
    );
  }
});
