// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "../ids/index.ts";
import { once } from "../ids/once.ts";
import type { Assistance, Warning } from "./assistance.ts";
import { type FirstLook, isCandidateAt, lookOver } from "./candidate-lines.ts";
import { parseFooterLine } from "./footer-line.ts";
import { isAiIdentity } from "./identities.ts";
import { parseIdentityValue, type TrailerIdentity } from "./identity-value.ts";
import {
  findTrailerBlock,
  hasContext,
  isQuoteLine,
  isSquashMessage,
  type MessageLine,
  markRoles,
  REVERT_TITLE,
  splitLines,
} from "./message-lines.ts";
import { recallPerson } from "./person-lines.ts";
import { readStatement } from "./read-prose.ts";
import { addPerson, readOwn, readTrailer } from "./read-trailer.ts";
import { type Place, type Reading, startReading, toAssistance } from "./reading.ts";
import { parseTrailerLine } from "./trailer-line.ts";

/** What the lines of a message say. */
export interface LinesRead {
  readonly assistance: readonly Assistance[];
  readonly warnings: readonly Warning[];
  readonly claimsNone: number | null;
  readonly coAuthors: readonly TrailerIdentity[];
  readonly signedOffBy: readonly TrailerIdentity[];
  readonly reverts: readonly string[];
  readonly cherryPickedFrom: readonly ObjectId[];
}

const CONTINUATION_LIMIT = 8;
const CONTINUATION_LENGTH = 4096;

export function readLines(message: string): LinesRead {
  const look = lookOver(message);
  // A literal `\n` may end a line, so that one begins where no look was taken.
  const hasLines = look.candidate < message.length || message.includes("\\n");
  if (!hasLines && !mayClaimInTitle(message) && !mayNameInTitle(message)) return NOTHING;
  const reading = startReading();
  if (hasLines) {
    if (hasContext(message, look.hasIndent)) readInContext(reading, message);
    else readAlone(reading, message, look);
  }
  if (!REVERT_TITLE.test(message)) readTitleClaim(reading, message);
  if (mayNameInTitle(message)) readTitleAuthor(reading, message);
  decide(reading);
  if (reading.unseen.length > 0) reading.warnings.push(unseenWarning(reading.unseen));
  return reading;
}

/** Shared by all messages that say nothing, so nobody may add to it. */
const NOTHING: LinesRead = Object.freeze({
  assistance: Object.freeze([]),
  warnings: Object.freeze([]),
  claimsNone: null,
  coAuthors: Object.freeze([]),
  signedOffBy: Object.freeze([]),
  reverts: Object.freeze([]),
  cherryPickedFrom: Object.freeze([]),
});

/** A message in which no line's meaning hangs on others: the common case, read without splitting it. */
function readAlone(reading: Reading, message: string, first: FirstLook): void {
  const block = once(() => findTrailerBlock(message));
  const isSquash = once(() => isSquashMessage(splitLines(message)));
  let { number } = first;
  for (let start = first.candidate; start < message.length; number++) {
    const next = message.indexOf("\n", start);
    const end = next < 0 ? message.length : next;
    if (isCandidateAt(message, start)) {
      const text = message.slice(start, end).trimEnd();
      const following = textsAfter(message, end);
      const person = following.length === 0 ? recallPerson(text) : undefined;
      if (person !== undefined) addPerson(reading, person, number);
      else if (!isQuoteLine(text)) {
        const line = { number, text, isEscaped: false };
        readLine(reading, { line, role: "own", isSeen: start >= block(), isSquash, next: following });
      }
    }
    start = end + 1;
  }
}

function textsAfter(message: string, end: number): readonly string[] {
  const first = message.charCodeAt(end + 1);
  if (first !== SPACE && first !== TAB) return NO_TEXTS;
  return message.slice(end + 1, end + 1 + CONTINUATION_LENGTH).split("\n", CONTINUATION_LIMIT);
}

