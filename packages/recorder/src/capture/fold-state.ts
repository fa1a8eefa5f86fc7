// SPDX-License-Identifier: Apache-2.0
import {
  type AgentRef,
  type AttributedText,
  attributeLines,
  EMPTY_TEXT,
  isSameAgent,
  type Origin,
  splitLines,
} from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import type { ContentSum } from "./snapshot-store.ts";
import type { PathState, SeenGap, WorkingState } from "./working-state.ts";

/** Contents as latin1 text; undefined where they are gone. */
export interface Contents {
  readonly snapshot: (sum: string) => string | undefined;
  readonly blob: (id: ObjectId) => string | undefined;
}

/** Working state while it is folded; changed by this file only. */
export interface Fold {
  readonly paths: Map<string, PathState>;
  open: JournalEntry[];
  gaps: SeenGap[];
  readonly contents: Contents;
}

const MOST_EARLIER = 8;
const MOST_LENDERS = 16;

export function startFold(state: WorkingState, contents: Contents): Fold {
  const { paths, open, gaps } = state;
  return { paths: new Map(paths), open: [...open], gaps: [...gaps], contents };
}

/** The path's own past first; a path without one may be a renamed file, whose lines the vanished ones lend. */
export function sourcesOf(fold: Fold, file: SeenFile): readonly AttributedText[] {
  const state =
    fold.paths.get(file.path) ?? (file.movedFrom === undefined ? undefined : fold.paths.get(file.movedFrom));
  if (state !== undefined && state.sum !== null) return [state.present, ...state.earlier];
  const same = [...fold.paths.values()].find(({ sum }) => sum !== null && sum === file.sum);
  const gone = [...fold.paths.values()].filter(({ sum }) => sum === null).flatMap(({ earlier }) => earlier);
  const own = state === undefined ? [] : [state.present, ...state.earlier];
  const lenders = [...own, ...(same === undefined ? [] : [same.present]), ...gone];
  return [state?.present ?? EMPTY_TEXT, ...lenders.slice(0, MOST_LENDERS)];
}

export function carryFrom(fold: Fold, file: SeenFile, content: string, writer: Origin): AttributedText {
  return attributeLines(splitLines(content), sourcesOf(fold, file), writer);
}

export function keep(fold: Fold, entry: JournalEntry, file: SeenFile, present: AttributedText): void {
  const state = fold.paths.get(file.path);
  const isChanged = state !== undefined && state.present.lines.join("") !== present.lines.join("");
  const earlier =
    isChanged && state.present.origins.some(({ kind }) => kind === "ai")
      ? [state.present, ...state.earlier].slice(0, MOST_EARLIER)
      : (state?.earlier ?? []);
  const { sum, path } = file;
  fold.paths.set(path, {
    present,
    sum,
    head: entry.head,
    at: entry.at,
    earlier,
    touched: state?.touched ?? [],
  });
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

export function contentOf(fold: Fold, sum: ContentSum): string | undefined {
  return sum === null ? "" : fold.contents.snapshot(sum);
}

export function lost({ at }: JournalEntry, path: string): SeenGap {
  return { code: "snapshot-lost", message: `a snapshot of ${JSON.stringify(path)} is gone or damaged`, at };
}
