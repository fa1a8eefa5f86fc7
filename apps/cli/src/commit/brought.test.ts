// SPDX-License-Identifier: Apache-2.0
// Content that nobody saw being written and that Git, at a person's command, put into the commit: it was not watched.
import { join } from "node:path";
import { openTestRepository } from "@countersign/testkit";
import { describe, expect } from "vitest";
import { type Scenario, toScenario } from "../scenarios/scenario.fixture.ts";
import { coverage, scenario, WHOLE } from "./presence.fixture.ts";

const BROUGHT = { isWhole: false, gaps: ["content-brought"] };

/** Brings a branch `theirs` with one commit of a clone that has no recorder. */
async function bring(s: Scenario, file: string, tags: readonly string[]): Promise<void> {
  const { path, remove } = await s.repo.clone();
  await using mate = toScenario(await openTestRepository(path, remove));
  await mate.types(file, tags);
  await mate.commit("theirs");
  await s.git("fetch", "-q", join(path), "HEAD:theirs");
}

describe("a commit of somebody else's", () => {
  scenario("amended here, as often as one likes, is not watched", async (s) => {
    await bring(s, "z.js", ["z"]);
    await s.git("checkout", "-q", "theirs");
    await s.git("commit", "-q", "--amend", "-m", "mine");
    expect(await coverage(s)).toEqual(BROUGHT);
    await s.git("commit", "-q", "--amend", "-m", "mine now");
    expect(await coverage(s)).toEqual(BROUGHT);
  });
});

scenario("an own commit that is amended is watched, looked at in between or not", async (s) => {
  await s.types("a.js", ["one"]);
  await s.commit();
  await s.git("commit", "-q", "--amend", "-m", "second");
  await s.types("a.js", ["one", "two"]);
  await s.git("commit", "-q", "-a", "--amend", "-m", "third");
  expect(await coverage(s)).toEqual(WHOLE);
  await s.types("a.js", ["one", "two", "three"]);
  await s.git("commit", "-q", "-a", "--amend", "-m", "fourth");
  expect(await coverage(s)).toEqual(WHOLE);
});
