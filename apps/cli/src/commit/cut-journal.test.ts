// SPDX-License-Identifier: Apache-2.0
import { readdir, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { ai, human, type Scenario, scenario, unknown } from "../scenarios/scenario.fixture.ts";

/** As a power cut leaves files that were written and not yet on the disk. */
const CUTS: Readonly<Record<string, (file: string) => Promise<void>>> = {
  emptied: (file) => truncate(file),
  "cut in its first line": (file) => truncate(file, 20),
  gone: (file) => rm(file),
};

async function stateOf(s: Scenario, id: string): Promise<{ state: string; coverage: string }> {
  const { stdout } = await s.countersign("scan", "--json", `${id}~1..${id}`);
  const row = stdout.split("\n").find((line) => line.includes(id)) ?? "{}";
  return JSON.parse(row) as { state: string; coverage: string };
}

describe("a journal that was cut before the commit", () => {
  for (const [how, cut] of Object.entries(CUTS))
    scenario(`${how}: the commit is not cleared, and the next one of a person is`, async (s) => {
      await s.agent("f.js", ["a1", "a2"]);
      const journal = join(s.repo.path, ".git/countersign/recorder/journal");
      for (const name of await readdir(journal)) await cut(join(journal, name));
      const lost = await s.commit("by an agent");
      expect((await stateOf(s, lost)).state).toBe("unknown");
      await s.expectLines("f.js", [unknown("a1"), unknown("a2")]);
      await s.types("h.js", ["h1"]);
      expect((await stateOf(s, await s.commit("by hand"))).state).toBe("cleared");
      await s.agent("f.js", ["a1", "a2", "a3"]);
      await s.types("f.js", ["a1", "a2", "a3", "h2"]);
      await s.commit("again");
      await s.expectLines("f.js", [unknown("a1"), unknown("a2"), ai("a3"), human("h2")]);
    });
});
