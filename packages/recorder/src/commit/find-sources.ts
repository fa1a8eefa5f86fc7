// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, UNKNOWN } from "@countersign/core/attribution";
import { hasAi } from "../capture/fold-state.ts";
import { findMostAlike, goneTexts, type PastText, textsWithAi } from "../capture/vanished-texts.ts";
import { textsOf, type WorkingState } from "../capture/working-state.ts";
import type { TargetCommit } from "../derive/read-targets.ts";
import type { TargetFile } from "../derive/target-file.ts";
import { fillUnknown } from "./fill-unknown.ts";
import { keepNearer } from "./keep-nearer.ts";
import type { TakenUp } from "./taken-up.ts";

/** Where the lines of a file of a commit may come from. */
export interface FileSources {
  /** Latest first; none where nothing is known. */
  readonly texts: readonly AttributedText[];
  /** What the file was in the commit that is taken up. */
  readonly again: AttributedText | undefined;
}

const NOTHING_TAKEN_UP: TakenUp = new Map();

/** Texts that may lend to a file that has no past of its own. */
const MOST_LENDERS = 16;

/** The file's own past; else, for a file that is new here, what its parent had and what vanished elsewhere. */
export function findSources(
  file: TargetFile,
  target: TargetCommit,
  state: WorkingState,
  takenUp: TakenUp = NOTHING_TAKEN_UP,
): FileSources {
  const again = findAgain(file, target, state, takenUp);
  return {
    texts: findTexts(file, state, { again, lenders: findLenders(file, target, state, takenUp), takenUp }),
    again,
  };
}

interface Beside {
  readonly again: AttributedText | undefined;
  readonly lenders: readonly AttributedText[];
  readonly takenUp: TakenUp;
}

function findTexts(
  file: TargetFile,
  state: WorkingState,
  { again, lenders, takenUp }: Beside,
): readonly AttributedText[] {
  const known = state.paths.get(file.path);
  const others = [...(again === undefined ? [] : [again]), ...lenders];
  // A file that was as committed when an event showed it first is known by its commit's record only.
  const filled = (text: AttributedText) => (again === undefined ? text : fillUnknown(text, again));
  if (known !== undefined && known.sum !== null) return [filled(known.present), ...known.earlier, ...others];
  const isOwn = again !== undefined && takenUp.has(file.path);
  const past = known === undefined && !isOwn ? findPast(file, state) : undefined;
  if (past !== undefined) return [filled(past.text), ...others];
  // What was amended is what the file was changed from: a line of its own that somebody changed is not its parent's.
  if (known === undefined && again !== undefined) return [again, toUnknown(file), ...lenders];
  const own = known === undefined ? [] : known.earlier;
  if (own.length + others.length === 0) return [];
  return [toUnknown(file), ...own, ...others];
}

function toUnknown({ parents: [parent = []] }: TargetFile): AttributedText {
  return { lines: parent, origins: parent.map(() => UNKNOWN) };
}

/** Under its name or, where the file is new, under one of which the commit adds nothing any more: a rename between the two. */
function findAgain(
  file: TargetFile,
  { files }: TargetCommit,
  { paths }: WorkingState,
  takenUp: TakenUp,
): AttributedText | undefined {
  const { path, parents, lines } = file;
  const own = takenUp.get(path);
  if (own !== undefined) return own.isSure ? own.text : keepNearer(own.text, file);
  if (parents.length > 0) return undefined;
  const kept = new Set(files.map((one) => one.path));
  const gone = [...takenUp].flatMap(([former, { text }]) => (kept.has(former) ? [] : [{ text }]));
  if (gone.length === 0) return undefined;
  // As it is now it may be nothing like that any more, when an agent came to it under the new name already.
  const known = paths.get(path);
  const forms = [lines, ...(known === undefined ? [] : textsOf(known).map((text) => text.lines))];
  for (const form of forms) {
    const found = findMostAlike(gone, form);
    if (found !== undefined) return found.text;
  }
  return undefined;
}

/** A file that was in view under another name until now, and is new here. */
export function findVanished(
  { path, parents, lines }: TargetFile,
  { paths }: WorkingState,
): PastText | undefined {
  return parents.length > 0 ? undefined : findMostAlike(goneTexts(paths, path), lines);
}

/** The same, or a copy of one with an AI's lines: that the first one is gone, nobody may have seen yet. */
export function findPast(file: TargetFile, state: WorkingState): PastText | undefined {
  const { parents, lines } = file;
  return (
    findVanished(file, state) ??
    (parents.length > 0 ? undefined : findMostAlike(textsWithAi(state.paths), lines))
  );
}

/** Texts with an AI's lines whose own file is gone, or lost lines in this commit: a rename, or a block that moved. */
function findLenders(
  file: TargetFile,
  target: TargetCommit,
  state: WorkingState,
  takenUp: TakenUp,
): readonly AttributedText[] {
  const removed = new Set(target.removed.map(({ path }) => path));
  const changed = new Set(target.files.map(({ path }) => path));
  const lenders: AttributedText[] = [];
  for (const [path, known] of state.paths) {
    if (path === file.path) continue;
    if (known.sum === null || removed.has(path)) lenders.push(...textsOf(known));
    else if (changed.has(path)) lenders.push(...known.earlier.slice(0, 2));
  }
  for (const [path, { text, isSure }] of takenUp) if (isSure && path !== file.path) lenders.push(text);
  return lenders.filter(hasAi).slice(0, MOST_LENDERS);
}
