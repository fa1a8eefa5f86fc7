// SPDX-License-Identifier: Apache-2.0
import { didYouMean } from "../did-you-mean.ts";
import { BOOL, DYN, type FactType, formatFactType, INT, STRING } from "../fact-types.ts";

type Kind = FactType["kind"];

interface Signature {
  readonly isMethod: boolean;
  readonly form: string;
  readonly example: string;
  readonly result: FactType;
  readonly accepts: (types: readonly FactType[]) => boolean;
}

/** The functions that policies may call; everything else of CEL's library needs no place in a gate. */
export const FUNCTIONS: ReadonlyMap<string, readonly Signature[]> = new Map([
  [
    "size",
    [
      signature(false, "size(list or string)", "size(change.files) > 100", INT, [["list", "string"]]),
      signature(true, "list.size()", "change.files.size() > 100", INT, [["list", "string"]]),
    ],
  ],
  ["startsWith", [textMethod("startsWith")]],
  ["endsWith", [textMethod("endsWith")]],
  ["contains", [textMethod("contains")]],
  [
    "matches",
    [
      signature(true, "string.matches(pattern)", 'commit.title.matches("^[a-z]+: ")', BOOL, [
        ["string"],
        ["string"],
      ]),
    ],
  ],
  [
    "string",
    [signature(false, "string(value)", "string(change.commitCount)", STRING, [["string", "int", "bool"]])],
  ],
  ["int", [signature(false, "int(value)", 'int("3")', INT, [["string", "int"]])]],
]);

function textMethod(name: string): Signature {
  return signature(true, `string.${name}(string)`, `commit.title.${name}("fix")`, BOOL, [
    ["string"],
    ["string"],
  ]);
}

function signature(
  isMethod: boolean,
  form: string,
  example: string,
  result: FactType,
  params: readonly (readonly Kind[])[],
): Signature {
  const accepts = (types: readonly FactType[]) =>
    types.length === params.length &&
    types.every((type, i) => type.kind === "dyn" || params[i]?.includes(type.kind) === true);
  return { isMethod, form, example, result, accepts };
}

type OperatorAnswer =
  | { readonly type: FactType }
  | { readonly problem: string; readonly expected: string; readonly example: string };

const LOGICAL = new Set(["_&&_", "_||_", "!_", "@not_strictly_false"]);
const ORDER: Readonly<Record<string, string>> = { "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">=" };
const ARITHMETIC: Readonly<Record<string, string>> = {
  "_-_": "-",
  "_*_": "*",
  "_/_": "/",
  "_%_": "%",
  "-_": "-",
};

/** The type that an operator gives, or what is wrong with its operands; undefined where the name is no operator. */
export function typeOfOperator(name: string, types: readonly FactType[]): OperatorAnswer | undefined {
  const [left = DYN, right = DYN] = types;
  if (LOGICAL.has(name)) return logical(types);
  if (name === "_?_:_") return conditional(types);
  if (name === "_==_" || name === "_!=_") return equality(left, right);
  if (name === "@in") return membership(left, right);
  if (Object.hasOwn(ORDER, name)) return ordering(ORDER[name] ?? "", left, right);
  if (name === "_+_") return addition(left, right);
  if (Object.hasOwn(ARITHMETIC, name)) {
    const isNumbers = types.every((type) => type.kind === "int" || type.kind === "dyn");
    return isNumbers
      ? { type: INT }
      : mismatch(ARITHMETIC[name] ?? "", left, right, "two numbers", "change.commitCount - 1 > 3");
  }
  return undefined;
}

function logical(types: readonly FactType[]): OperatorAnswer {
  const wrong = types.find((type) => type.kind !== "bool" && type.kind !== "dyn");
  if (wrong === undefined) return { type: BOOL };
  const example =
    wrong.kind === "list" ? "size(change.ai.tools) > 0" : "change.ai.assisted && change.commitCount > 1";
  return {
    problem: `${formatFactType(wrong)} is neither true nor false`,
    expected: "true or false on every side of &&, ||, !",
    example,
  };
}

function conditional([test = DYN, yes = DYN, no = DYN]: readonly FactType[]): OperatorAnswer {
  const answer = logical([test]);
  if ("problem" in answer) return answer;
  if (yes.kind !== no.kind) return { type: DYN };
  // A growing list in `filter` and `map` starts empty and takes its type from the other branch.
  return { type: yes.kind === "list" && yes.of.kind === "dyn" ? no : yes };
}

function equality(left: FactType, right: FactType): OperatorAnswer {
  const closed = closedMismatch(left, right);
  if (closed !== undefined) return closed;
  const isSame = left.kind === right.kind || left.kind === "dyn" || right.kind === "dyn";
  return isSame
    ? { type: BOOL }
    : mismatch("==", left, right, "two values of one type", "change.ai.assisted == true");
}

function membership(item: FactType, list: FactType): OperatorAnswer {
  if (list.kind === "dyn") return { type: BOOL };
  if (list.kind !== "list")
    return mismatch("in", item, list, "a list on the right of `in`", '"infrastructure" in change.classes');
  const closed = closedMismatch(item, list.of);
  if (closed !== undefined) return closed;
  const isSame = item.kind === list.of.kind || item.kind === "dyn" || list.of.kind === "dyn";
  return isSame
    ? { type: BOOL }
    : mismatch("in", item, list, "an item of the list's type", '"infrastructure" in change.classes');
}

/** Two closed sets of strings without a common member, such as a misspelt constant: the comparison is never true. */
function closedMismatch(left: FactType, right: FactType): OperatorAnswer | undefined {
  if (
    left.kind !== "string" ||
    right.kind !== "string" ||
    left.values === undefined ||
    right.values === undefined
  ) {
    return undefined;
  }
  const [constant, known] =
    left.values.length < right.values.length ? [left.values, right.values] : [right.values, left.values];
  if (constant.some((value) => known.includes(value))) return undefined;
  const [word = ""] = constant;
  return {
    problem: `"${word.slice(0, 80)}" can never occur here${didYouMean(word, known)}`,
    expected: `one of ${known.filter((value) => value !== "").join(", ")}`,
    example: JSON.stringify(known[0] ?? ""),
  };
}

function ordering(sign: string, left: FactType, right: FactType): OperatorAnswer {
  const isOrdered = (type: FactType) => type.kind === "int" || type.kind === "string" || type.kind === "dyn";
  const isSame = left.kind === right.kind || left.kind === "dyn" || right.kind === "dyn";
  if (isOrdered(left) && isOrdered(right) && isSame) return { type: BOOL };
  return mismatch(sign, left, right, "two numbers or two strings", "change.commitCount > 10");
}

function addition(left: FactType, right: FactType): OperatorAnswer {
  if (left.kind === "list" && right.kind === "list") return { type: left.of.kind === "dyn" ? right : left };
  if (left.kind === "string" && right.kind === "string") return { type: STRING };
  if (left.kind === "int" && right.kind === "int") return { type: INT };
  if (left.kind === "dyn" || right.kind === "dyn") return { type: DYN };
  return mismatch("+", left, right, "two values of one type", "change.commitCount + 1 > 3");
}

function mismatch(
  sign: string,
  left: FactType,
  right: FactType,
  expected: string,
  example: string,
): OperatorAnswer {
  return {
    problem: `${formatFactType(left)} ${sign} ${formatFactType(right)} makes no sense`,
    expected,
    example,
  };
}
