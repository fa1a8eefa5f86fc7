// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type RawText, toRawBytes, toRawText } from "@countersign/core/ids";

/** A message as Git will read it again after the hook; bytes that are not UTF-8 survive. */
export function readMessage(path: string): RawText {
  return toRawText(readFileSync(path));
}

/** Adds to the end of a message in one write: a kill leaves it as it was, or with all of it. */
export function appendToMessage(path: string, text: RawText): void {
  appendFileSync(path, toRawBytes(text));
}

/**
 * Replaces the message whole or not at all: a kill in between leaves what the person wrote. Not synced to the disk, as Git does
 * not sync its own: after a power cut there is no commit that the message belongs to.
 */
export function replaceMessage(path: string, message: RawText): void {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, toRawBytes(message), { mode: statSync(path).mode, flag: "wx" });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

const SCISSORS = "------------------------ >8 ------------------------";
/** Characters that Git tries, in its order, where core.commentChar is `auto`. */
const AUTO = "#;@!$%^&|:";

export interface CleanupSettings {
  /** core.commentString or core.commentChar; undefined where neither is set. */
  readonly commentChar: string | undefined;
  /** commit.cleanup. */
  readonly cleanup: string | undefined;
  /** Git sets GIT_EDITOR to `:` for this hook when no editor was opened; comment lines are then text. */
  readonly isEdited: boolean;
}

/** Which lines Git will drop, as far as a hook can know: `--cleanup` on the command line is not told to it. */
export function findCommentChar(
  message: RawText,
  { commentChar, cleanup, isEdited }: CleanupSettings,
): string | null {
  const mode = cleanup === undefined || cleanup === "default" ? (isEdited ? "strip" : "whitespace") : cleanup;
  if (mode !== "strip" && mode !== "scissors") return null;
  const character = commentChar === "auto" ? guessCommentChar(message) : (commentChar ?? "#");
  // In scissors mode comments above the line are text; the caller cuts at the line itself.
  return mode === "scissors" && !hasScissors(message, character) ? null : character;
}

function guessCommentChar(message: RawText): string {
  const last = message.trimEnd().split("\n").at(-1) ?? "";
  return AUTO.includes(last.charAt(0)) && last !== "" ? last.charAt(0) : "#";
}

function hasScissors(message: RawText, character: string): boolean {
  return message.split("\n").some((line) => line.startsWith(character) && line.includes(SCISSORS));
}
