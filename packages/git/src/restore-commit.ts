// SPDX-License-Identifier: Apache-2.0
import { hash } from "node:crypto";
import type { ObjectFormat, ObjectId } from "@countersign/core/ids";

const LINE_FEED = 0x0a;
/** Blanks that Git sets before each line of a message. */
const INDENT = 4;
/** Room for `commit <size>` and a NUL before the content, which is what Git hashes; 26 bytes at most. */
const ROOM = 32;
/** Line feeds that messages end in: Git writes one, forges none or two. Git shows all of them as one. */
const ENDINGS = [1, 0, 2] as const;
const BLANK_LINE = Buffer.from("\n\n");

/** Gives back the content of commits from what `git rev-list --header` shows of them. */
export interface CommitRestorer {
  /**
   * The exact content of the commit that is shown in `bytes` from `start` to `end`: proved by its id, which is the hash of
   * that content. Undefined where Git did not show it whole (blanks at the ends of lines or before the title, a NUL and
   * all behind it, an ending of three line feeds): then it has to be read by itself. Valid until the next call.
   */
  readonly restore: (bytes: Buffer, start: number, end: number, id: ObjectId) => Buffer | undefined;
}

export function createCommitRestorer(format: ObjectFormat): CommitRestorer {
  let scratch = Buffer.allocUnsafeSlow(1 << 14);
  /** Neighbours in history were mostly written by the same tool. */
  let likely: (typeof ENDINGS)[number] = 1;

  function restore(bytes: Buffer, start: number, end: number, id: ObjectId): Buffer | undefined {
    const needed = ROOM + end - start + 2;
    if (scratch.length < needed) scratch = Buffer.allocUnsafeSlow(2 * needed);
    const last = copyContent(bytes, start, end, scratch);
    if (hasId(last + likely, id)) return scratch.subarray(ROOM, last + likely);
    for (const ending of ENDINGS) {
      if (ending === likely || !hasId(last + ending, id)) continue;
      likely = ending;
      return scratch.subarray(ROOM, last + ending);
    }
    return undefined;
  }

  function hasId(end: number, id: ObjectId): boolean {
    const prefix = `commit ${end - ROOM}\0`;
    const from = ROOM - prefix.length;
    scratch.write(prefix, from, "latin1");
    return hash(format, scratch.subarray(from, end), "hex") === id;
  }

  return { restore };
}

/** Copies header and message without its indentation; returns where the last line ends, of which the line feed is left open. */
function copyContent(bytes: Buffer, start: number, end: number, to: Buffer): number {
  let from = findMessage(bytes, start, end);
  bytes.copy(to, ROOM, start, from);
  let at = ROOM + from - start;
  while (from < end) {
    from += INDENT;
    for (let byte = 0; byte !== LINE_FEED && from < end; ) {
      byte = bytes[from++] ?? 0;
      to[at++] = byte;
    }
  }
  if (to[at - 1] === LINE_FEED) at--;
  to[at] = LINE_FEED;
  to[at + 1] = LINE_FEED;
  return at;
}

/** Where the text begins that follows the blank line; the end where a commit is all header. */
function findMessage(bytes: Buffer, start: number, end: number): number {
  const blank = bytes.indexOf(BLANK_LINE, start);
  return blank < 0 || blank + BLANK_LINE.length > end ? end : blank + BLANK_LINE.length;
}
