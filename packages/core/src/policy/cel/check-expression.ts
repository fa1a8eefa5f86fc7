// SPDX-License-Identifier: Apache-2.0
import { BOOL, factTypes, formatFactType } from "../fact-types.ts";
import { type ExpressionProblem, parseExpression } from "./expression.ts";
import { createTypeChecker } from "./type-checker.ts";

export interface ExpressionScope {
  readonly scope: "change" | "commit";
  /** Classes that the policy defines, with the built-in ones. */
  readonly classes: readonly string[];
}

/**
 * Finds what is wrong with an expression before it ever runs: syntax, unknown names, comparisons that can never be
 * true. A rule whose condition is silently false is a hole in the gate, so a typo has to be an error.
 */
export function checkExpression(
  text: string,
  { scope, classes }: ExpressionScope,
): readonly ExpressionProblem[] {
  const answer = parseExpression(text);
  if ("problem" in answer) return [answer.problem];
  const { change, commit } = factTypes(classes);
  const variables = scope === "commit" ? { change, commit } : { change };
  const checker = createTypeChecker(text, answer.parsed);
  const type = checker.typeOf(answer.parsed.expr, new Map(Object.entries(variables)));
  if (checker.problems.length === 0 && type.kind !== BOOL.kind) {
    const kind = type.kind === "dyn" ? "a value of unknown type" : formatFactType(type);
    return [
      {
        line: 1,
        column: 1,
        message: `the expression gives ${kind}`,
        expected: "true or false (a bool)",
        example: "change.ai.commitCount > 0",
      },
    ];
  }
  return checker.problems;
}
