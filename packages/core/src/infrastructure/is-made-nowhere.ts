// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf } from "./configuration-value.ts";
import type { DeclaredResource } from "./resource.ts";

/** Whether Terraform is told outright to make none of a resource: by `count = 0`, or for each of nothing. */
export function isMadeNowhere({ kind, type, body }: DeclaredResource): boolean {
  if (kind !== "terraform" || type.startsWith("data.")) return false;
  const [count] = fieldsOf(body, "count");
  const [each] = fieldsOf(body, "for_each");
  return (count !== undefined && isNought(count)) || (each !== undefined && isEmpty(each));
}

/** Keys for which a resource was made and is made no more, where both sides name them all. */
export function findLostKeys(before: DeclaredResource, after: DeclaredResource): readonly string[] {
  const [old, now] = [before, after].map(({ kind, body }) =>
    kind === "terraform" ? keysOf(fieldsOf(body, "for_each")[0]) : undefined,
  );
  if (old === undefined || now === undefined || now.length === 0) return [];
  return now.every((key) => old.includes(key)) ? old.filter((key) => !now.includes(key)) : [];
}

function keysOf(value: ConfigurationValue | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (/^(?:to(?:set|map|list))?\s*\(\s*\)$/.test(value.text))
    return value.items.length === 1 ? keysOf(value.items[0]) : undefined;
  if (value.text === "{}") return value.fields.map(({ name }) => name);
  if (value.text !== "[]") return undefined;
  const keys = value.items.map(({ literal }) => literal);
  return keys.every((key) => key !== null) ? keys : undefined;
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
