// SPDX-License-Identifier: Apache-2.0

/** One line of a message, or one piece of a line that holds literal `\n`s instead of line ends. */
export interface MessageLine {
  /** 1-based. */
  readonly number: number;
  /** Without line end, carriage return and trailing blanks. */
  readonly text: string;
  /** The piece came out of a literal `\n`, which Git does not read as a line end. */
  readonly isEscaped: boolean;
}

/** How far a line stands from being the committer's own words. */
export type LineRole = "own" | "quoted" | "pasted" | "fenced";

const ESCAPED_BREAK = /\\r\\n|\\n/;

export function splitLines(message: string): readonly MessageLine[] {
  const lines: MessageLine[] = [];
  const isOneLine = !message.trimEnd().includes("\n");
  let start = 0;
  for (let number = 1; start <= message.length; number++) {
    const next = message.indexOf("\n", start);
    const end = next < 0 ? message.length : next;
    pushLine(lines, message.slice(start, end).trimEnd(), number, isOneLine);
    start = end + 1;
  }
  return lines;
}

/** `git commit -m "title\n\nbody"` in a shell that expands nothing: only then are literal `\n`s line ends. */
function pushLine(lines: MessageLine[], text: string, number: number, isOneLine: boolean): void {
  if (!text.includes("\\n") || isQuoteLine(text) || !(isOneLine || /\\n(?:\\r)?\\n/.test(text))) {
    lines.push({ number, text, isEscaped: false });
    return;
  }
  for (const [index, piece] of text.split(ESCAPED_BREAK).entries()) {
    lines.push({ number, text: piece.trimEnd(), isEscaped: index > 0 });
  }
}

/**
 * Marks each line: `quoted` says nothing about this commit; `pasted` is an indented message of a squashed commit; `fenced` stands in
 * a code fence of the trailer block, which Git's own tools read all the same: a claim there counts, and nothing that gives a right.
 */
export function markRoles(lines: readonly MessageLine[]): readonly LineRole[] {
  const roles = lines.map((line): LineRole => (isQuoteLine(line.text) ? "quoted" : "own"));
  markFences(lines, roles);
  markReverted(lines, roles);
  markPasted(lines, roles);
  return roles;
}

export function isQuoteLine(text: string): boolean {
  return /^ {0,3}>/.test(text);
}

/**
 * Whether a line's meaning may hang on the lines around it; almost no message needs that look. `hasIndent` says that a
 * line after the first begins with a tab or four blanks.
 */
export function hasContext(message: string, hasIndent: boolean): boolean {
  return (
    message.includes("```") ||
    message.includes("~~~") ||
    message.includes("\\n") ||
    // The rarest letter first: looking for "e" would stop at every tenth character of every message.
    (message.includes("verts commit ") && message.includes("everts commit ")) ||
    ((message.charCodeAt(0) | 0x20) === LETTER_R && REVERT_TITLE.test(message)) ||
    (hasIndent && mayBePasted(message))
  );
}

/**
 * Whether an indented line may be anything but its author's own: only in pasted `git log` output, in a message that is
 * indented throughout, or in a revert. Most indented lines are examples in the middle of prose.
 */
function mayBePasted(message: string): boolean {
  if (message.startsWith("commit ") || message.includes("\ncommit ")) return true;
  return isIndentedThroughout(message) || /^This reverts commit [0-9a-f]{7,64}/im.test(message);
}

/** Every line after the first that is not blank; ordinary prose is decided at its first line. */
function isIndentedThroughout(message: string): boolean {
  for (let next = message.indexOf("\n"); next >= 0; ) {
    const start = next + 1;
    next = message.indexOf("\n", start);
    const isIndented = message.startsWith("    ", start) || message[start] === "\t";
    if (!isIndented && message.slice(start, next < 0 ? message.length : next).trim() !== "") return false;
  }
  return true;
}

/**
 * Code fences, closed ones only: an opened fence that never closes would otherwise hide every trailer after it. Nor
 * does a fence reach over the start of the next squashed commit, where a stray one would pair with a stranger's.
 */
function markFences(lines: readonly MessageLine[], roles: LineRole[]): void {
  const isSquash = isSquashMessage(lines);
  let open: { index: number; fence: string } | undefined;
  for (const [i, line] of lines.entries()) {
    const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line.text);
    if (isSquash && isSquashStart(lines, i)) open = undefined;
    if (fence === null) continue;
    const [, marks = "", info = ""] = fence;
    if (open === undefined) {
      if (marks[0] !== "`" || !info.includes("`")) open = { index: i, fence: marks };
    } else if (info.trim() === "" && marks[0] === open.fence[0] && marks.length >= open.fence.length) {
      roles.fill("quoted", open.index, i + 1);
      open = undefined;
    }
  }
  const block = roles.includes("quoted") ? findBlockLine(lines) : lines.length;
  for (const [i, line] of lines.entries())
    if (i >= block && roles[i] === "quoted" && !line.isEscaped && !isQuoteLine(line.text))
      roles[i] = "fenced";
}

