// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { Assistance } from "./assistance.ts";
import { parseCommitMessage } from "./parse-message.ts";
import { type RecordedEvidence, withRecords } from "./with-records.ts";

const CLAIM: Assistance = {
  tool: "claude-code",
  vendor: "anthropic",
  model: "claude-opus-4-8",
  modelRaw: "claude-opus-4-8",
  extent: "generated",
  convention: "recorded",
  evidence: "observed",
  line: null,
};
const AI: RecordedEvidence = { state: "recorded", assistance: [CLAIM], warnings: [] };
const CLEARED: RecordedEvidence = { state: "cleared", assistance: [], warnings: [] };
const GAP: RecordedEvidence = {
  state: undefined,
  assistance: [],
  warnings: [{ code: "event-lost", message: "x" }],
};

const person = { name: "author", email: "author@example.com" };
const parse = (message: string, branchNames: readonly string[] = []) =>
  parseCommitMessage({ message, author: person, committer: person, branchNames });

const PLAIN = parse("title\n");
const DECLARED = parse("title\n\nAI-Assisted: cursor/unknown\n");
const SIGNALLED = parse("title\n", ["refs/heads/claude/fix"]);
const NONE = parse("title\n\nAI-Assisted: none\n");

describe("a message and records together", () => {
  it.each([
    ["nothing", PLAIN, undefined, "unknown"],
    ["a plain message and a record of AI", PLAIN, AI, "recorded"],
    ["a plain message and a clearance", PLAIN, CLEARED, "cleared"],
    ["a plain message and a gap", PLAIN, GAP, "unknown"],
    ["a declaration and a record", DECLARED, AI, "recorded"],
    ["a declaration and a clearance, which weakens nothing", DECLARED, CLEARED, "declared"],
    ["a sign and a clearance, which weakens nothing", SIGNALLED, CLEARED, "signalled"],
    ["a sign and a record", SIGNALLED, AI, "recorded"],
    ["a claim of none and a clearance", NONE, CLEARED, "cleared"],
    ["a claim of none and a record of AI", NONE, AI, "recorded"],
  ] as const)("%s", (_name, parsed, recorded, state) => {
    expect(withRecords(parsed, recorded).state).toBe(state);
  });

  it("a claim of none beside a record of AI is a contradiction, said once", () => {
    const codes = (message: string) =>
      withRecords(parse(message), AI).warnings.map((warning) => warning.code);
    expect(codes("t\n\nAI-Assisted: none\n")).toEqual(["contradictory-claim"]);
    expect(
      codes("t\n\nAI-Assisted: none\nAI-Assisted: cursor/unknown\n").filter(
        (code) => code === "contradictory-claim",
      ),
    ).toHaveLength(1);
  });

  it("keep every claim and every warning", () => {
    const { assistance } = withRecords(DECLARED, AI);
    expect(assistance.map(({ tool, convention }) => [tool, convention])).toEqual([
      ["cursor", "ai-assisted"],
      ["claude-code", "recorded"],
    ]);
    expect(withRecords(PLAIN, GAP).warnings).toEqual(GAP.warnings);
  });
});
