// SPDX-License-Identifier: Apache-2.0
import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { TestRepository } from "@countersign/testkit";
import type { Expectation, LineRegistry } from "./line-registry.ts";
import { amends, commitsAll, commitsSome, commitsWithoutHooks, undoesCommit } from "./operations/commits.ts";
import { agentEdits, agentRunsShell, formatterRuns, humanEdits, renames } from "./operations/edits.ts";
import { branchesAndReturns, reverts, stashes } from "./operations/rewrites.ts";
import { createRandom, type Random } from "./random.ts";
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
  /** Lines that came out as unknown where the model allows it. */
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

/** One history in so many compares after every step; the others do so now and then, since people look seldom too. */
const WATCHED = 4;
const LOOKS = 0.15;

export interface HistoryOptions {
  /** The model that it is held against, which makes up the lines. */
  readonly createRegistry: (random: Random) => LineRegistry;
  /** Steps. */
  readonly length?: number;
  /** Folder for the repository of a history that came out wrong. */
  readonly keep?: string | undefined;
}

/** Plays one seeded history on a real repository and compares every line after steps that moved HEAD, and in the end. */
export async function playHistory(
  seed: number,
  { createRepository, start }: RecorderFactory,
  { createRegistry, length = 14, keep }: HistoryOptions,
): Promise<PlayedHistory> {
  await using repo = await createRepository();
  const random = createRandom(seed);
  const steps: string[] = [];
  const space: Workspace = {
    repo,
    random,
    registry: createRegistry(random),
    recorder: await start(repo),
    log: (line) => void steps.push(line),
    watched: new Set(),
    astray: new Set(),
    unlooked: new Map(),
    brokenUp: new Map(),
    clock: { seconds: 1_767_225_600 },
  };
  const wrong: WrongOrigin[] = [];
  const counts = { compared: 0, allowedUnknown: 0 };
  // Its own source: whether somebody looks changes nothing of what happens.
  const looks = createRandom(~seed);
  const isWatched = seed % WATCHED === 0;
  await humanEdits(space);
  await commitsAll(space);
  let head: string | undefined;
  for (let step = 0; step < length && wrong.length === 0; step++) {
    await random.pick(LOTS)(space);
    const isLast = step === length - 1;
    if (isLast) await commitsAll(space);
    if (!isLast && !isWatched && !looks.chance(LOOKS)) continue;
    const now = await repo.id("HEAD");
    const files = now === head && !isLast ? [] : await findConcerned(repo, isLast ? undefined : head, now);
    wrong.push(...(await compare(space, { commit: now, files, afterStep: steps.length }, counts)));
    head = now;
  }
  if (keep !== undefined && wrong.length > 0)
    await cp(repo.path, join(keep, String(seed)), { recursive: true, verbatimSymlinks: true });
  return { seed, steps, wrong, ...counts };
}

/** A plain commit concerns what it changed; where history was made anew every line may come from elsewhere. */
async function findConcerned(
  repo: TestRepository,
  before: string | undefined,
  now: string,
): Promise<readonly string[]> {
  const isPlain = before !== undefined && (await repo.git(["rev-parse", `${now}^@`])).trim() === before;
  const listing = isPlain
    ? await repo.git(["diff-tree", "-r", "--name-only", "--diff-filter=d", "--no-renames", before, now])
    : await repo.git(["ls-tree", "-r", "--name-only", now]);
  return listing.split("\n").filter((name) => name !== "");
}

interface Comparison {
  readonly commit: string;
  readonly files: readonly string[];
  readonly afterStep: number;
}

async function compare(
  space: Workspace,
  { commit, files, afterStep }: Comparison,
  counts: { compared: number; allowedUnknown: number },
): Promise<readonly WrongOrigin[]> {
  const wrong: WrongOrigin[] = [];
  if (files.length === 0) return wrong;
  for (const { file, lines } of await space.recorder.blame(commit, files)) {
    for (const [index, line] of lines.entries()) {
      const expected = space.registry.expect(line.text);
      if (expected === undefined) continue;
      counts.compared += 1;
      if (isAllowed(expected, line)) {
        if (line.origin === "unknown") counts.allowedUnknown += 1;
        continue;
      }
      const found = `${line.origin} ${line.tool ?? ""}`.trim();
      const place = { afterStep, file, line: index + 1, text: line.text };
      wrong.push({ ...place, expected: describe(expected), found });
    }
  }
  return wrong;
}

function isAllowed(expected: Expectation, found: BlamedLine): boolean {
  if (expected.kind === "ai")
    return found.origin === "ai"
      ? found.tool === expected.tool || found.tool === expected.twin
      : expected.isLost === true && found.origin === "unknown";
  return found.origin === "human" || (!expected.isSeen && found.origin === "unknown");
}

function describe(expected: Expectation): string {
  if (expected.kind === "ai") return `ai ${expected.tool}`;
  return expected.isSeen ? "human" : "human or unknown";
}
