// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { formatReport, type LabelledMessage, measureAccuracy, run } from "./marker-accuracy.ts";

const BASE = {
  repo: "owner/repo",
  author_name: "A. Author",
  author_email: "author@example.org",
  committer_name: "A. Author",
  committer_email: "author@example.org",
};
const ROWS: readonly LabelledMessage[] = [
  {
    ...BASE,
    sha: "1111111111111111",
    message: "x\n\nCo-authored-by: Claude Opus 4.5 <noreply@anthropic.com>",
    expected: [{ tool: "claude-code", convention: "co-authored-by", model: "claude-opus-4.5" }],
    kind: "positive",
  },
  {
    ...BASE,
    sha: "2222222222222222",
    message: "x\n\nno mark at all",
    expected: [{ tool: "cursor", convention: "footer" }],
    kind: "positive",
  },
  {
    ...BASE,
    sha: "3333333333333333",
    message: "x\n\nMade-with: Cursor",
    expected: [],
    kind: "hard-negative",
    trap: "wrong-label",
  },
  { ...BASE, sha: "4444444444444444", message: "x", expected: [], kind: "negative" },
];

test("counts per tool, per convention and AI or not, and names what is missed and hit", () => {
  const report = measureAccuracy(ROWS);
  expect(report.overall.tool).toEqual({ truePositives: 1, falsePositives: 1, falseNegatives: 1 });
  expect(report.overall.ai).toEqual({ truePositives: 1, falsePositives: 1, falseNegatives: 1 });
  expect(report.conventions.get("footer")).toEqual({
    truePositives: 0,
    falsePositives: 0,
    falseNegatives: 1,
  });
  expect(report.models).toEqual({ right: 1, wrong: [] });
  expect(report.missed.map((line) => line.slice(0, 23))).toEqual(["owner/repo 222222222222"]);
  expect(report.negativesHit.map((line) => line.slice(0, 23))).toEqual(["owner/repo 333333333333"]);
  expect(formatReport(report)).toContain("expected cursor:footer; got nothing [unknown]");
});

test("says so where there is no corpus", async () => {
  expect(await run({ corpus: "/nonexistent/corpus.jsonl" })).toBe(undefined);
});
