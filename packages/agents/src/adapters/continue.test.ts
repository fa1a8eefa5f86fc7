// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { outline, replay } from "../replay.fixture.ts";

test("reads what Continue would tell git-ai", async () => {
  expect(outline(await replay("continue-cli", "continue/main"))).toEqual([
    "git-ai-shim before edit #1 main /repo/src/hello.ts mock-model",
    "git-ai-shim after edit #1 main /repo/src/hello.ts mock-model",
    "git-ai-shim before edit #2 main /repo/src/app.ts mock-model",
    "git-ai-shim after edit #2 main /repo/src/app.ts mock-model",
  ]);
});
