// SPDX-License-Identifier: Apache-2.0

/** First and last line, 1-based, both inclusive. */
export type LineRange = readonly [first: number, last: number];

/** A value of a configuration language, without comments and layout: two that differ in nothing else are equal. */
export interface ConfigurationValue {
  /** Source of a plain value or of what is between the parts of an expression; `{}` and `[]` for objects and lists. */
  readonly text: string;
  /** What the value surely is when applied: a literal's content; null for an expression, whose value nobody knows here. */
  readonly literal: string | null;
  /** Fields of an object or block, in order; a block that stands twice is two fields of one name. */
  readonly fields: readonly ConfigurationField[];
  /** Elements of a list, or the parts of an expression, in order. */
  readonly items: readonly ConfigurationValue[];
}

export interface ConfigurationField {
  readonly name: string;
  readonly value: ConfigurationValue;
  readonly lines: LineRange;
}

export function toLiteral(literal: string, text = literal): ConfigurationValue {
  return { text, literal, fields: [], items: [] };
}

/** What nobody can know here, as it is written. */
export function toExpression(text: string): ConfigurationValue {
  return { text, literal: null, fields: [], items: [] };
}

export function toObject(fields: readonly ConfigurationField[]): ConfigurationValue {
  return { text: "{}", literal: null, fields, items: [] };
}

/** Statements of a program, whose order counts, by the name of what each calls. */
export function toProgram(fields: readonly ConfigurationField[]): ConfigurationValue {
  return { text: "program", literal: null, fields, items: [] };
}

export function toList(items: readonly ConfigurationValue[]): ConfigurationValue {
  return { text: "[]", literal: null, fields: [], items };
}

/** Equal but for layout and comments; the order of elements counts, and that of fields of one name. */
export function isSameValue(a: ConfigurationValue, b: ConfigurationValue): boolean {
  return (
    a.text === b.text &&
    a.literal === b.literal &&
    a.fields.length === b.fields.length &&
    a.items.length === b.items.length &&
    areSameFields(a, b) &&
    a.items.every((item, i) => {
      const other = b.items[i];
      return other !== undefined && isSameValue(item, other);
    })
  );
}

function areSameFields(a: ConfigurationValue, b: ConfigurationValue): boolean {
  for (const [i, field] of a.fields.entries()) {
    const other = b.fields[i];
    if (other?.name !== field.name) return a.text === "{}" && areSameInAnyOrder(a, b);
    if (!isSameValue(field.value, other.value)) return false;
  }
  return true;
}

/** By name; what stands twice stays in its own order. */
function areSameInAnyOrder(a: ConfigurationValue, b: ConfigurationValue): boolean {
  const [old, now] = [a.fields.toSorted(byName), b.fields.toSorted(byName)];
  return old.every((field, i) => isSameField(field, now[i]));
}

function byName(a: ConfigurationField, b: ConfigurationField): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function isSameField(a: ConfigurationField, b: ConfigurationField | undefined): boolean {
  return b !== undefined && a.name === b.name && isSameValue(a.value, b.value);
}

export interface FlatValue {
  /** Names on the way, without positions: `ingress.cidr_blocks`. */
  readonly path: string;
  /** The last of those names; empty for a value that has none. */
  readonly name: string;
  /** What it is, else how it is written. */
  readonly text: string;
  readonly isLiteral: boolean;
}

/** Every value that holds no other, in the order of the file. */
export function flattenValue(value: ConfigurationValue, path = "", name = ""): readonly FlatValue[] {
  const flat: FlatValue[] = [];
  addFlat(flat, value, path, name);
  return flat;
}

function addFlat(flat: FlatValue[], value: ConfigurationValue, path: string, name: string): void {
  for (const field of value.fields)
    addFlat(flat, field.value, path === "" ? field.name : `${path}.${field.name}`, field.name);
  for (const item of value.items) addFlat(flat, item, path, name);
  if (value.fields.length === 0 && value.items.length === 0)
    flat.push({ path, name, text: value.literal ?? value.text, isLiteral: value.literal !== null });
}

/** Values of those names directly inside. */
export function fieldsOf(
  value: ConfigurationValue,
  ...names: readonly string[]
): readonly ConfigurationValue[] {
  return value.fields.filter((field) => names.includes(field.name)).map((field) => field.value);
}

/** What the first field of one of those names surely is; undefined where it is absent or an expression. */
export function literalOf(value: ConfigurationValue, ...names: readonly string[]): string | undefined {
  return fieldsOf(value, ...names)[0]?.literal ?? undefined;
}

/** Literals of a value and of all that it holds, in order; expressions as they are written. */
export function textsOf(value: ConfigurationValue): readonly string[] {
  return flattenValue(value).map(({ text }) => text);
}

/** Every value in it that has fields, itself included, from the outside in. */
export function objectsIn(value: ConfigurationValue): readonly ConfigurationValue[] {
  const found: ConfigurationValue[] = [];
  const visit = (each: ConfigurationValue): void => {
    if (each.fields.length > 0) found.push(each);
    for (const field of each.fields) visit(field.value);
    for (const item of each.items) visit(item);
  };
  visit(value);
  return found;
}
