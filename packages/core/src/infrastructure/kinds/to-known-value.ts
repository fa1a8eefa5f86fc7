// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, toExpression, toLiteral } from "../configuration-value.ts";

/** `false && x` is false and `true || x` is true whatever x is; `true && x` and `false || x` are x. Others stay as they are. */
export function toKnownValue(value: ConfigurationValue): ConfigurationValue {
  const operator = value.text.includes(" && ") ? "&&" : "||";
  const parts = value.text.split(` ${operator} `);
  const isLone = parts.length > 1 && parts.every((part) => LONE.test(part));
  if (value.literal !== null || !isLone) return value;
  const [deciding, idle] = operator === "&&" ? ["false", "true"] : ["true", "false"];
  if (parts.includes(deciding ?? "")) return toLiteral(deciding ?? "");
  const rest = parts.filter((part) => part !== idle);
  if (rest.length === parts.length) return value;
  return rest.length === 0 ? toLiteral(idle ?? "") : toExpression(rest.join(` ${operator} `));
}

/** A name or a literal; comparisons, calls and brackets are read by nobody here. */
const LONE = /^(?:! )?[\w .-]{1,200}$/;

/** Whether a value may be one that is known all the same. */
export function isConnected({ text, literal }: ConfigurationValue): boolean {
  if (literal !== null || !(text.includes(" && ") || text.includes(" || "))) return false;
  return /(?:^| )(?:true|false)(?: |$)/.test(text);
}
