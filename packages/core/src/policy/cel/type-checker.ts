// SPDX-License-Identifier: Apache-2.0
import { didYouMean } from "../did-you-mean.ts";
import { BOOL, DYN, type FactType, formatFactType, INT, NULL, STRING } from "../fact-types.ts";
import {
  type Expression,
  type ExpressionProblem,
  type ParsedExpression,
  positionOfNode,
} from "./expression.ts";
import { FUNCTIONS, typeOfOperator } from "./functions.ts";
import { findRegexProblem } from "./regex.ts";

export type Variables = ReadonlyMap<string, FactType>;

export interface TypeChecker {
  readonly problems: ExpressionProblem[];
  readonly typeOf: (node: Expression | undefined, variables: Variables) => FactType;
}

type Call = Extract<Expression["exprKind"], { case: "callExpr" }>["value"];
type Select = Extract<Expression["exprKind"], { case: "selectExpr" }>["value"];
type Comprehension = Extract<Expression["exprKind"], { case: "comprehensionExpr" }>["value"];
type Constant = Extract<Expression["exprKind"], { case: "constExpr" }>["value"];

/** A small checker for the part of CEL that policies use; the library ships none. What it cannot type is `dyn`. */
export function createTypeChecker(text: string, parsed: ParsedExpression): TypeChecker {
  const checker: Checker = { text, parsed, problems: [] };
  return { problems: checker.problems, typeOf: (node, variables) => typeOf(checker, node, variables) };
}

interface Checker {
  readonly text: string;
  readonly parsed: ParsedExpression;
  readonly problems: ExpressionProblem[];
}

function fail(
  checker: Checker,
  node: Expression,
  message: string,
  expected: string,
  example: string,
): FactType {
  checker.problems.push({
    ...positionOfNode(checker.text, checker.parsed, node.id),
    message,
    expected,
    example,
  });
  return DYN;
}

function typeOf(checker: Checker, node: Expression | undefined, variables: Variables): FactType {
  if (node === undefined) return DYN;
  const kind = node.exprKind;
  if (kind.case === "constExpr") return typeOfConstant(kind.value);
  if (kind.case === "identExpr") return typeOfName(checker, node, kind.value.name, variables);
  if (kind.case === "selectExpr") return typeOfSelect(checker, node, kind.value, variables);
  if (kind.case === "callExpr") return typeOfCall(checker, node, kind.value, variables);
  if (kind.case === "comprehensionExpr") return typeOfComprehension(checker, node, kind.value, variables);
  if (kind.case === "listExpr") return typeOfList(checker, kind.value.elements, variables);
  return fail(
    checker,
    node,
    "maps and messages cannot be built here",
    "facts, constants and lists",
    '["a", "b"]',
  );
}

function typeOfName(checker: Checker, node: Expression, name: string, variables: Variables): FactType {
  const type = variables.get(name);
  if (type !== undefined) return type;
  const hint =
    name === "commit"
      ? "; write `forEach: commit` in the rule to see each commit"
      : didYouMean(name, variables.keys());
  const names = [...variables.keys()].filter((known) => !known.startsWith("@"));
  return fail(
    checker,
    node,
    `unknown name "${name.slice(0, 80)}"${hint}`,
    `one of ${names.join(", ")}`,
    "change.ai.assisted",
  );
}

function typeOfSelect(checker: Checker, node: Expression, select: Select, variables: Variables): FactType {
  const type = fieldOf(checker, node, typeOf(checker, select.operand, variables), select.field);
  return select.testOnly ? BOOL : type;
}

function fieldOf(checker: Checker, node: Expression, operand: FactType, field: string): FactType {
  if (operand.kind === "dyn") return DYN;
  if (operand.kind !== "object") {
    const advice = operand.kind === "list" ? `list.exists(x, x.${field} == …)` : "change.ai.assisted";
    return fail(
      checker,
      node,
      `${formatFactType(operand)} has no field "${field.slice(0, 80)}"`,
      "a field of an object",
      advice,
    );
  }
  // An own field only: `constructor` and its kin are names like any other.
  const type = Object.hasOwn(operand.fields, field) ? operand.fields[field] : undefined;
  if (type !== undefined) return type;
  const known = Object.keys(operand.fields);
  const message = `${operand.name} has no field "${field.slice(0, 80)}"${didYouMean(field, known)}`;
  return fail(checker, node, message, `one of ${known.join(", ")}`, `${operand.name}.${known[0]}`);
}

