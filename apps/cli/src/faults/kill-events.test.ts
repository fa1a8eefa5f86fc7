// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ai, human } from "../scenarios/scenario.fixture.ts";
import { createTemplate, type DeskTemplate, type FaultDesk, type ToolCall } from "./fault-desk.fixture.ts";
import { expectHonest } from "./honest.fixture.ts";
import { countMoments, forEachMoment, killAt } from "./kill-at-moments.fixture.ts";

const PROGRAM = "countersign-record";
const EDIT: ToolCall = { id: "struck", file: "a.js", tags: ["ai1", "hand1", "ai2"] };
const SHELL: ToolCall = { ...EDIT, isShell: true };

/** Many processes, one after the other; the bound is for a machine that is busy with others. */
const LONG_MS = 180_000;

let template: DeskTemplate;
beforeAll(async () => {
  template = await createTemplate(async (desk) => {
    await desk.call({ id: "first", file: "a.js", tags: ["ai1"] });
    await desk.write("a.js", ["ai1", "hand1"]);
  });
});
afterAll(() => template[Symbol.asyncDispose]());

/** The struck call, then a person, then a call that nothing befalls, and a commit; all goes on as if nothing had been. */
async function play(desk: FaultDesk, call: ToolCall, event: "before" | "after", moment: number) {
  const fault = { environment: killAt(PROGRAM, moment), isDeadly: true };
  await desk.before(call, event === "before" ? fault : {});
  await desk.write(call.file, call.tags);
  await desk.after(call, event === "after" ? fault : {});
  await desk.write("a.js", [...call.tags, "hand2"]);
  await desk.call({ id: "next", file: "a.js", tags: [...call.tags, "hand2", "ai3"] });
  await desk.commit("after the kill");
  const wanted = [ai("ai1"), human("hand1"), ai("ai2"), human("hand2"), ai("ai3")];
  await expectHonest(desk, "a.js", wanted);
}

async function goOnAsEver(desk: FaultDesk) {
  await desk.stop();
  await desk.call({ id: "later", file: "b.js", tags: ["later"] });
  await desk.write("b.js", ["later", "hand3"]);
  await desk.call({ id: "last", file: "b.js", tags: ["later", "hand3", "last"] });
  await desk.commit("as ever");
  expect(await desk.origins("b.js")).toEqual([ai("later"), human("hand3"), ai("last")]);
}

describe("a hook killed at any moment costs no more than the lines of its call, and says so", () => {
  for (const [name, call] of [
    ["an edit", EDIT],
    ["a command", SHELL],
  ] as const)
    for (const event of ["before", "after"] as const)
      test(
        `${event} ${name}`,
        async () => {
          await using counted = await template.open();
          if (event === "after") await counted.before(call);
          const moments = await countMoments(PROGRAM, (environment) => counted[event](call, { environment }));
          expect(moments).toBeGreaterThan(8);
          // What a command's hook does as an edit's does was struck there.
          const first = call === EDIT ? 1 : 9;
          await forEachMoment(moments, first, async (moment) => {
            await using desk = await template.open();
            await play(desk, call, event, moment);
            if (moment % 8 === 1) await goOnAsEver(desk);
          });
        },
        LONG_MS,
      );
});
