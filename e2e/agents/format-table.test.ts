// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { formatTable } from "./format-table.ts";
import type { AgentResult } from "./result.ts";

const STORY = { name: "a-story", columns: ["edit", "shell", "commit"] };
const RIGHT: AgentResult = { agent: "right", story: "a-story", failures: [], took: 1500 };

test("a failure stands under its step, and its line below", () => {
  const failures = [{ step: "shell" as const, message: "src/a.ts:1 is wrong" }];
  const table = formatTable(STORY, [RIGHT, { ...RIGHT, agent: "wrong", failures, took: 0, folder: "kept" }]);
  const [head = "", right = "", wrong = ""] = table.split("\n");
  const shell = head.indexOf("  shell") + 2;
  expect(right).not.toContain("FAIL");
  expect(wrong.slice(shell).startsWith("FAIL")).toBe(true);
  expect(wrong.match(/FAIL/g)).toHaveLength(1);
  expect(table).toContain("FAILED  wrong: shell: src/a.ts:1 is wrong");
  expect(table).toContain("kept");
});

test("a run that did not come to an end passed nothing", () => {
  const table = formatTable(STORY, [
    { ...RIGHT, agent: "gone", failures: [{ step: null, message: "it hung" }], took: 0 },
  ]);
  expect(table.split("\n")[1]).not.toContain("ok");
});

test("a skipped agent has no result, and a reason", () => {
  const table = formatTable(STORY, [
    { ...RIGHT, agent: "absent", skipped: "npm has none", failures: [], took: 0 },
  ]);
  expect(table.split("\n")[1]).not.toContain("ok");
  expect(table).toContain("SKIPPED  absent: npm has none");
});
