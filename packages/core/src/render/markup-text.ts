// SPDX-License-Identifier: Apache-2.0
import type { RawText } from "../ids/index.ts";
import { DISPLAY_LIMIT, displayText } from "./display-text.ts";

const HTML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** One line of outside text for an HTML text node or a quoted attribute value. */
export function htmlText(raw: RawText, limit: number = DISPLAY_LIMIT): string {
  return displayText(raw, limit).replace(/[&<>"'`]/g, (character) => HTML[character] ?? "");
}

const ENTITY: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;" };

/**
 * One line of outside text within a Markdown paragraph or table cell. Every ASCII punctuation mark is written so that
 * no construct can begin: `& < >` and `|` as entities (a table splits cells before it looks at backslashes), the rest
 * behind a backslash. A forge looks for mentions and references in the rendered text, where a backslash is gone
 * already: a zero width space keeps `@name`, `#1` and `www.` from notifying or linking anybody.
 */
export function markdownText(raw: RawText, limit: number = DISPLAY_LIMIT): string {
  return displayText(raw, limit)
    .replace(/[!#$&(-+\--/:<=>@[-`{-~]/g, (mark) => ENTITY[mark] ?? `\\${mark}`)
    .replace(/(\\[@#!])(?=\S)/g, "$1&#8203;")
    .replace(/\b(www)(?=\\\.)/gi, "$1&#8203;");
}

/** Outside text as code: nothing in it is Markdown, a mention or a link. Ids, paths and ref names go here. */
export function markdownCode(raw: RawText, limit: number = DISPLAY_LIMIT): string {
  const text = displayText(raw, limit);
  // A table splits its cells before it sees code spans; the element keeps entities, a span would show them.
  return text === "" || text.includes("|") ? `<code>${markdownText(raw, limit)}</code>` : markdownSpan(text);
}

/** A code span of one line that is already safe to display, such as a command that we made. */
export function markdownSpan(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}
