// SPDX-License-Identifier: Apache-2.0
import { CelScalar, celEnv, isCelError, parse, plan } from "@bufbuild/cel";
import { strings } from "@bufbuild/cel/ext";
import { toCelInput } from "../../policy/cel/compile-expression.ts";
import type { NativeValidation, NativeVariable } from "./native-expressions.ts";

/** A request as an API server binds it to the expressions of a ValidatingAdmissionPolicy. */
export interface NativeRequest {
  readonly operation: string;
  readonly object: unknown;
  readonly oldObject?: unknown;
  /** The ConfigMap that the binding names. */
  readonly params?: unknown;
}

interface NativeSpec {
  readonly variables: readonly NativeVariable[];
  readonly validations: readonly NativeValidation[];
  readonly auditAnnotations: readonly { readonly key: string; readonly valueExpression: string }[];
}

const { DYN } = CelScalar;
const ENVIRONMENT = celEnv({
  // An API server's CEL has the same extension.
  funcs: strings,
  variables: { object: DYN, oldObject: DYN, request: DYN, params: DYN, variables: DYN },
});

function evaluate(expression: string, bindings: Readonly<Record<string, unknown>>): unknown {
  const run = plan(ENVIRONMENT, parse(expression)) as (bindings: Record<string, unknown>) => unknown;
  const result = run(
    Object.fromEntries(Object.entries(bindings).map(([key, value]) => [key, toCelInput(value)])),
  );
  if (isCelError(result)) throw new Error(result.message);
  return result;
}

/** Messages of what is refused, as `failurePolicy: Fail` has it: an expression that fails is a no. */
export function runNative(
  policy: object,
  { operation, object, oldObject = null, params = null }: NativeRequest,
): readonly string[] {
  const { spec } = policy as { readonly spec: NativeSpec };
  const variables: Record<string, unknown> = {};
  const bindings = { object, oldObject, params, request: { operation }, variables };
  try {
    // An API server evaluates a variable when it is used; one that fails is then used by all of them.
    for (const { name, expression } of spec.variables)
      variables[name] = toPlain(evaluate(expression, { ...bindings }));
    const refused = spec.validations.filter(({ expression }) => evaluate(expression, bindings) !== true);
    for (const { valueExpression } of spec.auditAnnotations) evaluate(valueExpression, bindings);
    return refused.map(({ message, messageExpression }) =>
      messageExpression === undefined ? message : String(evaluate(messageExpression, bindings)),
    );
  } catch (error) {
    return [`failed: ${error instanceof Error ? error.message : error}`];
  }
}

/** A list or map of CEL as plain values, to be bound again. */
function toPlain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if ("entries" in value && "keys" in value)
    return Object.fromEntries(
      [...(value as ReadonlyMap<unknown, unknown>).entries()].map(([key, member]) => [
        String(key),
        toPlain(member),
      ]),
    );
  return [...(value as Iterable<unknown>)].map(toPlain);
}
