// SPDX-License-Identifier: Apache-2.0

/** JSON as other tools write it: shapes are asked for member by member, and whatever does not fit is undefined. */
export type Loose = unknown;

/** Largest record that is parsed; whogitit refuses to write more than 4 MiB. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Undefined where the text is no JSON, or too much of it. */
export function parseLooseJson(text: string): Loose {
  if (text.length > MOST_CHARACTERS) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A member of an object by its own name, never one that it inherits. */
export function memberOf(value: Loose, name: string): Loose {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

export function isObject(value: Loose): value is Readonly<Record<string, Loose>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function itemsOf(value: Loose): readonly Loose[] {
  return Array.isArray(value) ? value : [];
}

/** Text of 1 to `limit` characters. */
export function textOf(value: Loose, limit = 1024): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= limit ? value : undefined;
}

/** A whole number from `least` to `most`. */
export function numberOf(value: Loose, least: number, most: number): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most
    ? (value as number)
    : undefined;
}
