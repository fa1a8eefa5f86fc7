// SPDX-License-Identifier: Apache-2.0
import { renameSync, writeFileSync } from "node:fs";
import { type AttributedText, isSameOrigin, type Origin, splitLines } from "@countersign/core/attribution";
import type { ConsumedBytes } from "./journal.ts";
import type { ConsumedLosses } from "./losses.ts";
import { changedAt, readOwnFile } from "./own-file.ts";
import type { RecorderFolder } from "./recorder-folder.ts";
import { getSnapshot, putSnapshot } from "./snapshot-store.ts";
import { NO_STATE, type PathState, type SeenGap, type WorkingState } from "./working-state.ts";

/** A text as a content and runs of lines with one origin, by index into the table. */
interface StoredText {
  readonly sum: string;
  readonly runs: readonly (readonly [lines: number, origin: number])[];
}

interface StoredStates {
  readonly version: 1;
  readonly consumed: ConsumedBytes;
  readonly origins: readonly Origin[];
  readonly paths: readonly (Omit<PathState, "present" | "earlier"> & {
    readonly path: string;
    readonly present: StoredText;
    readonly earlier: readonly StoredText[];
  })[];
  readonly consumedLosses?: ConsumedLosses;
  readonly open: WorkingState["open"];
  readonly suspects?: WorkingState["suspects"];
  readonly started?: WorkingState["started"];
  readonly gaps: WorkingState["gaps"];
}

export interface LoadedStates {
  readonly state: WorkingState;
  readonly consumed: ConsumedBytes;
  readonly consumedLosses: ConsumedLosses;
}

const NOTHING_CONSUMED = { consumed: {}, consumedLosses: { bytes: 0, mark: 0 } };

export function loadStates(folder: RecorderFolder): LoadedStates {
  try {
    const bytes = readOwnFile(folder.states);
    if (bytes === undefined) return { state: NO_STATE, ...NOTHING_CONSUMED };
    return toState(folder, JSON.parse(bytes.toString("utf8")) as StoredStates);
  } catch {
    const message = "what was recorded before cannot be read any more";
    const at = changedAt(folder.states);
    return { state: { ...NO_STATE, gaps: [{ code: "states-damaged", message, at }] }, ...NOTHING_CONSUMED };
  }
}

/** The calls that were open at the last fold, without the texts; none where that cannot be read. */
export function loadOpenCalls(folder: RecorderFolder): WorkingState["open"] {
  try {
    return (JSON.parse(String(readOwnFile(folder.states))) as StoredStates).open;
  } catch {
    return [];
  }
}

/** How far the journal was folded in; nothing where that cannot be read. */
export function loadConsumed(folder: RecorderFolder): ConsumedBytes {
  try {
    return (JSON.parse(String(readOwnFile(folder.states))) as StoredStates).consumed;
  } catch {
    return {};
  }
}

function toState(folder: RecorderFolder, stored: StoredStates): LoadedStates {
  const lost: SeenGap[] = [];
  const paths = new Map<string, PathState>();
  for (const { path, present, earlier, ...rest } of stored.paths) {
    const text = toText(folder, present, stored.origins);
    if (text === undefined)
      lost.push({
        code: "snapshot-lost",
        message: `a snapshot of ${JSON.stringify(path)} is gone or damaged`,
        at: rest.at,
      });
    else
      paths.set(path, {
        ...rest,
        present: text,
        earlier: earlier.flatMap((one) => toText(folder, one, stored.origins) ?? []),
      });
  }
  const { open, suspects = [], started = [], gaps, consumed } = stored;
  const state = { paths, open, suspects, started, gaps: [...gaps, ...lost] };
  return { state, consumed, consumedLosses: stored.consumedLosses ?? NOTHING_CONSUMED.consumedLosses };
}

function toText(
  folder: RecorderFolder,
  { sum, runs }: StoredText,
  table: readonly Origin[],
): AttributedText | undefined {
  const bytes = getSnapshot(folder.snapshots, sum);
  if (bytes === undefined) return undefined;
  const lines = splitLines(Buffer.from(bytes).toString("latin1"));
  const origins = runs.flatMap(([count, index]) =>
    Array.from({ length: count }, () => table[index] as Origin),
  );
  return origins.length === lines.length && !origins.includes(undefined as never)
    ? { lines, origins }
    : undefined;
}

export interface StatesToStore {
  readonly state: WorkingState;
  readonly consumed: ConsumedBytes;
  readonly consumedLosses: ConsumedLosses;
}

/** Whole or not at all; returns the sums that it refers to. */
export function storeStates(
  folder: RecorderFolder,
  { state, consumed, consumedLosses }: StatesToStore,
): ReadonlySet<string> {
  const origins: Origin[] = [];
  const sums = new Set<string>();
  const indexOf = (origin: Origin): number => {
    const known = origins.findIndex(
      (other) => isSameOrigin(origin, other) && overOf(origin) === overOf(other),
    );
    return known >= 0 ? known : origins.push(origin) - 1;
  };
  const toStored = (text: AttributedText): StoredText => {
    const sum = putSnapshot(folder.snapshots, Buffer.from(text.lines.join(""), "latin1"));
    sums.add(sum);
    const runs: [number, number][] = [];
    for (const origin of text.origins) {
      const index = indexOf(origin);
      const last = runs.at(-1);
      if (last?.[1] === index) last[0] += 1;
      else runs.push([1, index]);
    }
    return { sum, runs };
  };
  const paths = [...state.paths].map(([path, { present, earlier, ...rest }]) => ({
    path,
    ...rest,
    present: toStored(present),
    earlier: earlier.map(toStored),
  }));
  const { open, suspects, started, gaps } = state;
  const stored: StoredStates = {
    version: 1,
    ...{ consumed, consumedLosses, origins, paths, open, suspects, started, gaps },
  };
  const draft = `${folder.states}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(stored), { mode: 0o600 });
  renameSync(draft, folder.states);
  for (const call of [...open, ...suspects]) for (const sum of sumsOf(call)) sums.add(sum);
  return sums;
}

function overOf(origin: Origin): string | undefined {
  return origin.kind === "human" ? origin.over : undefined;
}

function sumsOf(call: WorkingState["open"][number]): readonly string[] {
  return call.files.flatMap(({ sum, told, proposed }) =>
    [sum, told?.before, told?.after, ...(proposed ?? [])].filter((one) => typeof one === "string"),
  );
}