/** Index of the first line of the trailer block, the number of lines where there is none. */
function findBlockLine(lines: readonly MessageLine[]): number {
  const block = findTrailerBlock(lines.map((line) => line.text).join("\n"));
  let offset = 0;
  const found = lines.findIndex(({ text }) => {
    const start = offset;
    offset += text.length + 1;
    return start >= block;
  });
  return found < 0 ? lines.length : found;
}

/** The message joins several commits: a forge's `* title` list, `git merge --squash`, `git rebase`'s fixup text. */
export function isSquashMessage(lines: readonly MessageLine[]): boolean {
  if (lines.filter((_, i) => isSquashStart(lines, i)).length >= 2) return true;
  return lines.some((line) =>
    /^(?:Squashed commit of the following:|# This is a combination of \d+ commits)/.test(line.text),
  );
}

function isSquashStart(lines: readonly MessageLine[], index: number): boolean {
  return /^\* \S/.test(lines[index]?.text ?? "") && (lines[index - 1]?.text ?? "") === "";
}

const LETTER_R = 0x72;
export const REVERT_TITLE = /^(?:Revert|Reapply) "/i;
const REVERT_BODY = /^This reverts commit [0-9a-f]{7,64}/i;
const ORIGINAL =
  /^(?:\W{0,3})(?:original|reverted) (?:change|commit|pr|pull request|message|patch)?(?:'s)? ?(?:commit )?(?:message|description|text|body)?:?\W*$/i;

/** In a revert, what is indented, and what follows `Original change's description:`, are the reverted commit's words. */
function markReverted(lines: readonly MessageLine[], roles: LineRole[]): void {
  if (!isRevert(lines)) return;
  let isOriginal = false;
  for (const [i, line] of lines.entries()) {
    isOriginal ||= ORIGINAL.test(line.text);
    if (i === 0 || isOriginal || /^(?: {2,}|\t)\S/.test(line.text)) roles[i] = "quoted";
  }
  if (!isOriginal) return;
  for (let i = findBlockLine(lines); i < roles.length; i++) if (roles[i] !== "fenced") roles[i] = "own";
}

function isRevert(lines: readonly MessageLine[]): boolean {
  return REVERT_TITLE.test(lines[0]?.text ?? "") || lines.some((line) => REVERT_BODY.test(line.text));
}

/** `git merge --squash` and pasted `git log` output: `commit <id>`, headers, then the message indented by four. */
function markPasted(lines: readonly MessageLine[], roles: LineRole[]): void {
  let isLog = false;
  const body = lines.slice(1).filter((line) => line.text !== "");
  const isAllIndented = body.length > 0 && body.every((line) => /^(?: {4}|\t)/.test(line.text));
  for (const [i, line] of lines.entries()) {
    if (/^commit [0-9a-f]{7,64}\b/.test(line.text)) isLog = true;
    else if (
      isLog &&
      /^\S/.test(line.text) &&
      !/^(?:Author|AuthorDate|Commit|CommitDate|Date|Merge):/.test(line.text)
    )
      isLog = false;
    if (roles[i] === "own" && (isLog || isAllIndented) && /^(?: {4}|\t)/.test(line.text)) roles[i] = "pasted";
  }
}

/**
 * Offset of the paragraph that Git itself reads as trailers, or the message's length if there is none: the last
 * paragraph, not the title's, with nothing but trailers, or with a quarter of them and a known one among them.
 */
export function findTrailerBlock(message: string): number {
  const end = message.trimEnd().length;
  let start = end;
  for (let at = end; at > 0; at = start - 1) {
    const lineStart = message.lastIndexOf("\n", at - 1) + 1;
    if (message.slice(lineStart, at).trim() === "") break;
    start = lineStart;
    if (start === 0) return message.length;
  }
  if (end - start > BLOCK_LIMIT || message.slice(0, start).trim() === "") return message.length;
  return isTrailerParagraph(message.slice(start, end)) ? start : message.length;
}

/** A longer last paragraph is no trailer block that a person or tool wrote. */
const BLOCK_LIMIT = 1_000_000;

function isTrailerParagraph(paragraph: string): boolean {
  let trailers = 0;
  let others = 0;
  let isKnown = false;
  for (const line of paragraph.split("\n")) {
    // Git passes over comments here, in stored messages too.
    if (line.startsWith("#")) continue;
    const isPicked = line.startsWith("(cherry picked from commit ");
    if (isPicked || line.startsWith("Signed-off-by: ")) isKnown = true;
    if (isPicked || /^[A-Za-z0-9-]+[ \t]*:/.test(line)) trailers++;
    else if (!/^\s/.test(line)) others++;
  }
  return trailers > 0 && (others === 0 || (isKnown && trailers * 3 >= others));
}
