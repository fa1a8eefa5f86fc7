// SPDX-License-Identifier: Apache-2.0
import { unparse } from "@bufbuild/cel";
import { type Bindings, evaluateNode } from "./compile-expression.ts";
import { type Expression, type ParsedExpression, parseExpression } from "./expression.ts";

/** One part of an expression with its value, for people who ask why. */
export interface TracedOperand {
  readonly expression: string;
  /** Plain value; lists cut at some 20 elements. */
  readonly value: unknown;
  readonly problem: string | null;
}

const CONNECTIVES = new Set(["_&&_", "_||_", "!_"]);
const COMPARISONS = new Set(["_==_", "_!=_", "@in", "_<_", "_<=_", "_>_", "_>=_"]);

/** The values of the parts that decide an expression: what `&&`, `||` and `!` join, and what comparisons compare. */
export function traceExpression(text: string, bindings: Bindings): readonly TracedOperand[] {
  const answer = parseExpression(text);
  if ("problem" in answer) return [{ expression: text, value: null, problem: answer.problem.message }];
  return listParts(answer.parsed.expr).map((node) => traceNode(answer.parsed, node, bindings));
}

function listParts(node: Expression): readonly Expression[] {
  if (node.exprKind.case !== "callExpr") return [node];
  const call = node.exprKind.value;
  if (CONNECTIVES.has(call.function)) return call.args.flatMap(listParts);
  if (!COMPARISONS.has(call.function)) return [node];
  return [node, ...call.args.filter((arg) => arg.exprKind.case !== "constExpr")];
}

function traceNode(parsed: ParsedExpression, node: Expression, bindings: Bindings): TracedOperand {
  const expression = unparse({ ...parsed, expr: node });
  const answer = evaluateNode(node, bindings);
  return "problem" in answer
    ? { expression, value: null, problem: answer.problem }
    : { expression, value: answer.value, problem: null };
}
