// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, attributeAll, splitLines, UNKNOWN } from "@countersign/core/attribution";
import { claimProposed } from "./claim-proposed.ts";
import { aiOrigin, carryFrom, contentOf, type Fold, keep, lost, remember, sourcesOf } from "./fold-state.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import type { ContentSum } from "./snapshot-store.ts";
import { attributeUnclaimed } from "./unclaimed-writer.ts";

/** Folds one entry in: what it saw is carried on from what was known, by whoever wrote it. */
export function foldEntry(fold: Fold, entry: JournalEntry): void {
  fold.gaps.push(...entry.gaps.map((gap) => ({ ...gap, at: entry.at })));
  switch (entry.phase) {
    case "before":
      for (const file of entry.files) seeUnclaimed(fold, entry, file, []);
      expireFailed(fold, entry);
      if (!fold.open.some((call) => isSameCall(call, entry))) fold.open.push(entry);
      return;
    case "after":
    case "failed":
      endCall(fold, entry);
      return;
    case "human":
      for (const file of entry.files) {
        const content = contentOf(fold, file.sum);
        if (content !== undefined)
          keep(fold, entry, file, carryFrom(fold, file, content, { kind: "human", evidence: "observed" }));
      }
      return;
    case "session":
      fold.open = fold.open.filter((call) => !isOver(call, entry));
      return;
    case "commit":
      if (entry.callKey === "") for (const file of entry.files) seeUnclaimed(fold, entry, file, []);
      else seeOwnCommit(fold, entry);
  }
}

function isSameCall(a: JournalEntry, b: JournalEntry): boolean {
  return a.callKey !== "" && a.callKey === b.callKey && a.tool === b.tool && a.session === b.session;
}

/** A failed edit often has no `after`: the next call of the same agent on the same file says that it is over. */
function expireFailed(fold: Fold, entry: JournalEntry): void {
  const paths = new Set(entry.files.map(({ path }) => path));
  fold.open = fold.open.filter(
    (call) =>
      isSameCall(call, entry) ||
      call.action !== "edit" ||
      entry.action !== "edit" ||
      call.session !== entry.session ||
      call.subAgent !== entry.subAgent ||
      !call.files.some(({ path }) => paths.has(path)),
  );
}

function isOver(call: JournalEntry, { session, tool, subAgent, isFinal }: JournalEntry): boolean {
  return call.session === session && call.tool === tool && (isFinal || call.subAgent === subAgent);
}

function endCall(fold: Fold, entry: JournalEntry): void {
  const call = fold.open.find((open) => isSameCall(open, entry));
  fold.open = fold.open.filter((open) => open !== call);
  if (entry.isWholeTree) endShell(fold, entry, call);
  else for (const file of entry.files) claimFile(fold, entry, file, call);
}

/** What differs from HEAD after a shell command and did not before, or not so, the command wrote. */
function endShell(fold: Fold, entry: JournalEntry, call: JournalEntry | undefined): void {
  const before = new Map(call?.files.map((file) => [file.path, file]));
  for (const file of entry.files) {
    const known = before.get(file.path);
    if (known?.sum === file.sum) continue;
    const content = contentOf(fold, file.sum);
    if (content === undefined) {
      fold.gaps.push(lost(entry, file.path));
      continue;
    }
    if (call === undefined) {
      fold.gaps.push({
        code: "before-missing",
        message: `nothing is known of ${JSON.stringify(file.path)} before a shell command`,
        at: entry.at,
      });
      keep(fold, entry, file, carryFrom(fold, file, content, UNKNOWN));
      continue;
    }
    if (known === undefined) seeCommitted(fold, entry, file);
    claim(fold, entry, file, content);
  }
}

/** The file was as HEAD had it when the command began. */
function seeCommitted(fold: Fold, entry: JournalEntry, file: SeenFile): void {
  const base = file.headBlob === null || file.headBlob === undefined ? "" : fold.contents.blob(file.headBlob);
  if (base === undefined) {
    fold.gaps.push(lost(entry, file.path));
    return;
  }
  const state = fold.paths.get(file.path);
  if (state !== undefined && state.present.lines.join("") === base) return;
  keep(fold, entry, file, carryFrom(fold, file, base, UNKNOWN));
}

/** A commit that an agent makes inside its own shell call: what it holds is the shell's, and the call goes on. */
function seeOwnCommit(fold: Fold, entry: JournalEntry): void {
  const call = fold.open.find((open) => isSameCall(open, entry));
  if (call === undefined) return;
  endShell(
    fold,
    { ...entry, tool: call.tool, session: call.session, model: entry.model ?? call.model },
    call,
  );
  const seen = new Set(entry.files.map(({ path }) => path));
  const files = [...call.files.filter(({ path }) => !seen.has(path)), ...entry.files];
  fold.open = fold.open.map((open) => (open === call ? { ...call, files } : open));
}

function claimFile(fold: Fold, entry: JournalEntry, file: SeenFile, call: JournalEntry | undefined): void {
  const content = contentOf(fold, file.sum);
  if (content === undefined) {
    fold.gaps.push(lost(entry, file.path));
    return;
  }
  const told = file.told ?? {};
  const toldBefore = told.before ?? call?.files.find(({ path }) => path === file.path)?.told?.before;
  if (file.headBlob !== undefined && !fold.paths.has(file.path)) seeCommitted(fold, entry, file);
  const state = fold.paths.get(file.path);
  if (state === undefined && file.movedFrom === undefined && toldBefore === undefined && call === undefined) {
    claimUnseen(fold, entry, file, content);
    return;
  }
  if (toldBefore !== undefined) stepTo(fold, entry, file, toldBefore, "before");
  if (told.after !== undefined && told.after !== null && file.sum !== null)
    stepTo(fold, entry, file, told.after, "after");
  const toldAfter = told.after === undefined || told.after === null ? undefined : contentOf(fold, told.after);
  if (toldAfter !== undefined && isOtherText(toldAfter, content)) seeUnclaimed(fold, entry, file, [entry]);
  else claim(fold, entry, file, content);
}

