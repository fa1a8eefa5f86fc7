// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { toRawText } from "../../ids/index.ts";
import type { AssistanceRecord, RecordedFile, RecordedRange } from "../assistance-record.ts";
import { fingerprintLine } from "../fingerprint.ts";
import { comparePaths, isTreePath } from "./record-path.ts";

export const COMMIT = "3333333333333333333333333333333333333333";
export const TREE = "4444444444444444444444444444444444444444";
export const BLOB = "5555555555555555555555555555555555555555";
export const AGENT = { tool: "claude-code", session: "0b51d6a2-session", model: "claude-opus-4-8" };

export function prints(first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => fingerprintLine(`line ${first + i}`));
}

export function range(first: number, last: number, more: Partial<RecordedRange> = {}): RecordedRange {
  return {
    first,
    last,
    origin: "ai",
    agent: 0,
    extent: "generated",
    evidence: "observed",
    fingerprints: prints(first, last),
    ...more,
  };
}

export const HUMAN = { origin: "human", agent: null, extent: null } as const;

export const RECORD: AssistanceRecord = {
  version: 1,
  commit: COMMIT,
  tree: TREE,
  grade: "observed",
  recorder: { name: "countersign", version: "0.3.0" },
  coverage: { isWhole: true, from: 1772445000, to: 1772445600, gaps: [] },
  agents: [AGENT],
  files: [{ path: "src/add.ts", blob: BLOB, ranges: [range(1, 2), range(4, 4, HUMAN)] }],
  derivedFrom: [],
};

const words = fc.string({ unit: fc.constantFrom(..."abz019-. /é漢"), minLength: 1, maxLength: 12 });
const paths = fc
  .uint8Array({ minLength: 1, maxLength: 8 })
  .map((bytes) => toRawText(bytes))
  .filter(isTreePath);

const rangesOf = (agents: number): fc.Arbitrary<readonly RecordedRange[]> =>
  fc
    .array(
      fc.record({
        gap: fc.nat(3),
        length: fc.integer({ min: 1, max: 4 }),
        agent: fc.nat(Math.max(agents - 1, 0)),
        isAi: fc.boolean(),
        extent: fc.constantFrom("generated" as const, "edited" as const),
        evidence: fc.constantFrom("observed", "derived", "inferred", "declared"),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((pieces) => {
      let line = 1;
      return pieces.map(({ gap, length, agent, isAi, extent, evidence }) => {
        const first = line + gap;
        line = first + length;
        const ai = isAi && agents > 0 ? { agent, extent } : HUMAN;
        return range(first, line - 1, { ...ai, evidence });
      });
    });

/** Records that a recorder may write. */
export const records: fc.Arbitrary<AssistanceRecord> = fc
  .uniqueArray(
    fc.record({
      tool: fc.constantFrom("claude-code", "codex", "cursor"),
      session: fc.oneof(fc.constant(""), words),
      model: fc.option(words),
    }),
    { maxLength: 3, selector: (agent) => JSON.stringify(agent) },
  )
  .chain((agents) =>
    fc.record({
      version: fc.constant(1 as const),
      commit: fc.constant(COMMIT),
      tree: fc.constant(TREE),
      grade: fc.constantFrom("observed", "derived", "inferred"),
      recorder: fc.constant({ name: "countersign", version: "1.0.0" }),
      coverage: fc.record({
        isWhole: fc.boolean(),
        from: fc.option(fc.nat()),
        to: fc.option(fc.nat()),
        gaps: fc.array(fc.record({ code: fc.constant("shell-gap"), message: words }), { maxLength: 2 }),
      }),
      agents: fc.constant(agents),
      files: fc
        .uniqueArray(fc.record({ path: paths, blob: fc.constant(BLOB), ranges: rangesOf(agents.length) }), {
          maxLength: 3,
          selector: (file: RecordedFile) => file.path,
        })
        .map((files) => files.toSorted((a, b) => comparePaths(a.path, b.path))),
      derivedFrom: fc.constantFrom([], [COMMIT], [COMMIT, BLOB]),
    }),
  );
