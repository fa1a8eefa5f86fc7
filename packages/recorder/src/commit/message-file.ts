// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { type RawText, toRawBytes, toRawText } from "@countersign/core/ids";

/** A message as Git will read it again after the hook; bytes that are not UTF-8 survive. */
export async function readMessage(path: string): Promise<RawText> {
  return toRawText(await readFile(path));
}

/** Replaces the message whole or not at all: a crash in between leaves what the person wrote. */
export async function replaceMessage(path: string, message: RawText): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, toRawBytes(message), { mode: (await stat(path)).mode, flag: "wx", flush: true });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
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
