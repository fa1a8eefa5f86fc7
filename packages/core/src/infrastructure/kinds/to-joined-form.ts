// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, toExpression, toLiteral } from "../configuration-value.ts";

const NAMED = /^!(?:Ref|GetAtt) ([\w.:]{1,200})$/;
const SUBSTITUTED = /^!Sub (.*)$/s;
const ALONE = /^\$\{([\w.:]{1,200})\}$/;

/** `!Join ["", [a, !Ref B]]` as the `!Sub "a${B}"` that says the same, and a `!Sub` of one name or none as that; others as they are. */
export function toJoinedForm(value: ConfigurationValue): ConfigurationValue {
  const [separator, list] = value.items;
  if (value.text === "!Join" && typeof separator?.literal === "string" && list?.text === "[]") {
    const parts = list.items.map(toText);
    return parts.every((part) => part !== undefined) ? toPlain(parts.join(separator.literal)) : value;
  }
  const [, text] =
    SUBSTITUTED.exec(value.literal === null && value.items.length === 0 ? value.text : "") ?? [];
  return text === undefined ? value : toPlain(text);
}

function toText({ literal, text }: ConfigurationValue): string | undefined {
  if (literal !== null) return literal.includes("${") ? undefined : literal;
  const name = NAMED.exec(text)?.[1];
  return name === undefined ? SUBSTITUTED.exec(text)?.[1] : `\${${name}}`;
}

function toPlain(text: string): ConfigurationValue {
  const name = ALONE.exec(text)?.[1];
  if (name !== undefined) return toExpression(`${name.includes(".") ? "!GetAtt" : "!Ref"} ${name}`);
  return text.includes("${") ? toExpression(`!Sub ${text}`) : toLiteral(text);
}
