// SPDX-License-Identifier: Apache-2.0
import { type Origin, splitLines } from "@countersign/core/attribution";
import { claimFile } from "./claim-file.ts";
import { endShell, seeOwnCommit } from "./end-shell.ts";
import { writeText } from "./fold-sources.ts";
import { contentOf, type Fold, keep, loseSnapshot } from "./fold-state.ts";
import { foreignSince, foreignTexts } from "./foreign-lines.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { closeCall, endSession, openCall } from "./open-calls.ts";
import { seeBrought } from "./see-brought.ts";
import { seeUnclaimed } from "./see-unclaimed.ts";
import { sortGoneFirst, sortLessenedFirst } from "./sort-files.ts";

/** Folds one entry in: what it saw is carried on from what was known, by whoever wrote it. */
export function foldEntry(fold: Fold, entry: JournalEntry): void {
  fold.gaps.push(...entry.gaps.map((gap) => ({ ...gap, at: entry.at })));
  switch (entry.phase) {
    case "before":
      for (const file of sortLessenedFirst(fold, entry.files)) seeUnclaimed(fold, entry, file);
      openCall(fold, entry);
      return;
    case "after":
    case "failed":
      endCall(fold, entry);
      return;
    case "human":
      for (const file of sortLessenedFirst(fold, entry.files)) seeTyped(fold, entry, file);
      return;
    case "session":
      endSession(fold, entry);
      return;
    case "commit":
      if (entry.callKey !== "") seeOwnCommit(fold, entry);
      else for (const file of sortLessenedFirst(fold, entry.files)) seeUnclaimed(fold, entry, file);
  }
}

function endCall(fold: Fold, entry: JournalEntry): void {
  const call = closeCall(fold, entry);
  // Agents name the model late; the one at the end is the one that wrote.
  const ended = { ...entry, model: entry.model ?? call?.model ?? null };
  if (entry.isWholeTree) endShell(fold, ended, call);
  else for (const file of sortGoneFirst(entry.files)) claimFile(fold, ended, file, call);
}

const HUMAN: Origin = { kind: "human", evidence: "observed" };

/** An editor says that a person changed the file since it was seen last. */
function seeTyped(fold: Fold, entry: JournalEntry, file: SeenFile): void {
  const content = contentOf(fold, file.sum);
  if (content === undefined) {
    loseSnapshot(fold, entry, file);
    return;
  }
  seeBrought(fold, entry, { path: file.path, sum: file.sum, content });
  const commits = foreignSince(fold, entry, fold.paths.get(file.path));
  const brought = foreignTexts(fold, file.path, commits);
  const { text, lineage } = writeText(fold, file, splitLines(content), HUMAN, brought);
  keep(fold, entry, { path: file.path, sum: file.sum, present: text, lineage });
}
