// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, toExpression, toLiteral } from "../configuration-value.ts";

const REFERENCE = /^[A-Za-z_][\w-]*(?: \. [\w-]+)*$/;
const ALONE = /^\$\{\s*([A-Za-z_][\w-]*(?:\.[\w-]+)*)\s*\}$/;

/** `"${a.b}"` alone is `a.b`; any other text stays what it is. */
export function toReference(value: ConfigurationValue): ConfigurationValue {
  const name = ALONE.exec(value.literal ?? "")?.[1];
  return name === undefined ? value : toExpression(name.replaceAll(".", " . "));
}

/** `format("%s/*", a.b)` and `join("/", [a.b, "*"])` as the template that says the same; undefined for what only a run tells. */
export function toTemplate(callee: string, call: ConfigurationValue): ConfigurationValue | undefined {
  const [first, ...rest] = call.items;
  const pattern = first?.literal;
  if (pattern === null || pattern === undefined || pattern.includes("${")) return undefined;
  const texts = callee === "join" ? joined(pattern, rest) : formatted(pattern, rest);
  return texts === undefined ? undefined : toReference(toLiteral(texts));
}

function joined(separator: string, [list, second]: readonly ConfigurationValue[]): string | undefined {
  if (list?.text !== "[]" || second !== undefined) return undefined;
  const parts = list.items.map(toPart);
  return parts.every((part) => part !== undefined) ? parts.join(separator) : undefined;
}

function formatted(pattern: string, values: readonly ConfigurationValue[]): string | undefined {
  const pieces = pattern.split("%s");
  const parts = values.map(toPart);
  if (pattern.replaceAll("%s", "").includes("%") || pieces.length !== parts.length + 1) return undefined;
  if (!parts.every((part) => part !== undefined)) return undefined;
  return pieces.map((piece, at) => piece + (parts[at] ?? "")).join("");
}

function toPart({ literal, text }: ConfigurationValue): string | undefined {
  if (literal !== null) return literal;
  return REFERENCE.test(text) ? `\${${text.replaceAll(" ", "")}}` : undefined;
}
