// SPDX-License-Identifier: Apache-2.0

/**
 * Where two documents of JSON first say something else, as a path such as `resource_changes[0].change`; undefined where they say the same,
 * whatever their layout and the order of their members. No value is repeated, since it may be a secret.
 */
export function findPlanDifference(one: string, other: string): string | undefined {
  const [a, b] = [read(one), read(other)];
  if (a === undefined || b === undefined) return "one of them is no JSON";
  return find(a.value, b.value, "");
}

function read(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function find(a: unknown, b: unknown, path: string): string | undefined {
  if (!isObject(a) || !isObject(b)) return Object.is(a, b) ? undefined : path || "the whole document";
  if (Array.isArray(a) !== Array.isArray(b)) return path || "the whole document";
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const place = Array.isArray(a) ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`;
    const found = Object.hasOwn(a, name) && Object.hasOwn(b, name) ? find(a[name], b[name], place) : place;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
