// SPDX-License-Identifier: Apache-2.0
import type { ZodType } from "zod";
import { CoreError } from "../ids/index.ts";

const MOST_SHOWN = 8;

/** The value in the schema's shape; throws one CoreError STATEMENT_MALFORMED that names every bad field. */
export function readShape<T>(schema: ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const shown = issues
    .slice(0, MOST_SHOWN)
    .map(({ path, message }) => `${path.join(".") || "(top)"}: ${message}`);
  const more = issues.length > MOST_SHOWN ? [`and ${issues.length - MOST_SHOWN} more`] : [];
  throw refuse(what, [...shown, ...more].join("; "));
}

export function refuse(what: string, reason: string): CoreError {
  // Field names come from the outside: no escape sequence may reach a terminal through a message (T62).
  return new CoreError("STATEMENT_MALFORMED", `${what}: ${toPrintable(reason)}`);
}

function toPrintable(text: string): string {
  return text.slice(0, 2000).replace(/[^\P{C}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
