// SPDX-License-Identifier: Apache-2.0
import { createRepository, SENIOR, START } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { byCommitTime, byPatchId, byPushTime, type Event } from "./bindings.ts";

/** One change of one commit made at START + 120, pushed at START + 200. */
async function ask(approvals: readonly Event[], isSenior = false) {
  await using repo = await createRepository();
  const base = await repo.commit({ message: "start\n", files: { "a.txt": "a\n" } });
  await repo.branch("change");
  const author = isSenior ? { author: SENIOR, committer: SENIOR } : {};
  const head = await repo.commit({
    message: "work\n",
    files: { "a.txt": "b\n" },
    at: START + 120,
    ...author,
  });
  const events = [
    { kind: "push", head, at: START + 200 } as const,
    ...approvals.map((event) => ({ ...event, head })),
  ];
  const question = { repo, base, head, events };
  return await Promise.all([byPushTime, byCommitTime, byPatchId].map((binding) => binding.allows(question)));
}

const approval = (by: string, at: number): Event => ({ kind: "approve", by, head: "", at });

describe("the re-implemented bindings", () => {
  it("all accept an approval by a senior after the push", async () => {
    expect(await ask([approval("senior", START + 300)])).toEqual([true, true, true]);
  });

  it("differ on an approval between commit and push, and before both", async () => {
    expect(await ask([approval("senior", START + 150)])).toEqual([false, true, true]);
    expect(await ask([approval("senior", START + 60)])).toEqual([false, false, true]);
  });

  it("all refuse the author's own approval, a stranger's, and none", async () => {
    expect(await ask([approval("senior", START + 300)], true)).toEqual([false, false, false]);
    expect(await ask([approval("stranger", START + 300)])).toEqual([false, false, false]);
    expect(await ask([])).toEqual([false, false, false]);
  });
});