function typeOfList(checker: Checker, elements: readonly Expression[], variables: Variables): FactType {
  const types = elements.map((element) => typeOf(checker, element, variables));
  const [first] = types;
  const isUniform = first !== undefined && types.every((type) => type.kind === first.kind);
  if (!isUniform) return { kind: "list", of: DYN };
  if (first.kind !== "string") return { kind: "list", of: first };
  const values = types.flatMap((type) =>
    type.kind === "string" && type.values !== undefined ? type.values : [],
  );
  return { kind: "list", of: values.length === types.length ? { kind: "string", values } : STRING };
}

function typeOfComprehension(
  checker: Checker,
  node: Expression,
  fold: Comprehension,
  variables: Variables,
): FactType {
  const range = typeOf(checker, fold.iterRange, variables);
  if (range.kind !== "list" && range.kind !== "dyn") {
    fail(
      checker,
      node,
      `${formatFactType(range)} is not a list`,
      "a list before exists, all, filter, map",
      'change.files.exists(f, f.status == "deleted")',
    );
  }
  const initial = typeOf(checker, fold.accuInit, variables);
  const inner = new Map(variables)
    .set(fold.iterVar, range.kind === "list" ? range.of : DYN)
    .set(fold.accuVar, initial);
  typeOf(checker, fold.loopCondition, inner);
  const step = typeOf(checker, fold.loopStep, inner);
  const isGrowing = initial.kind === "list" && step.kind === "list";
  return typeOf(checker, fold.result, new Map(inner).set(fold.accuVar, isGrowing ? step : initial));
}

function typeOfCall(checker: Checker, node: Expression, call: Call, variables: Variables): FactType {
  const args = [...(call.target === undefined ? [] : [call.target]), ...call.args];
  const types = args.map((arg) => typeOf(checker, arg, variables));
  if (call.function === "_[_]") return typeOfIndex(checker, node, call, types);
  const operator = typeOfOperator(call.function, types);
  if (operator !== undefined) {
    if ("problem" in operator)
      return fail(checker, node, operator.problem, operator.expected, operator.example);
    return operator.type;
  }
  return typeOfFunction(checker, node, call, types);
}

function typeOfIndex(
  checker: Checker,
  node: Expression,
  call: Call,
  [operand = DYN, index = DYN]: readonly FactType[],
): FactType {
  if (operand.kind === "list") {
    return index.kind === "int" || index.kind === "dyn"
      ? operand.of
      : fail(
          checker,
          node,
          `a list has no index of type ${formatFactType(index)}`,
          "a number",
          "change.commits[0]",
        );
  }
  const name = constantText(call.args[1]);
  if (operand.kind === "object" && name !== undefined) return fieldOf(checker, node, operand, name);
  return fail(
    checker,
    node,
    "an index must be a constant field name, or a number into a list",
    "a field",
    "change.ai.assisted",
  );
}

function typeOfFunction(
  checker: Checker,
  node: Expression,
  call: Call,
  types: readonly FactType[],
): FactType {
  const signatures = FUNCTIONS.get(call.function);
  if (signatures === undefined) {
    const name = call.function.slice(0, 80);
    return fail(
      checker,
      node,
      `unknown function "${name}"${didYouMean(name, FUNCTIONS.keys())}`,
      `one of ${[...FUNCTIONS.keys()].join(", ")}`,
      "size(change.files) > 100",
    );
  }
  const isMethod = call.target !== undefined;
  const fitting = signatures.find((signature) => signature.isMethod === isMethod && signature.accepts(types));
  if (fitting === undefined) {
    const given = types.map(formatFactType).join(", ");
    return fail(
      checker,
      node,
      `${call.function} cannot take (${given})`,
      signatures.map((signature) => signature.form).join(" or "),
      signatures[0]?.example ?? "",
    );
  }
  if (call.function === "matches") checkRegex(checker, node, call);
  return fitting.result;
}

function checkRegex(checker: Checker, node: Expression, call: Call): void {
  const pattern = constantText(call.args[0]);
  const problem = pattern === undefined ? "the pattern is not a constant" : findRegexProblem(pattern);
  if (problem !== undefined)
    fail(checker, node, `matches: ${problem}`, "a constant RE2 pattern", 'commit.title.matches("^[a-z]+: ")');
}

function typeOfConstant(constant: Constant): FactType {
  const { constantKind } = constant;
  if (constantKind.case === "boolValue") return BOOL;
  if (constantKind.case === "stringValue") return { kind: "string", values: [constantKind.value] };
  if (constantKind.case === "int64Value") return INT;
  return constantKind.case === "nullValue" ? NULL : DYN;
}

function constantText(node: Expression | undefined): string | undefined {
  if (node?.exprKind.case !== "constExpr") return undefined;
  const { constantKind } = node.exprKind.value;
  return constantKind.case === "stringValue" ? constantKind.value : undefined;
}
