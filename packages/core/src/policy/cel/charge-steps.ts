// SPDX-License-Identifier: Apache-2.0
import type { Expression } from "./expression.ts";

/**
 * The same expression with a meter in it: every turn of a loop, every search in a list and every comparison of what may
 * be a list pays. The names begin with `@`, so no policy can write them.
 */
export function chargeSteps(node: Expression): Expression {
  return { ...node, exprKind: chargeKind(node.exprKind) };
}

type Kind = Expression["exprKind"];

function chargeKind(kind: Kind): Kind {
  if (kind.case === "selectExpr") {
    return {
      case: kind.case,
      value: { ...kind.value, ...(kind.value.operand && { operand: chargeSteps(kind.value.operand) }) },
    };
  }
  if (kind.case === "listExpr") {
    return { case: kind.case, value: { ...kind.value, elements: kind.value.elements.map(chargeSteps) } };
  }
  if (kind.case === "callExpr") return { case: kind.case, value: chargeCall(kind.value) };
  if (kind.case === "comprehensionExpr") return { case: kind.case, value: chargeLoop(kind.value) };
  return kind;
}

type Call = Extract<Kind, { case: "callExpr" }>["value"];
type Loop = Extract<Kind, { case: "comprehensionExpr" }>["value"];

const COMPARING = new Set(["@in", "_==_", "_!=_"]);

function chargeCall(call: Call): Call {
  const args = call.args.map(chargeSteps);
  const charged = COMPARING.has(call.function)
    ? args.map((arg) => (arg.exprKind.case === "constExpr" ? arg : wrap("@charge", arg)))
    : args;
  return { ...call, args: charged, ...(call.target && { target: chargeSteps(call.target) }) };
}

function chargeLoop(loop: Loop): Loop {
  const charged = (part: Expression | undefined) => (part === undefined ? undefined : chargeSteps(part));
  const condition = charged(loop.loopCondition);
  return {
    ...loop,
    ...definedOnly({
      iterRange: charged(loop.iterRange),
      accuInit: charged(loop.accuInit),
      loopStep: charged(loop.loopStep),
      result: charged(loop.result),
      loopCondition:
        condition === undefined ? undefined : wrap("@step", condition, resultOf(loop, condition)),
    }),
  };
}

function definedOnly<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

/** The loop's own accumulator, as an expression. */
function resultOf(loop: Loop, { id }: Expression): Expression {
  return {
    $typeName: "cel.expr.Expr",
    id,
    exprKind: { case: "identExpr", value: { $typeName: "cel.expr.Expr.Ident", name: loop.accuVar } },
  };
}

function wrap(name: string, arg: Expression, ...more: readonly Expression[]): Expression {
  return {
    $typeName: "cel.expr.Expr",
    id: arg.id,
    exprKind: {
      case: "callExpr",
      value: { $typeName: "cel.expr.Expr.Call", function: name, args: [arg, ...more] },
    },
  };
}