const SPACE = 0x20;
const TAB = 0x09;
const NO_TEXTS: readonly string[] = [];

function readInContext(reading: Reading, message: string): void {
  const lines = splitLines(message);
  const roles = markRoles(lines);
  const blockLine = once(() => countLines(message, findTrailerBlock(message)));
  const isSquash = once(() => isSquashMessage(lines));
  for (const [i, line] of lines.entries()) {
    const role = roles[i] ?? "own";
    if (role === "quoted" || !isCandidateAt(line.text, 0)) continue;
    if (isLogHeader(lines, i)) readLoggedAuthor(reading, line);
    const isFolded = /^[ \t]/.test(lines[i + 1]?.text ?? "");
    const next = isFolded ? lines.slice(i + 1, i + 1 + CONTINUATION_LIMIT).map((it) => it.text) : NO_TEXTS;
    const person = next.length === 0 && role !== "fenced" ? recallPerson(line.text) : undefined;
    if (person !== undefined) addPerson(reading, person, line.number);
    else {
      const isSeen = !line.isEscaped && line.number > blockLine();
      readLine(reading, { line, role, isSeen, isSquash, next });
    }
  }
}

/** A header of a commit in the output of `git log`, as `git merge --squash` leaves it: below `commit <id>`, or its `Merge:`. */
function isLogHeader(lines: readonly MessageLine[], at: number): boolean {
  const above = lines[at - 1]?.text ?? "";
  return LOGGED.test(above) || (above.startsWith("Merge: ") && LOGGED.test(lines[at - 2]?.text ?? ""));
}

const LOGGED = /^commit [0-9a-f]{7,64}\b/;

/** Who wrote a squashed commit is nowhere else in the squash, and has a hand in it all the same. */
function readLoggedAuthor(reading: Reading, { text, number }: MessageLine): void {
  const author = /^Author:\s+(\S.*)$/.exec(text)?.[1];
  if (author === undefined) return;
  const { name, email } = parseIdentityValue(author);
  if (email === "") return;
  const isAi = isAiIdentity({ name, email }) !== undefined;
  addPerson(reading, { name, email, reading: "co-author" }, number, isAi);
}

/** Line ends before an offset. */
function countLines(message: string, offset: number): number {
  if (offset >= message.length) return Number.POSITIVE_INFINITY;
  let count = 0;
  for (let at = message.indexOf("\n"); at >= 0 && at < offset; at = message.indexOf("\n", at + 1)) count++;
  return count;
}

function readLine(reading: Reading, place: Place): void {
  const { text, number } = place.line;
  const reverted = /^\s*This reverts commit ([0-9a-f]{7,64})\b/i.exec(text)?.[1];
  if (reverted !== undefined) reading.reverts.push(reverted.toLowerCase());
  const picked = /^\s*\(cherry picked from commit ([0-9a-f]{64}|[0-9a-f]{40})\)/.exec(text)?.[1];
  if (picked !== undefined) reading.cherryPickedFrom.push(picked);
  const pasted = /^Author:\s+(\S.*)$/.exec(text)?.[1];
  const trailer = parseTrailerLine(text, place.next);
  if (pasted !== undefined) readPastedAuthor(reading, pasted, number);
  else if (trailer !== undefined) readTrailer(reading, trailer, place);
  else readPlainLine(reading, place);
}

/** `git merge --squash` lists each commit with its author, who is nowhere else in the squash. */
function readPastedAuthor(reading: Reading, value: string, line: number): void {
  const identity = parseIdentityValue(value);
  const ai = identity.email === "" ? undefined : isAiIdentity(identity);
  if (ai !== undefined)
    reading.assistance.push(toAssistance(ai, { convention: "squashed-author", evidence: "declared", line }));
}

