// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../ids/index.ts";
import { findTrailerBlock } from "./message-lines.ts";

export interface MessageFormat {
  /** First character of lines that Git will drop (`core.commentChar`); null where the message has no such lines. */
  readonly commentChar?: string | null;
}

/**
 * The message with the trailers in its last paragraph, where Git's own tools find them; those already there are not
 * repeated. Comment lines at the end, and everything below a scissors line, stay where they were.
 */
export function appendTrailers(
  message: string,
  trailers: readonly string[],
  format: MessageFormat = {},
): string {
  for (const trailer of trailers) {
    if (!/^[A-Za-z0-9-]+: [^\r\n]*\S$/.test(trailer)) {
      throw new CoreError(
        "TRAILER_MALFORMED",
        `Not one trailer line: ${JSON.stringify(trailer.slice(0, 60))}; expected "Key: value".`,
      );
    }
  }
  const { body, tail } = splitComments(message, format.commentChar ?? null);
  const newline = body.includes("\r\n") ? "\r\n" : "\n";
  const text = body.trimEnd();
  const block = findTrailerBlock(text);
  const present = new Set(
    text
      .slice(block)
      .split(/\r?\n/)
      .map((line) => line.toLowerCase()),
  );
  const missing = [...new Set(trailers)].filter((trailer) => !present.has(trailer.toLowerCase()));
  // Git refuses an empty message, and would take a lone trailer for its title.
  if (missing.length === 0 || text === "") return message;
  const gap = block < text.length ? newline : newline + newline;
  return `${text}${gap}${missing.join(newline)}${newline}${tail === "" ? "" : newline + tail}`;
}

export interface SplitMessage {
  readonly body: string;
  /** Trailing comments and what stands below the scissors; Git drops it. */
  readonly tail: string;
}

/** Parts what Git keeps of an edited message from the comments after it. */
export function splitComments(message: string, commentChar: string | null): SplitMessage {
  if (commentChar === null || commentChar === "") return { body: message, tail: "" };
  const lines = message.split("\n");
  const scissors = lines.findIndex(
    (line) =>
      line.startsWith(commentChar) && line.includes("------------------------ >8 ------------------------"),
  );
  let end = scissors < 0 ? lines.length : scissors;
  while (end > 0 && ((lines[end - 1] ?? "").trim() === "" || (lines[end - 1] ?? "").startsWith(commentChar)))
    end--;
  const tail = lines.slice(end);
  while (tail.length > 0 && (tail[0] ?? "").trim() === "") tail.shift();
  if (tail.length === 0) return { body: message, tail: "" };
  return { body: lines.slice(0, end).join("\n"), tail: tail.join("\n") };
}
