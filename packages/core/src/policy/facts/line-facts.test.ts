// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { CommitLines } from "../change.ts";
import { type ExampleCommit, exampleCommit, exampleFacts, examplePolicy } from "../example-change.fixture.ts";
import { toPolicyFacts } from "./to-policy-facts.ts";

const policy = examplePolicy("classes: { infrastructure: { paths: ['**/*.tf'] } }\n");
const factsOf = (...commits: readonly ExampleCommit[]) =>
  toPolicyFacts(exampleFacts(policy, commits), policy).change;

const lines = (
  files: readonly (readonly [path: string, added: number, ai: number, human: number])[],
  fields: Partial<CommitLines> = {},
): CommitLines => ({
  files: files.map(([path, added, ai, human]) => ({ path, added, ai, human })),
  tools: files.some(([, , ai]) => ai > 0) ? ["claude-code"] : [],
  isSeenWhole: false,
  ...fields,
});

describe("lines of a change", () => {
  it("are summed over commits, files and classes; shares are rounded up, coverage down", () => {
    const change = factsOf(
      {
        paths: ["a.tf", "b.c"],
        lines: lines([
          ["a.tf", 10, 1, 2],
          ["b.c", 100, 0, 50],
        ]),
      },
      { paths: ["b.c"], lines: lines([["b.c", 90, 0, 0]]) },
    );
    expect(change).toMatchObject({ addedLines: 200, coverage: 26, ai: { lines: 1, share: 1 } });
    expect(change.ai.classes).toEqual([{ name: "infrastructure", lines: 1, share: 10 }]);
    expect(change.files.map(({ path, addedLines, ai }) => [path, addedLines, ai.lines, ai.share])).toEqual([
      ["a.tf", 10, 1, 10],
      ["b.c", 190, 0, 0],
    ]);
    expect(change.commits.map(({ addedLines, coverage, ai }) => [addedLines, coverage, ai.lines])).toEqual([
      [110, 48, 1],
      [90, 0, 0],
    ]);
  });

  const CLAUDE = "x\n\nAI-Assisted: claude-code/claude-opus-4-8\n";
  it.each([
    ["a claim whose tool has lines: those", CLAUDE, lines([["b.c", 10, 4, 2]]), 4],
    ["a claim and no record of lines: all", CLAUDE, lines([["b.c", 10, 0, 0]]), 10],
    ["a claim beside known human lines: all the others", CLAUDE, lines([["b.c", 10, 0, 3]]), 7],
    [
      "a claim of another tool than the lines': all that nobody wrote",
      "x\n\nAI-Assisted: cursor/unknown\n",
      lines([["b.c", 10, 4, 2]]),
      8,
    ],
    ["no claim: what is recorded", "x\n", lines([["b.c", 10, 4, 2]]), 4],
    ["no claim and no record: nothing, and nothing is covered", "x\n", lines([["b.c", 10, 0, 0]]), 0],
  ] as const)("%s", (_name, message, counted, expected) => {
    expect(factsOf({ message, lines: counted }).ai.lines).toBe(expected);
  });

  it("of a commit that a recorder saw whole are covered", () => {
    expect(factsOf({ lines: lines([["b.c", 10, 0, 0]], { isSeenWhole: true }) }).coverage).toBe(100);
  });

  it("are none where nothing was added, and null where nobody counted", () => {
    expect(factsOf({ lines: lines([]) })).toMatchObject({
      addedLines: 0,
      coverage: 100,
      ai: { lines: 0, share: 0 },
    });
    const { lines: _, ...uncounted } = exampleCommit(policy, 0, {});
    const change = toPolicyFacts(exampleFacts(policy, [], { commits: [uncounted] }), policy).change;
    expect(change).toMatchObject({
      addedLines: null,
      coverage: null,
      ai: { lines: null, share: null, classes: [] },
    });
  });
});
