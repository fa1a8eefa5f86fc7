// SPDX-License-Identifier: Apache-2.0
import {
  type AttributedText,
  attributeAll,
  isSignificant,
  splitLines,
  UNKNOWN,
  type WrittenText,
} from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { findProposed, spread } from "./find-proposed.ts";
import { withOrigin, writeText } from "./fold-sources.ts";
import { aiOrigin, contentOf, type Fold, keep, loseSnapshot, remember } from "./fold-state.ts";
import { findForeign } from "./foreign-lines.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { isSameCall } from "./open-calls.ts";
import { headCommit } from "./read-head.ts";
import { seeCommitted } from "./see-committed.ts";
import { proposedTexts, seeUnclaimedText } from "./see-unclaimed.ts";
import type { ContentSum } from "./snapshot-store.ts";

/** One file at the end of an edit call; `call` is its beginning, where that was seen. */
export function claimFile(
  fold: Fold,
  entry: JournalEntry,
  file: SeenFile,
  call: JournalEntry | undefined,
): void {
  const content = contentOf(fold, file.sum);
  if (content === undefined) {
    loseSnapshot(fold, entry, file);
    return;
  }
  const told = file.told ?? {};
  const toldBefore = told.before ?? call?.files.find(({ path }) => path === file.path)?.told?.before;
  if (file.headBlob !== undefined && !fold.paths.has(file.path)) seeCommitted(fold, entry, file);
  if (call === undefined && entry.callKey !== "" && toldBefore === undefined) {
    claimUnseen(fold, entry, file, content);
    return;
  }
  if (toldBefore !== undefined) stepBefore(fold, entry, file, toldBefore);
  const after = told.after === undefined || told.after === null || file.sum === null ? undefined : told.after;
  const toldAfter = after === undefined ? undefined : contentOf(fold, after);
  if (toldAfter === undefined || !isOtherText(toldAfter, content)) {
    claim(fold, entry, file, { content, sum: file.sum, call });
    return;
  }
  // Somebody wrote between the call's end and our look.
  claim(fold, entry, file, {
    content: withEndsOf(fold, file.path, toldAfter),
    sum: after as ContentSum,
    call,
  });
  seeUnclaimedText(fold, entry, file, { content, sum: file.sum });
}

/** The payload's own full text before the call, where the disk had moved on since the snapshot. */
function stepBefore(fold: Fold, entry: JournalEntry, file: SeenFile, sum: ContentSum): void {
  const text = contentOf(fold, sum);
  const state = fold.paths.get(file.path);
  if (text === undefined || (state !== undefined && !isOtherText(state.present.lines.join(""), text))) return;
  const content = withEndsOf(fold, file.path, text);
  if (state === undefined)
    keep(fold, entry, { path: file.path, sum, present: attributeAll(content, UNKNOWN) });
  else seeUnclaimedText(fold, entry, file, { content, sum });
}

/** Agents report texts with their line ends made into LF; the file on disk keeps its own. */
function withEndsOf(fold: Fold, path: string, text: string): string {
  const lines = fold.paths.get(path)?.present.lines ?? [];
  const isWindows = lines.some((line) => line.endsWith("\r\n")) && !text.includes("\r");
  return isWindows ? text.replaceAll("\n", "\r\n") : text;
}

function isOtherText(a: string, b: string): boolean {
  return a !== b && a.replaceAll("\r\n", "\n") !== b.replaceAll("\r\n", "\n");
}

/**
 * The beginning of the call was lost: only what it says itself that it wrote is its own, and the rest is nobody's. A text that
 * repeats lines which stood there, such as a whole file written anew, repeats what people typed meanwhile as well.
 */
function claimUnseen(fold: Fold, entry: JournalEntry, file: SeenFile, content: string): void {
  const known = fold.paths.get(file.path);
  if (known === undefined) seeHeld(fold, entry, file);
  const { text, fresh, lineage } = writeText(fold, file, splitLines(content), UNKNOWN);
  const proposed = (file.proposed ?? []).flatMap((sum) => contentOf(fold, sum) ?? []);
  const told = known === undefined ? proposed : proposed.filter((one) => !repeatsAny(one, known.present));
  const own = findProposed(text.lines, fresh, told);
  const origin = aiOrigin(entry, "inferred");
  const present = withOrigin(text, [...own], () => origin);
  keep(fold, entry, { path: file.path, sum: file.sum, present, lineage });
  if (own.size > 0) remember(fold, entry, file.path);
  if (known?.sum === file.sum) return;
  const message = `nothing is known of ${JSON.stringify(file.path)} before an edit by ${entry.tool}`;
  fold.gaps.push({ code: "before-missing", message, at: entry.at });
}