function readPlainLine(reading: Reading, { line, role }: Place): void {
  const { text, number } = line;
  const isCode = role === "own" && /^(?: {4}|\t)/.test(text);
  const footer = isCode ? undefined : parseFooterLine(text);
  if (footer !== undefined) {
    const { convention, evidence } = footer;
    reading.assistance.push(toAssistance(footer, { convention, evidence, line: number }));
    return;
  }
  const stated = isCode ? undefined : readStatement(text);
  if (stated !== undefined)
    reading.assistance.push(toAssistance(stated, { convention: "prose", evidence: "none", line: number }));
}

const TITLE_LIMIT = 1024;

/** A claim in the title has both; a title with a colon seldom has a slash, and a merge of `topic/branch` no colon. */
function mayClaimInTitle(message: string): boolean {
  const [slash, colon, next] = [message.indexOf("/"), message.indexOf(":"), message.indexOf("\n")];
  const end = Math.min(next < 0 ? message.length : next, TITLE_LIMIT);
  return slash >= 0 && slash < end && colon >= 0 && colon < end;
}

/** The title may go on after its text with the whole of our own trailer: `Fix it AI-Assisted: codex/gpt-5.4`. */
function readTitleClaim(reading: Reading, message: string): void {
  if (!mayClaimInTitle(message)) return;
  const end = message.indexOf("\n");
  const text = message.slice(0, Math.min(end < 0 ? message.length : end, TITLE_LIMIT)).trimEnd();
  if (!/\Sassisted/i.test(text)) return;
  const at = /\S\s+AI-Assisted\s{0,4}:\s{0,4}[a-z0-9-]{1,64}\/\S+(?:; \S+){0,16}$/i.exec(text);
  const trailer = at === null ? undefined : parseTrailerLine(text.slice(at.index + 1).trim(), []);
  if (trailer === undefined) return;
  const line = { number: 1, text, isEscaped: false };
  readOwn(reading, trailer, { line, role: "own", isSeen: false, isSquash: () => false, next: [] });
  reading.unseen.push(1);
}

const TITLE_AUTHOR = /\S\s+(Co-Authored-By:\s{0,4}[^<>]{1,128}<[^<>\s]{3,128}>)$/i;

/** A title that names somebody ends with their address. */
function mayNameInTitle(message: string): boolean {
  const end = message.indexOf("\n");
  return message[(end < 0 ? message.length : end) - 1] === ">";
}

/**
 * A message squeezed into one line ends with what was its last: `Fix it  Co-Authored-By: Tool <mailbox>`. A revert's
 * title is the reverted commit's.
 */
function readTitleAuthor(reading: Reading, message: string): void {
  const text = firstLine(message);
  if (/^(?:Revert|Reapply)\b/i.test(text)) return;
  const trailer = parseTrailerLine(TITLE_AUTHOR.exec(text)?.[1] ?? "", []);
  if (trailer === undefined) return;
  const line = { number: 1, text, isEscaped: false };
  readTrailer(reading, trailer, { line, role: "own", isSeen: false, isSquash: () => false, next: [] });
}

function firstLine(message: string): string {
  const end = message.indexOf("\n");
  return message.slice(0, Math.min(end < 0 ? message.length : end, TITLE_LIMIT)).trimEnd();
}

function decide(reading: Reading): void {
  if (reading.assistance.length === 0) return;
  const shown = new Set(reading.assistance.filter((it) => it.evidence !== "none").map((it) => it.tool));
  for (const { line, convention, ...draft } of reading.undecided) {
    if (shown.has(draft.tool))
      reading.assistance.push(toAssistance(draft, { convention, evidence: "declared", line }));
  }
  reading.assistance.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

function unseenWarning(unseen: readonly number[]): Warning {
  const shown = [...new Set(unseen)].slice(0, 10).join(", ");
  return {
    code: "malformed-trailer",
    message: `Attribution on line ${shown} is outside the trailer block, where Git's own tools do not look. Move it to the last paragraph.`,
  };
}
