// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { outline, type Recorded, type Replayed, readPayload, recorded } from "../replay.fixture.ts";

const PARENT = "ses_dfb466187ffeprcj9sjCL1p9qo";
const CHILD = "ses_dfb463a8dffeUmCzBrS1nBuezP";

/** What the plugin makes of one recorded hook call. */
function passedOn({ event, payload }: Recorded): unknown {
  const input = payload.input as Record<string, string> | undefined;
  const properties = payload.properties as Record<string, string> | undefined;
  const session = input?.sessionID ?? properties?.sessionID;
  return {
    event: event.replace(/^event\./, ""),
    directory: "/repo",
    model: "mock/mock-model",
    ...(session === CHILD ? { parentID: PARENT } : {}),
    ...(properties ? { sessionID: session } : payload),
  };
}

async function replayPlugin(capture: string): Promise<readonly Replayed[]> {
  const replayed: Replayed[] = [];
  for (const one of recorded(capture)) {
    if (one.event === "plugin.init") continue;
    replayed.push({ ...one, read: await readPayload("opencode", passedOn(one)) });
  }
  return replayed;
}

test("reads a session; the failed edit has no event after it", async () => {
  expect(outline(await replayPlugin("opencode/main"))).toEqual([
    "tool.execute.before before edit #1 main /repo/src/hello.ts mock/mock-model",
    "tool.execute.after after edit #1 main /repo/src/hello.ts mock/mock-model",
    "tool.execute.before before edit #2 main /repo/src/app.ts mock/mock-model",
    "tool.execute.after after edit #2 main /repo/src/app.ts mock/mock-model",
    "tool.execute.before before shell #3 main  mock/mock-model",
    "tool.execute.after after shell #3 main  mock/mock-model",
    "tool.execute.before before edit #4 main /repo/src/app.ts mock/mock-model",
    "tool.execute.before before shell #5 main  mock/mock-model",
    "tool.execute.after failed shell #5 main  mock/mock-model",
    "tool.execute.before before edit #6 sub /repo/src/app.ts mock/mock-model",
    "tool.execute.after after edit #6 sub /repo/src/app.ts mock/mock-model",
    "event.session.idle session other #- sub  ?",
    "event.session.idle session other #- main  ?",
  ]);
});

test("reads patches", async () => {
  expect(outline(await replayPlugin("opencode/apply-patch"))).toEqual([
    "tool.execute.before before edit #1 main src/hello.ts mock/mock-model",
    "tool.execute.after after edit #1 main src/hello.ts mock/mock-model",
    "tool.execute.before before edit #2 main src/app.ts mock/mock-model",
    "tool.execute.after after edit #2 main src/app.ts mock/mock-model",
    "event.session.idle session other #- main  ?",
  ]);
});
