// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, formatAssistanceRecord } from "@countersign/core/attribution";
import { addRecords, openRepository, readCommitBatches } from "@countersign/git";
import { buildLargeHistory, createRepository } from "@countersign/testkit";
import { expect, it } from "vitest";
import { type JoinedCommit, joinRecords } from "./join-records.ts";
import { findRecordSources } from "./record-sources.ts";

const COMMITS = 7000;

it("joins a long history with its records: in order, each with its own, in few and growing batches", async () => {
  await using repo = await createRepository({ bare: true });
  const tip = await buildLargeHistory(repo, { commits: COMMITS, filesPerCommit: 1, files: 3 });
  const log = (await repo.git(["log", "--format=%H %T", tip])).split("\n");
  // Every third is an agent's, every third was seen to be without, and every third nobody recorded.
  const recorded = log.flatMap((line, index) => {
    const [commit = "", tree = ""] = line.split(" ");
    return index % 3 === 2 ? [] : [{ commit, bytes: formatAssistanceRecord(toRecord(commit, tree, index)) }];
  });
  const repository = await openRepository(repo.path);
  await addRecords(repository, recorded);

  const joined: JoinedCommit<{ readonly id: string }>[] = [];
  const sizes: number[] = [];
  const batches = readCommitBatches(repository, { include: [tip] });
  for await (const batch of joinRecords(repository, batches, await findRecordSources(repository))) {
    sizes.push(batch.length);
    joined.push(...batch);
  }
  expect(joined.map(({ commit }) => commit.id)).toEqual(log.map((line) => line.split(" ")[0]));
  const states = joined.map((one) => one.recorded?.state);
  expect(states).toEqual(log.map((_, index) => ["recorded", "cleared", undefined][index % 3]));
  expect(joined[0]?.recorded?.assistance).toMatchObject([{ tool: "agent-0" }]);
  expect(joined[6999]?.recorded?.assistance).toMatchObject([{ tool: "agent-6999" }]);
  expect(sizes.length).toBeLessThanOrEqual(6);
}, 120_000);

function toRecord(commit: string, tree: string, index: number): AssistanceRecord {
  const isAi = index % 3 === 0;
  return {
    version: 1,
    commit,
    tree,
    grade: "observed",
    recorder: { name: "countersign", version: "1" },
    coverage: { isWhole: true, from: null, to: null, gaps: [] },
    agents: isAi ? [{ tool: `agent-${index}`, session: "s", model: null }] : [],
    files: [],
    derivedFrom: [],
  };
}
