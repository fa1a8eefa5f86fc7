// SPDX-License-Identifier: Apache-2.0
import { coversText } from "./covers-text.ts";
import { isWider } from "./network-range.ts";

/** What one operator of IAM asks for, which another one asks for more strictly. */
const LOOSER: Readonly<Record<string, string>> = {
  stringequals: "stringlike stringequalsignorecase",
  arnequals: "arnlike",
  arnlike: "arnequals",
};

/**
 * Whether conditions ask for all that another one asks: under the same operator or a stricter one, for fewer values; where it names what
 * must not be, for more. Conditions are `operator key = value, …`.
 */
export function isAskedFor(condition: string, now: readonly string[]): boolean {
  const old = toCondition(condition);
  return now.some((each) => {
    const own = toCondition(each);
    if (own.key !== old.key || !isAsStrict(own.operator, old.operator)) return false;
    return /not/.test(old.operator)
      ? old.values.every((value) => own.values.some((other) => allows(old.operator, other, value)))
      : own.values.every((value) => old.values.some((other) => allows(old.operator, other, value)));
  });
}

interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

function toCondition(text: string): Condition {
  const at = text.indexOf(" = ");
  const [operator = "", key = ""] = text.slice(0, at < 0 ? undefined : at).split(/[ .](.*)/s);
  return {
    operator: operator.toLowerCase(),
    key: key.toLowerCase(),
    values: at < 0 ? [] : text.slice(at + 3).split(", "),
  };
}

/** `…IfExists` asks for nothing where the key is absent. */
function isAsStrict(now: string, old: string): boolean {
  const [own, was] = [now, old].map((each) => each.replace(/ifexists$/, ""));
  if (now.endsWith("ifexists") && !old.endsWith("ifexists")) return false;
  return own === was || (LOOSER[own ?? ""] ?? "").split(" ").includes(was ?? "");
}

function allows(operator: string, allowed: string, value: string): boolean {
  if (allowed === value) return true;
  if (/like|^arn/.test(operator)) return coversText(allowed, value);
  if (/ignorecase/.test(operator)) return allowed.toLowerCase() === value.toLowerCase();
  if (/ipaddress/.test(operator)) return isWider(allowed, value);
  const [most, own] = [Number(allowed), Number(value)];
  if (/^numericless/.test(operator)) return own <= most;
  return /^numericgreater/.test(operator) && own >= most;
}
