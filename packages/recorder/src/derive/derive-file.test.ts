// SPDX-License-Identifier: Apache-2.0
import { UNKNOWN } from "@countersign/core/attribution";
import { expect, test } from "vitest";
import type { CandidateFile } from "./candidate-file.ts";
import type { NearFile } from "./derivation-draft.ts";
import { deriveFile } from "./derive-file.ts";
import { printLine } from "./print-line.ts";

const CODEX = { tool: "codex", session: "s", model: null };
const line = (first: string, second: string) => `call = prepare.everything(${first}, ${second});\n`;

/** A version of the file, of which one line is known to be codex'. */
function version(commit: string, lines: readonly string[], ai: number): NearFile {
  const origin = { kind: "ai", agent: CODEX, extent: "generated", evidence: "observed" } as const;
  const fingerprints = [printLine(lines[ai - 1] ?? "")];
  const file: CandidateFile = {
    ...{ commit, grade: "observed", path: "f.js", blob: commit.repeat(40) },
    ranges: [{ first: ai, last: ai, origin, fingerprints }],
  };
  return { file, closeness: "same-path", lines };
}

test("a line that stood beside an AI's is no changed form of it; the one that is, is found all the same", () => {
  const [beside, written, changed] = [
    line("first", "second"),
    line("other", "second"),
    line("other", "third"),
  ];
  const lines = [beside, changed, "more(words, of, its, own);\n"];
  const target = {
    path: "f.js",
    blob: "f".repeat(40),
    lines,
    isAdded: new Uint8Array(3).fill(1),
    parents: [],
  };
  const alone = version("a", [written], 1);
  const both = version("b", [beside, written], 2);
  expect(deriveFile(target, [alone]).origins[2]).toEqual(UNKNOWN);
  for (const near of [
    [alone, both],
    [both, alone],
  ])
    expect(deriveFile(target, near).origins).toEqual([
      UNKNOWN,
      { kind: "ai", agent: CODEX, extent: "edited", evidence: "inferred" },
      UNKNOWN,
    ]);
});

test("a line that a person changed is the AI's, though another commit that is recorded with it guesses the same of it", () => {
  const [written, changed] = [line("first", "second"), line("first", "third")];
  const target = {
    ...{ path: "f.js", blob: "f".repeat(40), lines: [changed], parents: [[written]] },
    isAdded: new Uint8Array(1).fill(1),
  };
  const source = version("a", [written], 1);
  const guess = { kind: "human", evidence: "inferred" } as const;
  const ranges = [{ first: 1, last: 1, origin: guess, fingerprints: [printLine(changed)] }];
  const twin: NearFile = { file: { ...source.file, commit: "b", ranges }, closeness: "same-path" };
  const seen = { byHand: new Set<number>(), over: new Map([[0, printLine(written)]]) };
  const edited = { kind: "ai", agent: CODEX, extent: "edited", evidence: "inferred" };
  expect(deriveFile(target, [source, twin], seen).origins).toEqual([edited]);
  expect(deriveFile(target, [twin, source], seen).origins).toEqual([edited]);
  expect(deriveFile(target, [twin], seen).origins).toEqual([guess]);
});
