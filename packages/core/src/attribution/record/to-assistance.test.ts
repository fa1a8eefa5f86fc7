// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AssistanceRecord, RecordedRange } from "../assistance-record.ts";
import { mergeRecords } from "./merge-records.ts";
import { AGENT, BLOB, HUMAN, RECORD, range, records } from "./records.fixture.ts";
import { recordedState, toAssistance } from "./to-assistance.ts";

const CODEX = { tool: "codex", session: "s", model: "openai/gpt-5.2-codex" };
const withRanges = (
  ranges: readonly RecordedRange[],
  more: Partial<AssistanceRecord> = {},
): AssistanceRecord => ({
  ...RECORD,
  files: ranges.length === 0 ? [] : [{ path: "a", blob: BLOB, ranges }],
  ...more,
});
const linesOf = (record: AssistanceRecord) =>
  record.files.flatMap(({ path, ranges }) =>
    ranges.flatMap(({ first, origin, fingerprints }) =>
      fingerprints.map((print, i) => `${JSON.stringify(path)}#${first + i} ${origin} ${print}`),
    ),
  );

describe("toAssistance", () => {
  it("names each tool, model and extent once, with the best evidence", () => {
    const record = withRanges(
      [
        range(1, 1, { evidence: "inferred" }),
        range(2, 2),
        range(3, 3, { extent: "edited" }),
        range(4, 4, HUMAN),
        range(5, 5, { agent: 2, evidence: "derived" }),
      ],
      { agents: [AGENT, CODEX, { ...AGENT, session: "other" }] },
    );
    expect(toAssistance(record)).toEqual([
      {
        tool: "claude-code",
        vendor: "anthropic",
        model: "claude-opus-4-8",
        modelRaw: "claude-opus-4-8",
        extent: "generated",
        convention: "recorded",
        evidence: "observed",
        line: null,
      },
      expect.objectContaining({ tool: "claude-code", extent: "edited", evidence: "observed" }),
      expect.objectContaining({ tool: "codex", model: "gpt-5.2-codex", extent: null, evidence: "observed" }),
    ]);
  });

  it("knows no line better than the record was made", () => {
    const [claim] = toAssistance(withRanges([range(1, 1)], { grade: "derived" }));
    expect(claim?.evidence).toBe("derived");
  });
});

describe("recordedState", () => {
  const gap = { code: "journal-torn", message: "a line of the journal was cut off" };
  it.each<[string, AssistanceRecord, string | undefined]>([
    ["an AI line", RECORD, "recorded"],
    ["an agent that left no line", withRanges([]), "recorded"],
    ["none, all seen", withRanges([], { agents: [] }), "cleared"],
    ["human lines, all seen", withRanges([range(1, 1, HUMAN)], { agents: [] }), "cleared"],
    ["none, matched only", withRanges([], { agents: [], grade: "inferred" }), undefined],
    [
      "none, partly seen",
      withRanges([], { agents: [], coverage: { ...RECORD.coverage, isWhole: false } }),
      undefined,
    ],
    [
      "none, with a gap",
      withRanges([], { agents: [], coverage: { ...RECORD.coverage, gaps: [gap] } }),
      undefined,
    ],
  ])("of %s", (_, record, state) => {
    expect(recordedState(record)).toBe(state);
  });
});

describe("mergeRecords", () => {
  const cleared = withRanges([range(1, 3, HUMAN)], { agents: [] });

  it("lets the better grade speak of a line, and AI within a grade", () => {
    const derived = withRanges([range(1, 2), range(5, 5)], { grade: "derived", agents: [CODEX] });
    const merged = mergeRecords([derived, cleared]);
    expect(merged.files[0]?.ranges.map(({ first, last, origin }) => [first, last, origin])).toEqual([
      [1, 3, "human"],
      [5, 5, "ai"],
    ]);
    const observed = withRanges([range(2, 2)]);
    expect(mergeRecords([cleared, observed]).files[0]?.ranges.map(({ origin }) => origin)).toEqual([
      "human",
      "ai",
      "human",
    ]);
  });

  it("can name more AI and never less, whatever is added", () => {
    fc.assert(
      fc.property(records, records, (a, b) => {
        const merged = mergeRecords([a, b]);
        if (recordedState(a) === "recorded") expect(recordedState(merged)).toBe("recorded");
        for (const agent of a.agents) expect(merged.agents).toContainEqual(agent);
        if (a.grade !== b.grade) return;
        const lines = linesOf(merged);
        for (const line of linesOf(a)) {
          const [claim] = /^.* ai /.exec(line) ?? [];
          if (claim !== undefined) expect(lines.some((other) => other.startsWith(claim))).toBe(true);
        }
      }),
    );
  });

  it("gives the same record for one record twice", () => {
    fc.assert(
      fc.property(records, (record) => {
        const twice = mergeRecords([record, record]);
        expect(linesOf(twice)).toEqual(linesOf(record));
        expect(twice.agents).toEqual(record.agents);
        expect(twice.coverage.isWhole).toBe(record.coverage.isWhole);
      }),
    );
  });

  it("is whole only if every record of the best grade is", () => {
    const partial = { ...cleared, coverage: { isWhole: false, from: 5, to: null, gaps: [] } };
    expect(mergeRecords([cleared, partial]).coverage).toEqual({
      isWhole: false,
      from: 5,
      to: 1772445600,
      gaps: [],
    });
    expect(mergeRecords([cleared, { ...partial, grade: "derived" }]).coverage.isWhole).toBe(true);
  });

  it("does not mix files of different blobs, but keeps who took part", () => {
    const other = {
      ...withRanges([range(1, 1)]),
      files: [{ path: "a", blob: TREE_BLOB, ranges: [range(9, 9)] }],
    };
    const merged = mergeRecords([cleared, other]);
    expect(merged.files).toEqual(cleared.files);
    expect(merged.agents).toEqual([AGENT]);
  });

  it("refuses records of different commits or trees", () => {
    const refused = expect.objectContaining({ code: "RECORD_MALFORMED" });
    expect(() => mergeRecords([RECORD, { ...RECORD, commit: BLOB }])).toThrow(refused);
    expect(() => mergeRecords([RECORD, { ...RECORD, tree: BLOB }])).toThrow(refused);
    expect(() => mergeRecords([])).toThrow(refused);
  });
});

const TREE_BLOB = "6666666666666666666666666666666666666666";
