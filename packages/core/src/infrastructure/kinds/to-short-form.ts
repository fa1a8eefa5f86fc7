// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, toExpression } from "../configuration-value.ts";

const LONG = /^(?:Fn::([A-Za-z0-9:]+)|(Ref|Condition))$/;

/** `{ Ref: Key }` and `!Ref Key` are one expression of CloudFormation, and so are all of its functions in both forms. */
export function toShortForm(value: ConfigurationValue): ConfigurationValue {
  const [only, second] = value.fields;
  const [, called, bare] = second === undefined ? (LONG.exec(only?.name ?? "") ?? []) : [];
  const name = called ?? bare;
  const isPlain = only !== undefined && (bare === undefined || only.value.literal !== null);
  if (name !== undefined && isPlain && !name.startsWith("ForEach")) return toCall(name, only.value);
  // Most values hold none: they stay the objects that they are.
  const fields = value.fields.map((field) => ({ ...field, value: toShortForm(field.value) }));
  const items = value.items.map(toShortForm);
  const isSame =
    fields.every((field, i) => field.value === value.fields[i]?.value) &&
    items.every((item, i) => item === value.items[i]);
  const short = isSame ? value : { ...value, fields, items };
  return short.text === "!GetAtt" ? toCall("GetAtt", short) : short;
}

function toCall(name: string, argument: ConfigurationValue): ConfigurationValue {
  const text = `!${name}`;
  if (argument.literal !== null) return toExpression(`${text} ${argument.literal}`);
  const inner = toShortForm({ ...argument, text: argument.items.length > 0 ? "[]" : argument.text });
  const parts = inner.items.map(({ literal }) => literal);
  if (name === "GetAtt" && parts.length > 0 && parts.every((part) => part !== null))
    return toExpression(`${text} ${parts.join(".")}`);
  const isNested = inner.fields.length === 0 && inner.items.length === 0;
  return isNested ? toExpression(`${text} ${inner.text}`) : { ...inner, text };
}
