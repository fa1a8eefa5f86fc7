// SPDX-License-Identifier: Apache-2.0

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first of these fields that holds a string that is not empty. */
export function textOf(object: unknown, ...names: readonly string[]): string | undefined {
  if (!isObject(object)) return undefined;
  for (const name of names) {
    const value = own(object, name);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

/** The first of these fields that is there and not null, whatever it holds. */
export function fieldOf(object: unknown, ...names: readonly string[]): unknown {
  if (!isObject(object)) return undefined;
  for (const name of names) {
    const value = own(object, name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

export function listOf(object: unknown, ...names: readonly string[]): readonly unknown[] {
  const value = fieldOf(object, ...names);
  return Array.isArray(value) ? value : [];
}

/** A payload may name a field `__proto__` or ask for `constructor`; only what it really holds counts. */
function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
