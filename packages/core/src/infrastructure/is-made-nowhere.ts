// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf } from "./configuration-value.ts";
import type { DeclaredResource } from "./resource.ts";

/** Whether Terraform is told outright to make none of a resource: by `count = 0`, or for each of nothing. */
export function isMadeNowhere({ kind, body }: DeclaredResource): boolean {
  if (kind !== "terraform") return false;
  const [count] = fieldsOf(body, "count");
  const [each] = fieldsOf(body, "for_each");
  return (count !== undefined && isNought(count)) || (each !== undefined && isEmpty(each));
}

/** `0`, or `false ? 1 : 0`. */
function isNought({ literal, text, items }: ConfigurationValue): boolean {
  if (literal !== null) return literal === "0";
  const isNever = /^false\s*\?[^?]*$/.test(text);
  return isNever && items.at(-1)?.literal === "0";
}

/** `{}`, `[]`, `toset([])`, `tomap({})`. */
function isEmpty(value: ConfigurationValue): boolean {
  const { text, fields, items } = value;
  if (/^(?:to(?:set|map|list))?\s*\(\s*\)$/.test(text)) return items.length === 1 && items.every(isEmpty);
  return (text === "{}" || text === "[]") && fields.length === 0 && items.length === 0;
}
