// SPDX-License-Identifier: Apache-2.0
import { createRepository } from "@countersign/testkit";
import { createLineRegistry, type Expectation } from "./line-registry.ts";
import { amends, commitsAll, commitsSome, commitsWithoutHooks, undoesCommit } from "./operations/commits.ts";
import { agentEdits, agentRunsShell, formatterRuns, humanEdits, renames } from "./operations/edits.ts";
import { branchesAndReturns, reverts, stashes } from "./operations/rewrites.ts";
import { createRandom } from "./random.ts";
import type { BlamedLine, RecorderFactory } from "./recorder.ts";
import type { Workspace } from "./workspace.ts";

type Operation = (space: Workspace) => Promise<void>;

/** How often each is chosen. */
const OPERATIONS: readonly (readonly [number, Operation])[] = [
  [5, humanEdits],
  [6, agentEdits],
  [2, agentRunsShell],
  [2, formatterRuns],
  [1, renames],
  [5, commitsAll],
  [2, commitsSome],
  [1, commitsWithoutHooks],
  [2, amends],
  [1, undoesCommit],
  [2, stashes],
  [1, reverts],
  [3, branchesAndReturns],
];
const LOTS = OPERATIONS.flatMap(([weight, operation]) => Array.from({ length: weight }, () => operation));

/** What a history did and every line whose origin came out wrong. */
export interface PlayedHistory {
  readonly seed: number;
  readonly steps: readonly string[];
  readonly wrong: readonly WrongOrigin[];
  /** Lines that were compared. */
  readonly compared: number;
  /** Lines of people that came out as unknown where the model allows it. */
  readonly allowedUnknown: number;
}

export interface WrongOrigin {
  readonly afterStep: number;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly expected: string;
  readonly found: string;
}

/** Plays one seeded history on a real repository and compares every line after every step that moved HEAD. */
export async function playHistory(seed: number, start: RecorderFactory, length = 14): Promise<PlayedHistory> {
  await using repo = await createRepository();
  const random = createRandom(seed);
  const steps: string[] = [];
  const space: Workspace = {
    repo,
    random,
    registry: createLineRegistry(random),
    recorder: await start(repo),
    log: (line) => void steps.push(line),
    watched: new Set(),
    clock: { seconds: 1_767_225_600 },
  };
  const wrong: WrongOrigin[] = [];
  const counts = { compared: 0, allowedUnknown: 0 };
  await humanEdits(space);
  await commitsAll(space);
  let head = "";
  for (let step = 0; step < length && wrong.length === 0; step++) {
    await random.pick(LOTS)(space);
    if (step === length - 1) await commitsAll(space);
    const now = await repo.id("HEAD");
    if (now !== head) wrong.push(...(await compare(space, steps.length, counts)));
    head = now;
  }
  return { seed, steps, wrong, ...counts };
}

async function compare(
  space: Workspace,
  afterStep: number,
  counts: { compared: number; allowedUnknown: number },
): Promise<readonly WrongOrigin[]> {
  const listing = await space.repo.git(["ls-tree", "-r", "--name-only", "HEAD"]);
  const wrong: WrongOrigin[] = [];
  for (const file of listing.split("\n").filter((name) => name !== "")) {
    for (const [index, line] of (await space.recorder.blame("HEAD", file)).entries()) {
      const expected = space.registry.expect(line.text);
      if (expected === undefined) continue;
      counts.compared += 1;
      if (expected.kind === "human" && line.origin === "unknown") counts.allowedUnknown += 1;
      if (!isAllowed(expected, line))
        wrong.push({
          afterStep,
          file,
          line: index + 1,
          text: line.text,
          expected: describe(expected),
          found: `${line.origin} ${line.tool ?? ""}`.trim(),
        });
    }
  }
  return wrong;
}

function isAllowed(expected: Expectation, found: BlamedLine): boolean {
  if (expected.kind === "ai") return found.origin === "ai" && found.tool === expected.tool;
  return found.origin === "human" || (!expected.isSeen && found.origin === "unknown");
}

function describe(expected: Expectation): string {
  if (expected.kind === "ai") return `ai ${expected.tool}`;
  return expected.isSeen ? "human" : "human or unknown";
}
