// SPDX-License-Identifier: Apache-2.0
import { hash } from "node:crypto";
import type { ObjectFormat, ObjectId } from "@countersign/core/ids";

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const BLANK_LINE = Buffer.from("\n\n");
/** Blanks that Git sets before each line of a message. */
const INDENT = 4;
/** Room for `commit <size>` and a NUL before the content, which is what Git hashes; 26 bytes at most. */
const ROOM = 32;

/** How a message's lines end, which Git shows all the same. */
interface Shape {
  readonly returns: "nowhere" | "below the title" | "everywhere";
  /** Bytes of line ends behind the last line. */
  readonly ending: number;
}

/** As Git writes messages, as forges do, and as forges keep what a browser sent: likely ones first. */
const SHAPES: readonly Shape[] = [
  { returns: "nowhere", ending: 1 },
  { returns: "nowhere", ending: 0 },
  { returns: "nowhere", ending: 2 },
  { returns: "below the title", ending: 0 },
  { returns: "below the title", ending: 2 },
  { returns: "everywhere", ending: 2 },
  { returns: "everywhere", ending: 0 },
];

/** Gives back the content of commits from what `git rev-list --header` shows of them. */
export interface CommitRestorer {
  /**
   * The exact content of the commit that is shown in `bytes` from `start` to `end`: proved by its id, which is the hash of
   * that content. Undefined where Git did not show it whole (blanks at the ends of lines or before the title, a NUL and
   * all behind it, line ends of another shape): then it has to be read by itself. Valid until the next call.
   */
  readonly restore: (bytes: Buffer, start: number, end: number, id: ObjectId) => Buffer | undefined;
}

export function createCommitRestorer(format: ObjectFormat): CommitRestorer {
  let scratch = Buffer.allocUnsafeSlow(1 << 14);
  /** Neighbours in history were mostly written by the same tool. */
  let likely: Shape = { returns: "nowhere", ending: 1 };

  function restore(bytes: Buffer, start: number, end: number, id: ObjectId): Buffer | undefined {
    const needed = ROOM + 2 * (end - start + 1);
    if (scratch.length < needed) scratch = Buffer.allocUnsafeSlow(2 * needed);
    let { returns } = likely;
    let textEnd = copyContent(bytes, start, end, { to: scratch, returns });
    if (hasId(textEnd + likely.ending, id)) return scratch.subarray(ROOM, textEnd + likely.ending);
    for (const shape of SHAPES) {
      if (shape.returns !== returns) {
        returns = shape.returns;
        textEnd = copyContent(bytes, start, end, { to: scratch, returns });
      }
      if (!hasId(textEnd + shape.ending, id)) continue;
      likely = shape;
      return scratch.subarray(ROOM, textEnd + shape.ending);
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

/**
 * Copies header and message without its indentation, with carriage returns where they are said to be. Returns where the
 * text of the last line ends; two bytes of line ends stand behind it.
 */
function copyContent(
  bytes: Buffer,
  start: number,
  end: number,
  { to, returns }: { readonly to: Buffer; readonly returns: Shape["returns"] },
): number {
  let from = findMessage(bytes, start, end);
  bytes.copy(to, ROOM, start, from);
  let at = ROOM + from - start;
  let hasReturns = returns === "everywhere";
  // Where no message follows, the header's own line end is the last.
  let textEnd = at - 1;
  while (from < end) {
    from += INDENT;
    const lineStart = at;
    for (let byte = bytes[from++] ?? LINE_FEED; byte !== LINE_FEED && from < end; byte = bytes[from++] ?? 0)
      to[at++] = byte;
    textEnd = at;
    if (hasReturns) to[at++] = RETURN;
    to[at++] = LINE_FEED;
    if (textEnd === lineStart) hasReturns = returns !== "nowhere";
  }
  to[at] = LINE_FEED;
  return textEnd;
}

/** Where the text begins that follows the blank line; the end where a commit is all header. */
function findMessage(bytes: Buffer, start: number, end: number): number {
  const blank = bytes.indexOf(BLANK_LINE, start);
  return blank < 0 || blank + BLANK_LINE.length > end ? end : blank + BLANK_LINE.length;
}
