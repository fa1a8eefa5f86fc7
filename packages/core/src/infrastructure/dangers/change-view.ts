// SPDX-License-Identifier: Apache-2.0
import { type FlatValue, flattenValue } from "../configuration-value.ts";
import type { Category, Danger, DangerCode, DeclaredResource, ResourcePair } from "../resource.ts";

/** One attribute anywhere in a resource; names in snake case, whatever the language writes. */
export interface Attribute extends FlatValue {
  /** The last name alone: `deletion_protection` for `DeletionProtection`. */
  readonly name: string;
  /** All names on the way: `ingress.cidr_blocks`. */
  readonly path: string;
}

/** Both sides of a resource, as rules about dangers look at them. */
export interface ChangeView {
  readonly pair: ResourcePair;
  readonly category: Category;
  /** In snake case. */
  readonly type: string;
  readonly before: readonly Attribute[];
  readonly after: readonly Attribute[];
  readonly isCreated: boolean;
  readonly isDeleted: boolean;
  /** Attributes that are not the same on both sides, in the order of the new one. */
  readonly changes: readonly AttributeChange[];
  /** Attributes of the new side whose text stands nowhere in the old one. */
  readonly newTexts: readonly Attribute[];
  /** Attributes of the new side that the old one does not have with that text at that path. */
  readonly newAttributes: readonly Attribute[];
}

/** Attributes of one path that differ; a side without it is empty. */
export interface AttributeChange {
  readonly path: string;
  readonly name: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export type FindDangers = (view: ChangeView) => readonly Danger[];

export function toChangeView(pair: ResourcePair, category: Category): ChangeView {
  const { before, after } = pair;
  const type = toObjectType(toSnake((after ?? before)?.type ?? ""));
  const [old, now] = [toAttributes(before), toAttributes(after)];
  return {
    pair,
    category,
    type,
    before: old,
    after: now,
    changes: toChanges(old, now),
    newTexts: without(old, now, ({ text }) => text),
    newAttributes: without(old, now, ({ path, text }) => `${path}\0${text}`),
    isCreated: before === null,
    isDeleted: after === null,
  };
}

function without(
  old: readonly Attribute[],
  now: readonly Attribute[],
  keyOf: (attribute: Attribute) => string,
): readonly Attribute[] {
  const known = new Set(old.map(keyOf));
  return now.filter((attribute) => !known.has(keyOf(attribute)));
}

/** Variables and locals hold what resources take from them, so their own name says what the value is about. */
const NAMED_VALUES = new Set(["variable", "local", "output", "values", "Parameter", "config"]);

const BARE = /^(?:annotations|labels|tags)$/;

/** An empty list, and what Terraform takes for not written, is nothing. */
function toAttributes(resource: DeclaredResource | null): readonly Attribute[] {
  if (resource === null) return [];
  const isNamed = NAMED_VALUES.has(resource.type);
  const isUnset = (text: string) => text === "[]" || (text === "null" && resource.kind === "terraform");
  return flattenValue(resource.body)
    .filter(({ name, text }) => !isUnset(text) && !(text === "{}" && BARE.test(name)))
    .map(({ path: written, text, isLiteral }) => {
      const own = toSnake(written);
      const path = isNamed ? toNamedPath(resource, own) : own;
      return { path, name: lastName(path), text, isLiteral };
    });
}

/** Annotations are called by a domain first: `nginx.ingress.kubernetes.io/ssl-redirect`. */
function lastName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("."), path.lastIndexOf("/")) + 1);
}

function toNamedPath({ type, name }: DeclaredResource, path: string): string {
  const own = /^(?:value|default)(?:\.|$)/.exec(path)?.[0];
  if (own === undefined && !["values", "local", "config"].includes(type)) return path;
  // A stack's configuration says first whose it is: `shop:replicas`.
  const key = type === "config" ? name.slice(name.indexOf(":") + 1) : name;
  return [toSnake(key), path.slice(own?.length ?? 0)].filter(Boolean).join(".");
}

/** `kubernetes_network_policy_v1` of Terraform is the object of that kind. */
export function toObjectType(type: string): string {
  if (!type.startsWith("kubernetes_") || type.startsWith("kubernetes_manifest")) return type;
  return type.slice("kubernetes_".length).replace(/_v\d\w*$/, "");
}

const SNAKE = new Map<string, string>();
const MOST_REMEMBERED = 10_000;

/** `deletionProtection`, `DeletionProtection` and `deletion-protection` are one name. */
export function toSnake(name: string): string {
  const known = SNAKE.get(name);
  if (known !== undefined) return known;
  const snake = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
  if (SNAKE.size < MOST_REMEMBERED && name.length < 200) SNAKE.set(name, snake);
  return snake;
}

function toChanges(old: readonly Attribute[], now: readonly Attribute[]): readonly AttributeChange[] {
  const [before, after] = [groupByPath(old), groupByPath(now)];
  const paths = [...new Set([...after.keys(), ...before.keys()])];
  return paths.flatMap((path) => {
    const [a, b] = [before.get(path) ?? [], after.get(path) ?? []];
    const isSame = a.length === b.length && a.every((text, i) => text === b[i]);
    return isSame ? [] : [{ path, name: lastName(path), before: a, after: b }];
  });
}

function groupByPath(attributes: readonly Attribute[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { path, text } of attributes) {
    const group = groups.get(path);
    if (group === undefined) groups.set(path, [text]);
    else group.push(text);
  }
  return groups;
}

const NONE: readonly Danger[] = [];

/** At most three by name: a reason is one line. */
export function describe(code: DangerCode, verb: string, names: readonly string[]): readonly Danger[] {
  if (names.length === 0) return NONE;
  const known = [...new Set(names)];
  const more = known.length > 3 ? ` and ${known.length - 3} more` : "";
  return [{ code, reason: `${verb} ${known.slice(0, 3).map(shorten).join("; ")}${more}` }];
}

const LONGEST = 120;

export function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** `size 3 → 1`; a side without the attribute is `(none)`. */
export function formatValues(change: AttributeChange): string {
  return format(change, "(none)");
}

/** The same where it matters that what was there is gone. */
export function formatChange(change: AttributeChange): string {
  return format(change, "(gone)");
}

function format({ path, before, after }: AttributeChange, lost: string): string {
  return `${path} ${before.join(", ") || "(none)"} → ${after.join(", ") || lost}`;
}
