// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { begunBefore } from "./begun-before.ts";
import type { JournalLine } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";

let bytes = 0;
function line(phase: JournalEntry["phase"], callKey: string, log: number): JournalLine {
  const seen = { version: 1, phase, action: "edit", tool: "t", session: "s", callKey, log } as const;
  const rest = { subAgent: null, model: null, at: 0, head: "", agentPid: 0, files: [], isWholeTree: false };
  return { entry: { ...seen, ...rest, isFinal: false, gaps: [] }, position: { segment: 1, bytes: bytes++ } };
}

const early = [line("before", "a", 0), line("after", "a", 0)];
const late = [line("before", "b", 100), line("after", "b", 100)];

test("what a later call found is known, what it wrote is not", () => {
  expect(begunBefore([...early, ...late], 0)).toEqual([...early, late[0]]);
});

test("all is known of calls that began before, wherever they ended", () => {
  const inside = [line("before", "c", 0), line("after", "c", 100)];
  expect(begunBefore([...early, ...inside], 0)).toEqual([...early, ...inside]);
});

test("a call that goes on over the commit and a later one: all is known, since the first may have written it", () => {
  const [begins, ends] = [line("before", "c", 0), line("after", "c", 100)];
  const all = [begins, ...late, ends];
  expect(begunBefore(all, 0)).toEqual(all);
});

test("a call whose beginning was folded away before it ended began when that says", () => {
  const { entry } = line("before", "c", 0);
  const end = line("after", "c", 100);
  const open = entry.phase === "start" ? [] : [entry];
  expect(begunBefore([...early, end], 0, open)).toEqual([...early, end]);
  expect(begunBefore([...early, end], 0)).toEqual(early);
});

test("an end without a beginning counts from where it is", () => {
  const alone = line("after", "d", 100);
  expect(begunBefore([...early, alone], 0)).toEqual(early);
  expect(begunBefore([...early, alone], 100)).toEqual([...early, alone]);
});
