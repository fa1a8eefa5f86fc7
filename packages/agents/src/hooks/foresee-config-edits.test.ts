// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type AgentAdapter,
  type AppliedEdit,
  applyConfigEdits,
  diskReader,
  findAgent,
  foreseeConfigEdits,
  type HookRequest,
  planHooks,
  planRestore,
  restoreConfigEdits,
} from "../index.ts";
import { temporaryHome } from "../replay.fixture.ts";

const requestFor = (name: string, home: string): HookRequest => ({
  agent: findAgent(name) as AgentAdapter,
  home,
  repoRoot: join(home, "repo"),
  environment: {},
  command: ["/usr/bin/node", "/lib/countersign-record.mjs"],
});

function restore(applied: readonly AppliedEdit[]): void {
  for (const edit of applied.toReversed()) restoreConfigEdits(planRestore([edit], diskReader), [edit]);
}

test.each(["claude-code", "goose", "windsurf", "copilot-cli"])(
  "%s: what is kept beforehand undoes an install that was killed after any of its files",
  async (name) => {
    using home = temporaryHome();
    const edits = await planHooks(requestFor(name, home.path), diskReader);
    const kept = foreseeConfigEdits(edits);
    for (let written = 0; written <= edits.length; written++) {
      applyConfigEdits(edits.slice(0, written));
      restore(kept);
      for (const { path, folders } of kept)
        expect([path, ...folders].filter((one) => existsSync(one))).toEqual([]);
    }
  },
);

test("what is kept beforehand leaves settings alone that were never written to", async () => {
  const text = '{ "a": 1 /* mine */ }';
  using home = temporaryHome({ ".claude/settings.json": text });
  const kept = foreseeConfigEdits(await planHooks(requestFor("claude-code", home.path), diskReader));
  restore(kept);
  expect(readFileSync(join(home.path, ".claude/settings.json"), "utf8")).toBe(text);
  const again = await planHooks(requestFor("claude-code", home.path), diskReader);
  const applied = applyConfigEdits(again, kept);
  restore(applied);
  expect(readFileSync(join(home.path, ".claude/settings.json"), "utf8")).toBe(text);
});