/** What HEAD has there already was committed before the call, by whomever. */
function seeHeld(fold: Fold, entry: JournalEntry, file: SeenFile): void {
  const head = headCommit(entry.head);
  const headBlob = head === undefined ? undefined : fold.contents.blobAt(head, file.path);
  if (headBlob !== undefined) seeCommitted(fold, entry, { ...file, headBlob });
}

function repeatsAny(text: string, { lines }: AttributedText): boolean {
  const known = new Set(lines.filter(isSignificant).map((line) => line.trim()));
  return splitLines(text).some((line) => known.has(line.trim()));
}

export interface Claimed {
  readonly content: string;
  readonly sum: ContentSum;
  readonly call: JournalEntry | undefined;
  /** Commits whose text Git may have put there. */
  readonly foreign?: readonly ObjectId[] | undefined;
}

/** The change is this call's, but for what others wrote into the file at the same time. */
export function claim(fold: Fold, entry: JournalEntry, file: SeenFile, claimed: Claimed): void {
  const known = fold.paths.get(file.path);
  const written = writeText(fold, file, splitLines(claimed.content), aiOrigin(entry, "observed"));
  const present = claimText(fold, entry, file, { ...claimed, written });
  keep(fold, entry, { path: file.path, sum: claimed.sum, present, lineage: written.lineage });
  if (known === undefined ? claimed.sum !== null : known.sum !== claimed.sum)
    remember(fold, entry, file.path);
}

function claimText(
  fold: Fold,
  entry: JournalEntry,
  file: SeenFile,
  { written: { text, fresh }, call, foreign = [] }: Claimed & { readonly written: WrittenText },
): AttributedText {
  if (fresh.length === 0) return text;
  const own = (file.proposed ?? []).flatMap((sum) => contentOf(fold, sum) ?? []);
  const ownLines = findProposed(text.lines, fresh, own);
  const others = otherCalls(fold, entry, file.path).map((other) => ({
    origin: aiOrigin(other, "inferred"),
    indices: findProposed(text.lines, fresh, proposedTexts(fold, other, file.path)),
  }));
  const strange = new Set([
    ...findForeign(fold, file.path, text.lines, fresh, foreign),
    ...findUnannounced(text, fresh, ownLines, entry, call),
  ]);
  return withOrigin(text, fresh, (index) => {
    if (ownLines.has(index)) return undefined;
    return (
      others.find(({ indices }) => indices.has(index))?.origin ?? (strange.has(index) ? UNKNOWN : undefined)
    );
  });
}

/** A call this short leaves nobody time to type into the file in between. */
const SHORT_CALL_S = 2;

/**
 * Lines that an edit never said it would write, in a call that waited: for leave to go on, say, while a person went on
 * typing. Where nothing of what it announced is found it writes in another form, and all is its own.
 */
function findUnannounced(
  { lines }: AttributedText,
  fresh: readonly number[],
  own: ReadonlySet<number>,
  entry: JournalEntry,
  call: JournalEntry | undefined,
): ReadonlySet<number> {
  const isShort = call === undefined || call.action !== "edit" || entry.at - call.at <= SHORT_CALL_S;
  if (isShort || own.size === 0) return new Set();
  const rest = fresh.filter((index) => !own.has(index));
  const telling = rest.filter((index) => isSignificant(lines[index] as string));
  if (telling.length === 0) return new Set();
  return spread(
    new Set(telling),
    rest.filter((index) => !isSignificant(lines[index] as string)),
  );
}

function otherCalls(fold: Fold, entry: JournalEntry, path: string): readonly JournalEntry[] {
  return fold.open.filter(
    (call) =>
      call.action === "edit" && !isSameCall(call, entry) && call.files.some((file) => file.path === path),
  );
}
