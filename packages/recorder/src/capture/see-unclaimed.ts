// SPDX-License-Identifier: Apache-2.0
import { type Origin, splitLines, UNKNOWN, type WrittenText } from "@countersign/core/attribution";
import { findProposed } from "./find-proposed.ts";
import { findPredecessor, withOrigin, writeText } from "./fold-sources.ts";
import { aiOrigin, contentOf, type Fold, keep, loseSnapshot, type Observation } from "./fold-state.ts";
import { findForeign, foreignSince, foreignTexts } from "./foreign-lines.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { isSameCall } from "./open-calls.ts";
import { headCommit } from "./read-head.ts";
import { retellPasted } from "./retell-pasted.ts";
import { seeBrought } from "./see-brought.ts";
import type { ContentSum } from "./snapshot-store.ts";
import { isTypable } from "./unclaimed-writer.ts";
import type { PathState } from "./working-state.ts";

const HUMAN: Origin = { kind: "human", evidence: "observed" };

/** Content that changed outside any call that we know to have written it. */
export function seeUnclaimed(fold: Fold, entry: JournalEntry, file: SeenFile): void {
  const content = contentOf(fold, file.sum);
  if (content === undefined) {
    loseSnapshot(fold, entry, file);
    return;
  }
  seeUnclaimedText(fold, entry, file, { content, sum: file.sum });
}

/** The same for a content that is not the file's own, such as what a payload says that it found. */
export function seeUnclaimedText(
  fold: Fold,
  entry: JournalEntry,
  file: SeenFile,
  { content, sum }: { readonly content: string; readonly sum: ContentSum },
): void {
  const { path } = file;
  seeBrought(fold, entry, { path, sum, content });
  const state = fold.paths.get(path);
  const isSame = state !== undefined && state.sum === sum;
  const seen = isSame ? { present: state.present } : unclaimed(fold, entry, file, splitLines(content));
  if (!isSame) settleSuspects(fold, entry, path);
  keep(fold, entry, { path, sum, ...seen });
  if (!isSame) retellPasted(fold, path);
}

function unclaimed(
  fold: Fold,
  entry: JournalEntry,
  file: SeenFile,
  lines: readonly string[],
): Pick<Observation, "present" | "lineage"> {
  // A file that was in view under another name is in view.
  const state = fold.paths.get(file.path) ?? findPredecessor(fold, file, lines);
  const commits = foreignSince(fold, entry, state);
  const written = writeText(fold, file, lines, HUMAN, foreignTexts(fold, file.path, commits));
  const { text, fresh, lineage } = written;
  if (fresh.length === 0) return { present: text, lineage };
  const isTyped = mayBeTyped(fold, entry, file.path, state) && isTypableFrom(state, written, entry);
  const foreign = findForeign(fold, file.path, lines, fresh, commits);
  const claims = claimsOf(fold, entry, file.path, written);
  const present = withOrigin(text, fresh, (index) => {
    const claim = claims.find(({ indices }) => indices.has(index));
    return claim?.origin ?? (isTyped && !foreign.has(index) ? undefined : UNKNOWN);
  });
  return { present, lineage };
}

function isTypableFrom(
  state: PathState | undefined,
  { text, fresh }: WrittenText,
  { at }: JournalEntry,
): boolean {
  const before = state?.present.lines ?? [];
  return isTypable({ before, after: text.lines, fresh, seconds: state === undefined ? 0 : at - state.at });
}

/** A person's, as far as anybody can tell: the recorder knew the file, nothing was lost since, and no command was running. */
function mayBeTyped(fold: Fold, entry: JournalEntry, path: string, state: PathState | undefined): boolean {
  if (state === undefined || state.isDoubtful === true) return false;
  const shell = fold.open.find((call) => call.action === "shell" && !isSameCall(call, entry));
  if (shell !== undefined) {
    const message = `${JSON.stringify(path)} changed while a command of ${shell.tool} was running`;
    fold.gaps.push({ code: "shell-running", message, at: entry.at });
    return false;
  }
  if (state.head === entry.head) return true;
  // Git may have written the file on the way to another HEAD; only where it is known what it wrote can the rest be told.
  const head = headCommit(entry.head);
  return head !== undefined && fold.contents.blobAt(head, path) !== undefined;
}

interface Claim {
  readonly origin: Origin;
  readonly indices: ReadonlySet<number>;
}

/** What edit calls that have not ended, or ended without a word, had wanted to write into this file. */
function claimsOf(
  fold: Fold,
  entry: JournalEntry,
  path: string,
  { text, fresh }: WrittenText,
): readonly Claim[] {
  const calls = [...fold.open, ...fold.suspects].filter(
    (call) => call.action === "edit" && !isSameCall(call, entry),
  );
  return calls.map((call) => ({
    origin: aiOrigin(call, "inferred"),
    indices: findProposed(text.lines, fresh, proposedTexts(fold, call, path)),
  }));
}

export function proposedTexts(fold: Fold, call: JournalEntry, path: string): readonly string[] {
  const sums = call.files.filter((file) => file.path === path).flatMap(({ proposed }) => proposed ?? []);
  return sums.flatMap((sum) => contentOf(fold, sum) ?? []);
}

/** A call that ended without a word is judged by the first change after it and then forgotten. */
function settleSuspects(fold: Fold, entry: JournalEntry, path: string): void {
  fold.suspects = fold.suspects.filter(
    (call) => isSameCall(call, entry) || !call.files.some((file) => file.path === path),
  );
}
