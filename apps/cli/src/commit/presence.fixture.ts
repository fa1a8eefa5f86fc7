// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import type { AssistanceRecord } from "@countersign/core/attribution";
import { test } from "vitest";
import { createScenario, type Scenario } from "../scenarios/scenario.fixture.ts";

export const inGit = (s: Scenario, ...parts: string[]) => join(s.repo.path, ".git", ...parts);

/** Records of one commit, as they stand in the set after everything was flushed. */
export async function records(s: Scenario, revision = "HEAD"): Promise<readonly AssistanceRecord[]> {
  await s.countersign("scan", "--json", "--limit", "1");
  const id = await s.repo.id(revision);
  const folder = `refs/countersign/records:${id.slice(0, 2)}/${id.slice(2)}`;
  const listed = await s.repo.tryGit(["ls-tree", "--name-only", folder]);
  const names = listed.stdout
    .toString()
    .split("\n")
    .filter((name) => name !== "");
  return Promise.all(
    names.map(
      async (name) =>
        JSON.parse(await s.repo.git(["cat-file", "-p", `${folder}/${name}`])) as AssistanceRecord,
    ),
  );
}

export async function coverage(s: Scenario, revision = "HEAD") {
  const [record] = await records(s, revision);
  return record === undefined
    ? undefined
    : { isWhole: record.coverage.isWhole, gaps: record.coverage.gaps.map(({ code }) => code) };
}

export const WHOLE = { isWhole: true, gaps: [] };

export function scenario(title: string, play: (s: Scenario) => Promise<void>): void {
  test(title, async () => {
    await using s = await createScenario();
    await play(s);
  });
}
