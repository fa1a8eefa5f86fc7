// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, test } from "vitest";
import { ai, human } from "../scenarios/scenario.fixture.ts";
import { createTemplate, type DeskTemplate, type FaultDesk } from "./fault-desk.fixture.ts";
import { expectHonest } from "./honest.fixture.ts";
import { countMoments, forEachMoment, killAt } from "./kill-at-moments.fixture.ts";

const PREPARING = "countersign-commit.cjs prepare-commit-msg";
const RECORDING = "countersign-commit.cjs flush";
const ALL = [ai("ai1"), human("hand1"), ai("ai2")];

async function edit(desk: FaultDesk) {
  await desk.call({ id: "first", file: "a.js", tags: ["ai1"] });
  await desk.write("a.js", ["ai1", "hand1"]);
  await desk.call({ id: "second", file: "a.js", tags: ["ai1", "hand1", "ai2"] });
}

/** Many processes, one after the other; the bound is for a machine that is busy with others. */
const LONG_MS = 180_000;

let template: DeskTemplate;
/** Three commits of which there are no records yet. */
let committed: DeskTemplate;
beforeAll(async () => {
  template = await createTemplate(edit);
  committed = await createTemplate(async (desk) => {
    await edit(desk);
    await desk.git(["commit", "-q", "--no-verify", "--allow-empty", "-m", "empty"]);
    await desk.git(["add", "-A"]);
    await desk.git(["-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "without hooks"]);
    await desk.write("c.js", ["hand"]);
    await desk.commit("by hand");
  });
}, LONG_MS);
afterAll(async () => {
  await template[Symbol.asyncDispose]();
  await committed[Symbol.asyncDispose]();
});

/** Whatever befell the first commit, the next one is as if nothing had. */
async function expectNext(desk: FaultDesk) {
  await desk.write("a.js", ["ai1", "hand1", "ai2", "hand2"]);
  await desk.call({ id: "later", file: "a.js", tags: ["ai1", "hand1", "ai2", "hand2", "ai3"] });
  await desk.commit("next");
  expect(await desk.git(["log", "-1", "--format=%(trailers:key=AI-Assisted,valueonly)"])).toContain(
    "claude-code/",
  );
  await expectHonest(desk, "a.js", [...ALL, human("hand2"), ai("ai3")]);
}

test(
  "prepare-commit-msg killed at any moment: Git commits, and every line is whose it is",
  async () => {
    await using counted = await template.open();
    const moments = await countMoments(PREPARING, (environment) => counted.commit("made", environment));
    expect(moments).toBeGreaterThan(12);
    await forEachMoment(moments, 1, async (moment) => {
      await using desk = await template.open();
      await desk.commit("struck", killAt(PREPARING, moment));
      if (moment % 4 !== 0) expect(await desk.origins("a.js")).toEqual(ALL);
      if (moment % 4 < 2) await expectNext(desk);
    });
  },
  LONG_MS,
);

test(
  "making records killed at any moment: they are made the next time, as they would have been",
  async () => {
    const flush = (desk: FaultDesk, environment: Readonly<Record<string, string>>) =>
      desk.flush({ environment, isDeadly: true });
    await using counted = await committed.open();
    const moments = await countMoments(RECORDING, (environment) => flush(counted, environment));
    expect(moments).toBeGreaterThan(20);
    const notes = await counted.git(["notes", "--ref=ai", "list"]);
    await forEachMoment(moments, 1, async (moment) => {
      await using desk = await committed.open();
      await flush(desk, killAt(RECORDING, moment));
      expect(await desk.origins("a.js")).toEqual(ALL);
      expect(await desk.git(["notes", "--ref=ai", "list"])).toHaveLength(notes.length);
      if (moment % 16 === 1) await expectNext(desk);
    });
  },
  LONG_MS,
);