/** The payload's own full texts, where the disk has moved on in between: the state before the call, or right after it. */
function stepTo(
  fold: Fold,
  entry: JournalEntry,
  file: SeenFile,
  sum: ContentSum,
  when: "before" | "after",
): void {
  const text = contentOf(fold, sum);
  const state = fold.paths.get(file.path);
  if (text === undefined || (state !== undefined && !isOtherText(state.present.lines.join(""), text))) return;
  const content =
    state !== undefined && hasCrlf(state.present) && !text.includes("\r")
      ? text.replaceAll("\n", "\r\n")
      : text;
  if (when === "after") claim(fold, entry, file, content);
  else if (state === undefined) keep(fold, entry, file, attributeAll(content, UNKNOWN));
  else keep(fold, entry, file, unclaimed(fold, entry, file, content, []));
}

function hasCrlf(text: AttributedText): boolean {
  return text.lines.some((line) => line.endsWith("\r\n"));
}

/** Agents report texts with their line ends made into LF. */
function isOtherText(a: string, b: string): boolean {
  return a !== b && a.replaceAll("\r\n", "\n") !== b.replaceAll("\r\n", "\n");
}

/** No state and no `before`: only what the call itself says that it wrote is its own. */
function claimUnseen(fold: Fold, entry: JournalEntry, file: SeenFile, content: string): void {
  fold.gaps.push({
    code: "before-missing",
    message: `nothing is known of ${JSON.stringify(file.path)} before an edit`,
    at: entry.at,
  });
  const lines = splitLines(content);
  const proposed = (file.proposed ?? []).flatMap((sum) => contentOf(fold, sum) ?? []);
  const text = claimProposed(
    { lines, origins: lines.map(() => UNKNOWN) },
    proposed,
    aiOrigin(entry, "inferred"),
    UNKNOWN,
  );
  keep(fold, entry, file, text);
  if (text.origins.some(({ kind }) => kind === "ai")) remember(fold, entry, file.path);
}

function claim(fold: Fold, entry: JournalEntry, file: SeenFile, content: string): void {
  const origin = aiOrigin(entry, "observed");
  let text = carryFrom(fold, file, content, origin);
  const own = (file.proposed ?? []).flatMap((sum) => contentOf(fold, sum) ?? []);
  for (const other of otherCalls(fold, entry, file.path)) {
    const theirs = proposedTexts(fold, other, file.path).filter((piece) => !own.includes(piece));
    text = claimProposed(text, theirs, aiOrigin(other, "inferred"), origin, own);
  }
  const state = fold.paths.get(file.path);
  keep(fold, entry, file, text);
  if (state === undefined || state.present.lines.join("") !== content) remember(fold, entry, file.path);
}

/** Content that changed outside any call that we know to have written it. */
function seeUnclaimed(
  fold: Fold,
  entry: JournalEntry,
  file: SeenFile,
  except: readonly JournalEntry[],
): void {
  const known = fold.paths.get(file.path);
  if (known !== undefined && known.sum === file.sum) {
    keep(fold, entry, file, known.present);
    return;
  }
  const content = contentOf(fold, file.sum);
  if (content === undefined) {
    fold.gaps.push(lost(entry, file.path));
    return;
  }
  const state = fold.paths.get(file.path);
  if (state !== undefined && state.present.lines.join("") === content) {
    keep(fold, entry, file, state.present);
    return;
  }
  keep(fold, entry, file, unclaimed(fold, entry, file, content, except));
}

function unclaimed(
  fold: Fold,
  entry: JournalEntry,
  file: SeenFile,
  content: string,
  except: readonly JournalEntry[],
): AttributedText {
  const state = fold.paths.get(file.path);
  const lines = splitLines(content);
  const calls = fold.open.filter((call) => !except.includes(call) && !isSameCall(call, entry));
  const hasShell = calls.some((call) => call.action === "shell");
  const mayBeTyped = state !== undefined && state.head === entry.head && !hasShell;
  const seconds = state === undefined ? 0 : entry.at - state.at;
  let text = attributeUnclaimed({ lines, sources: sourcesOf(fold, file), mayBeTyped, seconds });
  const fresh = text.origins.find(({ kind }) => kind === "human");
  for (const call of calls.filter(({ action }) => action === "edit"))
    text = claimProposed(
      text,
      proposedTexts(fold, call, file.path),
      aiOrigin(call, "inferred"),
      fresh ?? UNKNOWN,
    );
  return text;
}

function otherCalls(fold: Fold, entry: JournalEntry, path: string): readonly JournalEntry[] {
  return fold.open.filter(
    (call) =>
      call.action === "edit" && !isSameCall(call, entry) && call.files.some((file) => file.path === path),
  );
}

function proposedTexts(fold: Fold, call: JournalEntry, path: string): readonly string[] {
  const sums = call.files.filter((file) => file.path === path).flatMap(({ proposed }) => proposed ?? []);
  return sums.flatMap((sum) => contentOf(fold, sum) ?? []);
}
