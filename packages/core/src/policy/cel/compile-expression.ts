// SPDX-License-Identifier: Apache-2.0
import {
  type CelInput,
  type CelList,
  CelScalar,
  celEnv,
  celFunc,
  celMethod,
  isCelError,
  isCelList,
  isCelMap,
  listType,
  mapType,
  plan,
} from "@bufbuild/cel";
import { appendLists } from "./append-lists.ts";
import { chargeSteps } from "./charge-steps.ts";
import { type Expression, parseExpression } from "./expression.ts";
import { createRegexCache } from "./regex-cache.ts";

/** True or false, or why neither. Callers take `problem` for a denial: an expression that fails must never let pass. */
export type ExpressionAnswer = { readonly value: boolean } | { readonly problem: string };

export type Bindings = Readonly<Record<string, unknown>>;

export type CompiledExpression = (bindings: Bindings) => ExpressionAnswer;

/** Steps that one evaluation may take; a step is one element visited. A change at the limits of a policy needs about 10^6. */
export const MAX_STEPS = 2_000_000;
const MAX_TEXT = 4 * 1024 * 1024;

/**
 * Compiles CEL into a function of plain values. Never throws: an expression that cannot be compiled or evaluated, takes
 * too long, or gives something other than a bool answers with a problem.
 */
export function compileExpression(text: string, maxSteps = MAX_STEPS): CompiledExpression {
  const answer = parseExpression(text);
  if ("problem" in answer) return () => ({ problem: answer.problem.message });
  const run = planNode(answer.parsed.expr, maxSteps);
  return (bindings) => {
    const result = run(bindings);
    if ("problem" in result || typeof result.value === "boolean") return result as ExpressionAnswer;
    return { problem: `the expression gave ${typeof result.value}, not true or false` };
  };
}

/** The value of any part of an expression as a plain value, for explanations. */
export function evaluateNode(node: Expression, bindings: Bindings): ValueAnswer {
  const result = planNode(node, MAX_STEPS)(bindings);
  return "problem" in result ? result : { value: toPlainValue(result.value) };
}

type ValueAnswer = { readonly value: unknown } | { readonly problem: string };

function planNode(node: Expression, maxSteps: number): (bindings: Bindings) => ValueAnswer {
  const meter = { left: 0 };
  const run = plan(createEnvironment(meter), chargeSteps(node)) as (
    bindings: Record<string, CelInput>,
  ) => unknown;
  return (bindings) => {
    meter.left = maxSteps;
    const result = run({ change: memberOf(bindings, "change"), commit: memberOf(bindings, "commit") });
    if (meter.left < 0) return { problem: `the expression took more than ${maxSteps} steps` };
    return isCelError(result) ? { problem: result.message.slice(0, 300) } : { value: result };
  };
}

const MAX_SHOWN = 20;

function toPlainValue(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (isCelList(value)) {
    const shown: unknown[] = [];
    for (const item of value) if (shown.push(toPlainValue(item)) >= MAX_SHOWN) break;
    return shown.length < value.size ? [...shown, `… ${value.size - shown.length} more`] : shown;
  }
  if (!isCelMap(value)) return value;
  return Object.fromEntries([...value.entries()].map(([key, member]) => [String(key), toPlainValue(member)]));
}

const { BOOL, DYN, INT, STRING } = CelScalar;
const LIST = listType(DYN);
const FACTS = mapType(STRING, DYN);

interface Meter {
  left: number;
}

function createEnvironment(meter: Meter) {
  const matches = createRegexCache();
  const charge = (steps: number) => {
    meter.left -= steps;
    if (meter.left < 0) throw new Error("too many steps");
  };
  return celEnv({
    variables: { change: FACTS, commit: FACTS },
    funcs: [
      // Ends a loop instead of raising an error, which `exists` would swallow and go on looping. The second argument
      // is the loop's result so far: once that is an error, so is this call, and the loop ends with it at once.
      celFunc("@step", [DYN, DYN], BOOL, (goOn) => {
        meter.left--;
        return meter.left >= 0 && goOn === true;
      }),
      celFunc("@charge", [DYN], DYN, (value) => {
        charge(isCelList(value) ? value.size : typeof value === "string" ? value.length / 64 : 1);
        return value as CelInput;
      }),
      celFunc("_+_", [LIST, LIST], LIST, (a, b) => appendLists(a as CelList, b as CelList, charge)),
      celFunc("_+_", [STRING, STRING], STRING, (a, b) => {
        if (a.length + b.length > MAX_TEXT) throw new Error("the text grows too long");
        return a + b;
      }),
      celMethod("matches", STRING, [STRING], BOOL, function (pattern) {
        charge(1 + this.length / 64);
        return matches(pattern, this);
      }),
      // Both are linear in the text, which the library's own versions copy.
      celFunc("size", [STRING], INT, (value) => BigInt(value.length)),
    ],
  });
}

const CONVERTED = new WeakMap<object, CelInput>();

/** Facts converted once: a rule for each of a thousand commits sees the same change every time. */
function memberOf(bindings: Bindings, name: string): CelInput {
  const value = bindings[name];
  if (typeof value !== "object" || value === null) return toCelInput(value);
  const known = CONVERTED.get(value);
  if (known !== undefined) return known;
  const fresh = toCelInput(value);
  CONVERTED.set(value, fresh);
  return fresh;
}

/** Plain facts as CEL takes them: whole numbers become ints, which the library would take for doubles. */
export function toCelInput(value: unknown): CelInput {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (Array.isArray(value)) return value.map(toCelInput);
  if (typeof value !== "object") return null;
  return new Map(
    Object.entries(value).map(([key, member]) => [key, toCelInput(member)] as const),
  ) as unknown as CelInput;
}
