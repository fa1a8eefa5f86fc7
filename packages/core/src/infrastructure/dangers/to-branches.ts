// SPDX-License-Identifier: Apache-2.0
import type { ConfigurationValue } from "../configuration-value.ts";
import type { DeclaredResource, ResourcePair } from "../resource.ts";

/** A value that is one of two, by a condition. */
interface Conditional {
  readonly condition: string;
  readonly branches: readonly [ConfigurationValue, ConfigurationValue];
}

/**
 * Both sides of a resource as they are where its conditions hold, and as they are where they do not; none where nothing of the old side is
 * one of two literals. What hangs on another condition than before stays as it is written.
 */
export function toBranches({ before, after }: ResourcePair): readonly ResourcePair[] {
  if (before === null || after === null || !hasConditional(before.body)) return [];
  return ([0, 1] as const).flatMap((branch) => {
    const [old, now] = choose(before.body, after.body, branch);
    if (old === before.body) return [];
    const side = (resource: DeclaredResource, body: ConfigurationValue) => ({ ...resource, body });
    return [{ before: side(before, old), after: side(after, now) }];
  });
}

type Sides = readonly [old: ConfigurationValue, now: ConfigurationValue];

function choose(old: ConfigurationValue, now: ConfigurationValue, branch: 0 | 1): Sides {
  const [was, is] = [old, now].map(toConditional);
  if (was !== undefined) {
    if (is?.condition === was.condition) return [was.branches[branch], is.branches[branch]];
    return now.literal === null ? [old, now] : [was.branches[branch], now];
  }
  const fields = pairFields(old, now, branch);
  const items = pairItems(old, now, branch);
  if (fields === undefined && items === undefined) return [old, now];
  return [
    { ...old, fields: fields?.[0] ?? old.fields, items: items?.[0] ?? old.items },
    { ...now, fields: fields?.[1] ?? now.fields, items: items?.[1] ?? now.items },
  ];
}

/** Fields that have one name of their own on both sides; undefined where nothing is chosen. */
function pairFields(old: ConfigurationValue, now: ConfigurationValue, branch: 0 | 1) {
  const chosen = new Map<string, Sides>();
  const counts = new Map<string, number>();
  for (const { name } of [...old.fields, ...now.fields]) counts.set(name, (counts.get(name) ?? 0) + 1);
  const others = new Map(now.fields.map((field) => [field.name, field.value]));
  for (const { name, value } of old.fields) {
    const other = others.get(name);
    if (other === undefined || counts.get(name) !== 2) continue;
    const sides = choose(value, other, branch);
    if (sides[0] !== value) chosen.set(name, sides);
  }
  if (chosen.size === 0) return undefined;
  return ([0, 1] as const).map((side) =>
    [old, now][side]?.fields.map((field) => ({
      ...field,
      value: chosen.get(field.name)?.[side] ?? field.value,
    })),
  );
}

/** Elements by their place, where there are as many. */
function pairItems(old: ConfigurationValue, now: ConfigurationValue, branch: 0 | 1) {
  if (old.items.length !== now.items.length || old.text !== now.text) return undefined;
  const sides = old.items.map((item, at) => choose(item, now.items[at] ?? item, branch));
  if (sides.every(([was], at) => was === old.items[at])) return undefined;
  return ([0, 1] as const).map((side) => sides.map((each) => each[side]));
}

function hasConditional(value: ConfigurationValue): boolean {
  return (
    toConditional(value) !== undefined ||
    value.fields.some((field) => hasConditional(field.value)) ||
    value.items.some(hasConditional)
  );
}

const ONE_OF_TWO = /^(.{1,300}) \? (\S{1,200}) : (\S{1,200})$/;

/** `!If [Condition, a, b]` of CloudFormation, `condition ? a : b` of Terraform, of two literals. */
function toConditional({ text, items }: ConfigurationValue): Conditional | undefined {
  if (items.length < 2 || !(text === "!If" || text.includes(" ? "))) return undefined;
  const [then, otherwise] = items.slice(-2);
  if (then === undefined || otherwise === undefined) return undefined;
  if (then.literal === null || otherwise.literal === null) return undefined;
  if (text === "!If" && items.length === 3)
    return { condition: items[0]?.literal ?? items[0]?.text ?? "", branches: [then, otherwise] };
  const [, condition, first, second] = ONE_OF_TWO.exec(text) ?? [];
  const isWritten = first === then.text && second === otherwise.text && !condition?.includes("?");
  return condition !== undefined && isWritten ? { condition, branches: [then, otherwise] } : undefined;
}
