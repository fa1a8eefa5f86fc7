// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf } from "./configuration-value.ts";
import type { Danger } from "./resource.ts";
import { findDangersBetween, type PlacedPair } from "./to-touched.ts";

/**
 * Dangers of values that go from a resource into a variable of Terraform that is new with a default: what the resource has from then on, if
 * nobody says otherwise, is the default. Told with the resource and with the variable; those that their own texts tell already are left out.
 */
export function findDefaultedDangers(
  pairs: readonly PlacedPair[],
): ReadonlyMap<PlacedPair, readonly Danger[]> {
  const variables = findNewVariables(pairs);
  const found = new Map<PlacedPair, Danger[]>();
  if (variables.size === 0) return found;
  for (const pair of pairs)
    for (const [variable, dangers] of findByVariable(pair, variables))
      for (const each of [pair, variable]) found.set(each, [...(found.get(each) ?? []), ...dangers]);
  return found;
}

// Each of them is written in and looked at by itself.
const MOST_VARIABLES = 50;

function findByVariable(
  pair: PlacedPair,
  variables: ReadonlyMap<string, PlacedPair>,
): readonly (readonly [PlacedPair, readonly Danger[]])[] {
  const { before, after } = pair;
  if (before === null || after?.resource.kind !== "terraform") return [];
  const used = new Map<string, PlacedPair>();
  writeDefaults(after.resource.body, (name) => {
    const variable = variables.get(`${folderOf(after.file.path)}\0${name}`);
    if (variable !== undefined && used.size < MOST_VARIABLES) used.set(name, variable);
    return undefined;
  });
  if (used.size === 0) return [];
  const known = new Set(findDangersBetween(pair).map(({ code }) => code));
  return [...used].map(([name, variable]) => {
    const body = writeDefaults(after.resource.body, (own) =>
      own === name ? defaultOf(variable) : undefined,
    );
    const written = { ...after, resource: { ...after.resource, body } };
    const dangers = findDangersBetween({ before, after: written });
    return [variable, dangers.filter(({ code }) => !known.has(code))] as const;
  });
}

/** By folder and name; what was declared before, or has no default that is a literal, is none. */
function findNewVariables(pairs: readonly PlacedPair[]): ReadonlyMap<string, PlacedPair> {
  return new Map(
    pairs.flatMap((pair) => {
      const { before, after } = pair;
      if (before !== null || after?.resource.type !== "variable" || defaultOf(pair) === undefined) return [];
      return [[`${folderOf(after.file.path)}\0${after.resource.name}`, pair] as const];
    }),
  );
}

function defaultOf({ after }: PlacedPair): ConfigurationValue | undefined {
  const [value] = after === null ? [] : fieldsOf(after.resource.body, "default");
  return value !== undefined && value.literal !== null ? value : undefined;
}

const VARIABLE = /^var\s*\.\s*(\w{1,100})$/;

/** What holds no such variable stays the value that it is. */
function writeDefaults(
  value: ConfigurationValue,
  find: (name: string) => ConfigurationValue | undefined,
): ConfigurationValue {
  const name = value.literal === null ? VARIABLE.exec(value.text)?.[1] : undefined;
  if (name !== undefined) return find(name) ?? value;
  const fields = value.fields.map((field) => ({ ...field, value: writeDefaults(field.value, find) }));
  return { ...value, fields, items: value.items.map((item) => writeDefaults(item, find)) };
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
