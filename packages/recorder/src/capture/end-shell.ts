// SPDX-License-Identifier: Apache-2.0
import { splitLines, UNKNOWN } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { type Claimed, claim } from "./claim-file.ts";
import { writeText } from "./fold-sources.ts";
import { contentOf, type Fold, keep, loseSnapshot, toTextOnly } from "./fold-state.ts";
import { foreignCommits } from "./foreign-lines.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { isSameCall } from "./open-calls.ts";
import { seeCommitted } from "./see-committed.ts";
import { sortGoneFirst } from "./sort-files.ts";

/** What differs from HEAD after a shell command and did not before, or not so, the command wrote. */
export function endShell(fold: Fold, entry: JournalEntry, call: JournalEntry | undefined): void {
  if (call === undefined) {
    seeUnpaired(fold, entry);
    return;
  }
  const before = new Map(call.files.map((file) => [file.path, file]));
  const isStaged = ({ path, stagedBlob }: SeenFile) =>
    stagedBlob !== undefined && before.get(path)?.stagedBlob !== stagedBlob;
  const changed = entry.files.filter(
    (file) =>
      before.get(file.path)?.sum !== file.sum ||
      fold.paths.get(file.path)?.sum !== file.sum ||
      isStaged(file),
  );
  const told = changed.filter((file) => before.has(file.path) || seeCommitted(fold, entry, file));
  const foreign = foreignCommits(fold, entry, { head: call.head, others: call.others ?? [], call });
  // What went away first: it may stand under another name now.
  for (const file of sortGoneFirst(told)) {
    if (file.stashedBlob !== undefined) claimBlob(fold, entry, file, { blob: file.stashedBlob, call });
    if (isStaged(file)) claimBlob(fold, entry, file, { blob: file.stagedBlob ?? "", call, foreign });
    const content = contentOf(fold, file.sum);
    if (content === undefined) loseSnapshot(fold, entry, file);
    else claim(fold, entry, file, { content, sum: file.sum, call, foreign });
  }
}

/** What the command left in the index or the stash alone is its own as well: it may come into a commit, whatever lies on disk. */
function claimBlob(
  fold: Fold,
  entry: JournalEntry,
  file: SeenFile,
  { blob, ...claimed }: Pick<Claimed, "call" | "foreign"> & { readonly blob: ObjectId },
): void {
  const content = fold.contents.blob(blob);
  if (content === undefined) loseSnapshot(fold, entry, file);
  else claim(fold, entry, file, { ...claimed, content: toTextOnly(content), sum: `blob ${blob}` });
}

/** The beginning of the command was lost. A hook that fires twice ends a call twice, and then nothing is new. */
function seeUnpaired(fold: Fold, entry: JournalEntry): void {
  for (const file of sortGoneFirst(entry.files)) {
    const state = fold.paths.get(file.path);
    if (state?.sum === file.sum) continue;
    const content = contentOf(fold, file.sum);
    if (content === undefined) {
      loseSnapshot(fold, entry, file);
      continue;
    }
    const { text, lineage } = writeText(fold, file, splitLines(content), UNKNOWN);
    keep(fold, entry, { path: file.path, sum: file.sum, present: text, lineage });
    const message = `nothing is known of ${JSON.stringify(file.path)} before a command of ${entry.tool}`;
    fold.gaps.push({ code: "before-missing", message, at: entry.at });
  }
}

/** A commit that an agent makes inside its own shell call: what it holds is the shell's, and the call goes on. */
export function seeOwnCommit(fold: Fold, entry: JournalEntry): void {
  const call = fold.open.find((open) => isSameCall(open, entry));
  if (call === undefined) return;
  const { tool, session } = call;
  endShell(fold, { ...entry, tool, session, model: entry.model ?? call.model }, call);
  const seen = new Set(entry.files.map(({ path }) => path));
  const files = [...call.files.filter(({ path }) => !seen.has(path)), ...entry.files];
  fold.open = fold.open.map((open) => (open === call ? { ...call, files } : open));
}
