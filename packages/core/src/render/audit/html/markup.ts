// SPDX-License-Identifier: Apache-2.0
import { htmlText } from "../../markup-text.ts";

/** HTML that was made here. Everything else that goes into a template is text of outsiders. */
export interface Markup {
  readonly markup: string;
}

type Value = Markup | string | number | readonly Markup[] | null;

const LONGEST = 1000;

/**
 * A template whose values are escaped unless they are markup themselves, so that forgetting is safe. Values may stand in text and in quoted
 * attributes, nowhere else. Values that are text are one line each, cut at 1,000 characters.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let markup = parts[0] ?? "";
  for (const [i, value] of values.entries()) markup += toMarkup(value) + (parts[i + 1] ?? "");
  return { markup };
}

function toMarkup(value: Value): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return htmlText(value, LONGEST);
  return "markup" in value ? value.markup : value.map((each) => each.markup).join("");
}

export const NOTHING: Markup = { markup: "" };
