// SPDX-License-Identifier: Apache-2.0
import { parse } from "@bufbuild/cel";

/** The syntax tree as the library makes it; only what is read here is named. */
export type ParsedExpression = ReturnType<typeof parse>;
export type Expression = ParsedExpression["expr"];

/** A mistake in an expression; line and column are 1-based and count inside the expression. */
export interface ExpressionProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected: string;
  readonly example: string;
}

export const MAX_EXPRESSION_LENGTH = 4_096;

export type ParseAnswer = { readonly parsed: ParsedExpression } | { readonly problem: ExpressionProblem };

/** Parses CEL. The parser recurses and backtracks, so length and nesting are bounded before it starts. */
export function parseExpression(text: string): ParseAnswer {
  const nested = text.length > MAX_EXPRESSION_LENGTH ? undefined : findDeepNesting(text);
  if (text.length > MAX_EXPRESSION_LENGTH || nested !== undefined) {
    const message =
      nested === undefined
        ? `the expression has ${text.length} characters`
        : "the expression is nested too deeply";
    const expected =
      nested === undefined ? `at most ${MAX_EXPRESSION_LENGTH}` : `at most ${MAX_NESTING} open brackets`;
    return {
      problem: {
        ...toLineColumn(text, nested ?? 0),
        message,
        expected,
        example: "several rules instead of one",
      },
    };
  }
  try {
    return { parsed: parse(text) };
  } catch (error) {
    const { line, column } = locationOf(error);
    const message = `not a CEL expression: ${error instanceof Error ? cleanMessage(error.message) : "unreadable"}`;
    return {
      problem: {
        line,
        column,
        message,
        expected: "a CEL expression",
        example: 'change.ai.assisted && "infrastructure" in change.classes',
      },
    };
  }
}

/** Offset at which a node starts, as 1-based line and column of the expression. */
export function positionOfNode(
  text: string,
  parsed: ParsedExpression,
  id: bigint,
): { readonly line: number; readonly column: number } {
  const positions = parsed.sourceInfo?.positions as Readonly<Record<string, number>> | undefined;
  return toLineColumn(text, positions?.[id.toString()] ?? 0);
}

const MAX_NESTING = 24;

function findDeepNesting(text: string): number | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    if (depth > MAX_NESTING) return i;
  }
  return undefined;
}

function toLineColumn(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

function locationOf(error: unknown): { readonly line: number; readonly column: number } {
  const location = (
    error as {
      readonly location?: { readonly start?: { readonly line?: unknown; readonly column?: unknown } };
    }
  ).location;
  const { line, column } = location?.start ?? {};
  return { line: typeof line === "number" ? line : 1, column: typeof column === "number" ? column : 1 };
}

function cleanMessage(message: string): string {
  return message.replace(/^<input>:\d+:\d+: /, "").slice(0, 300);
}
