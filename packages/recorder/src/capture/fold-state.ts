// SPDX-License-Identifier: Apache-2.0
import { type AgentRef, type AttributedText, isSameAgent, type Origin } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import type { HeadMove } from "../commit/read-head-log.ts";
import type { JournalEntry, JournalStart, SeenFile } from "./journal-entry.ts";
import type { ContentSum } from "./snapshot-store.ts";
import type { PathState, SeenGap, WorkingState } from "./working-state.ts";

/** Contents as latin1 text; undefined where they are gone. */
export interface Contents {
  readonly snapshot: (sum: string) => string | undefined;
  readonly blob: (id: ObjectId) => string | undefined;
  /** The blob at a path of a commit; null for none, undefined where that is not known. */
  readonly blobAt: (commit: ObjectId, path: string) => ObjectId | null | undefined;
  /** Moves of HEAD as its log says now, oldest first. */
  readonly headMoves: () => readonly HeadMove[];
  /** Whether anything lies at a path of the work tree by now. */
  readonly isThere: (path: string) => boolean;
}

/** Working state while it is folded. */
export interface Fold {
  readonly paths: Map<string, PathState>;
  open: JournalEntry[];
  suspects: JournalEntry[];
  readonly started: JournalStart[];
  readonly gaps: SeenGap[];
  readonly contents: Contents;
  /** From here on nobody can say who made the next change of any path. */
  readonly doubtAll: () => void;
}

const MOST_EARLIER = 8;

export function startFold(state: WorkingState, contents: Contents): Fold {
  const { open, suspects, started, gaps } = state;
  const paths = new Map(state.paths);
  const doubtAll = (): void => {
    for (const [path, known] of paths) paths.set(path, { ...known, isDoubtful: true });
  };
  return {
    ...{ paths, contents, doubtAll },
    open: [...open],
    suspects: [...suspects],
    started: [...started],
    gaps: [...gaps],
  };
}

/** What a file under a new name goes on from: what it is known to have held, newest first, and its former names. */
export interface Lineage {
  readonly texts: readonly AttributedText[];
  readonly names: readonly string[];
}

/** What a path is now known to hold; `sum` is that of `present`. */
export interface Observation {
  readonly path: string;
  readonly sum: ContentSum;
  readonly present: AttributedText;
  /** Where it was not in view, and goes on from a file under another name. */
  readonly lineage?: Lineage | undefined;
}

/**
 * What a change makes of it is kept as an earlier text: an AI's lines may come back, what an AI changed may be undone, and a file
 * that is gone may turn up under another name.
 */
export function keep(fold: Fold, entry: JournalEntry, { path, sum, present, lineage }: Observation): void {
  const state = fold.paths.get(path);
  const isPast =
    state !== undefined &&
    (state.sum !== sum || state.present.lines.length !== present.lines.length) &&
    state.present.lines.length > 0 &&
    (sum === null || hasAi(state.present) || hasAi(present));
  const earlier = isPast ? [state.present, ...state.earlier] : (lineage?.texts ?? state?.earlier ?? []);
  const formerly = lineage?.names ?? state?.formerly;
  fold.paths.set(path, {
    present,
    sum,
    head: entry.head,
    at: entry.at,
    log: entry.log,
    ...(formerly === undefined ? {} : { formerly }),
    earlier: earlier.slice(0, MOST_EARLIER),
    touched: state?.touched ?? [],
  });
}

/** With a text of which nothing is known, last and at the cost of the oldest: it only tells what an undo has brought back. */
export function withReplaced(state: PathState, replaced: AttributedText | undefined): PathState {
  if (replaced === undefined) return state;
  return { ...state, earlier: [...state.earlier.slice(0, MOST_EARLIER - 1), replaced] };
}

export function hasAi({ origins }: AttributedText): boolean {
  return origins.some(({ kind }) => kind === "ai");
}

/** Notes that this call's agent changed a path; the path has a state by now. */
export function remember(fold: Fold, entry: JournalEntry, path: string): void {
  const state = fold.paths.get(path);
  const agent = toAgent(entry);
  if (state === undefined || state.touched.some((known) => isSameAgent(known, agent))) return;
  fold.paths.set(path, { ...state, touched: [...state.touched, agent] });
}

function toAgent({ tool, session, model }: JournalEntry): AgentRef {
  return { tool, session, model };
}

export function aiOrigin(entry: JournalEntry, evidence: "observed" | "inferred"): Origin {
  return { kind: "ai", agent: toAgent(entry), extent: "generated", evidence };
}

/** Git's own rule for what has no lines: a NUL in the first 8,000 bytes. */
const BINARY_PROBE = 8000;

/** Text of a snapshot; empty for an absent or binary file, undefined for one that is gone. */
export function contentOf(fold: Fold, sum: ContentSum): string | undefined {
  const text = sum === null ? "" : fold.contents.snapshot(sum);
  return text === undefined ? undefined : toTextOnly(text);
}

/** Empty for a content that has no lines. */
export function toTextOnly(content: string): string {
  return content.slice(0, BINARY_PROBE).includes("\0") ? "" : content;
}

/** A snapshot that cannot be read any more: whoever writes next, nobody knows what was there before. */
export function loseSnapshot(fold: Fold, { at }: JournalEntry, { path }: Pick<SeenFile, "path">): void {
  const state = fold.paths.get(path);
  if (state !== undefined) fold.paths.set(path, { ...state, isDoubtful: true });
  const message = `a snapshot of ${JSON.stringify(path)} is gone or damaged`;
  fold.gaps.push({ code: "snapshot-lost", message, at });
}
