// SPDX-License-Identifier: Apache-2.0
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
} from "yaml";
import {
  type ConfigurationField,
  type ConfigurationValue,
  type LineRange,
  toExpression,
  toList,
  toLiteral,
  toObject,
} from "../configuration-value.ts";
import { type HiddenTemplates, hideTemplates } from "./hide-templates.ts";
import { toEmbedded } from "./json-value.ts";

export interface YamlDocument {
  readonly value: ConfigurationValue;
  readonly lines: LineRange;
}

export interface ReadYaml {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly string[];
}

export interface YamlOptions {
  /** Block texts that are YAML themselves are read too: patches, and what a ConfigMap holds. */
  readonly hasNested?: boolean;
}

const MOST_NESTING = 100;
/** Aliases are followed wherever they stand; ten of ten of ten would not end. */
const MOST_NODES = 200_000;
/** Of those, values that stand elsewhere: whoever writes by hand repeats some hundreds. */
const MOST_ALIASED = 20_000;
const MOST_PROBLEMS = 20;
const ABSENT: ConfigurationValue = toExpression("");

/**
 * Reads YAML, and JSON, which is YAML, with the lines of every field: aliases followed, custom tags kept as expressions, keys that stand
 * twice both kept, template actions put back as expressions. Never throws.
 */
export function readYaml(text: string, options: YamlOptions = {}): ReadYaml {
  const templates = hideTemplates(text);
  if (isTooDeep(templates.text)) return tooDeep();
  const lineCounter = new LineCounter();
  try {
    const parsed = parseAllDocuments(templates.text, {
      ...{ lineCounter, uniqueKeys: false, strict: false, logLevel: "silent", version: "1.2" },
    });
    const all = Array.isArray(parsed) ? (parsed as readonly Document.Parsed[]) : [];
    const lineAt = (offset: number) => lineCounter.linePos(offset).line;
    const walk = {
      source: templates,
      lineAt,
      hasNested: options.hasNested === true,
      problems: [] as string[],
      anchors: new Map<string, { readonly value: ConfigurationValue; readonly size: number }>(),
      nodes: 0,
      aliased: 0,
    };
    const starts = all.map(({ range }, index) => (index === 0 ? 1 : lineAt(range[0])));
    const documents = all.flatMap((document, index) =>
      toDocument(walk, document, [starts[index] ?? 1, starts[index + 1] ?? Number.POSITIVE_INFINITY]),
    );
    const errors = all.flatMap(({ errors: own }) =>
      own.map(({ pos, message }) => `line ${lineCounter.linePos(pos[0]).line}: ${firstLine(message)}`),
    );
    return { documents, problems: [...errors, ...walk.problems].slice(0, MOST_PROBLEMS) };
  } catch (error) {
    // A stack that overflows, or a mistake of the parser's: what it cannot read is not understood.
    return { documents: [], problems: [`it cannot be read: ${firstLine(String(error))}`] };
  }
}

function firstLine(message: string): string {
  return message.split("\n")[0]?.slice(0, 200) ?? "";
}

function tooDeep(): ReadYaml {
  return { documents: [], problems: [`nested deeper than ${MOST_NESTING} levels`] };
}

/** Brackets of flow style, and columns of block style, as an upper bound: the parser calls itself for each level. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth++;
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1);
    if (depth > MOST_FLOW) return true;
  }
  return /^(?:[ ]{1000}|(?:- ){200})/m.test(text);
}

/** Texts hold brackets that nest nothing. */
const MOST_FLOW = 1000;

interface Walk {
  readonly source: HiddenTemplates;
  readonly lineAt: (offset: number) => number;
  readonly hasNested: boolean;
  readonly problems: string[];
  /** What each anchor of the document names, and how many values that is. */
  readonly anchors: Map<string, { readonly value: ConfigurationValue; readonly size: number }>;
  nodes: number;
  aliased: number;
}

interface Place {
  readonly depth: number;
}

const inner = ({ depth }: Place): Place => ({ depth: depth + 1 });

function toValue(walk: Walk, node: unknown, place: Place): ConfigurationValue {
  walk.nodes++;
  if (place.depth > MOST_NESTING || walk.nodes > MOST_NODES) {
    const what = place.depth > MOST_NESTING ? `${MOST_NESTING} levels` : `${MOST_NODES} values`;
    if (walk.problems.length === 0) walk.problems.push(`more than ${what}; what follows is not read`);
    return ABSENT;
  }
  if (isAlias(node)) return toNamed(walk, node.source);
  const before = walk.nodes + walk.aliased;
  const value = toPlain(walk, node, place);
  const { anchor } = node as { readonly anchor?: string };
  if (anchor !== undefined) walk.anchors.set(anchor, { value, size: walk.nodes + walk.aliased - before + 1 });
  return value;
}

/**
 * What an alias stands for, which is what its anchor named last. It counts each time it is named, so that a billion laughs are too many values
 * before anybody looks at them.
 */
function toNamed(walk: Walk, name: string): ConfigurationValue {
  const known = walk.anchors.get(name);
  walk.aliased += known?.size ?? 0;
  if (known !== undefined && walk.aliased <= MOST_ALIASED) return known.value;
  const what =
    known === undefined
      ? `nothing is called ${JSON.stringify(name.slice(0, 40))}`
      : `more than ${MOST_ALIASED} values`;
  if (walk.problems.length === 0) walk.problems.push(`${what}, where an alias names it`);
  return ABSENT;
}

function toPlain(walk: Walk, node: unknown, place: Place): ConfigurationValue {
  if (isMap(node)) return tagged(node, toObject(toFields(walk, node.items, inner(place))));
  if (isSeq(node)) return tagged(node, toList(node.items.map((item) => toValue(walk, item, inner(place)))));
  return isScalar(node) ? toScalar(walk, node, place.depth) : ABSENT;
}

/** By name, since a map has no order; what stands twice stays in its own. */
function toFields(walk: Walk, pairs: readonly Pair[], place: Place): readonly ConfigurationField[] {
  const fields = mergeFields(pairs.map((pair) => toField(walk, pair, place)));
  return fields.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** `<<: *defaults` puts in what the map does not say itself (yaml.org/type/merge); of several the first decides. */
function mergeFields(fields: readonly ConfigurationField[]): ConfigurationField[] {
  if (!fields.some(isMerged)) return [...fields];
  const known = new Set(fields.map(({ name }) => name));
  const own = fields.filter((field) => !isMerged(field));
  const merged = fields
    .filter(isMerged)
    .flatMap(({ value, lines }) =>
      [value, ...value.items].flatMap((each) => each.fields.map((field) => ({ ...field, lines }))),
    );
  return [...own, ...merged.filter(({ name }) => !known.has(name) && known.add(name))];
}

/** What is no map is left as it is written. */
function isMerged({ name, value }: ConfigurationField): boolean {
  return name === "<<" && (value.fields.length > 0 || value.items.some((item) => item.fields.length > 0));
}

function toField(walk: Walk, pair: Pair, place: Place): ConfigurationField {
  const { source, lineAt } = walk;
  const [key, value] = [pair.key as Node | null, pair.value as Node | null];
  const first = lineAt(key?.range?.[0] ?? value?.range?.[0] ?? 0);
  const end = lineAt(Math.max(0, (value?.range?.[1] ?? key?.range?.[1] ?? 0) - 1));
  const name = isScalar(key) ? source.restore(String(key.value ?? "")) : "?";
  return { name, value: toValue(walk, value, place), lines: [first, Math.max(first, end)] };
}

function toScalar({ source, hasNested }: Walk, node: Scalar, depth: number): ConfigurationValue {
  const written = typeof node.value === "string" ? node.value : (node.source ?? String(node.value ?? ""));
  const text = source.restore(written);
  if (isCustom(node.tag)) return toExpression(`${node.tag} ${text}`);
  if (source.isHidden(written)) return toExpression(text);
  const isBlock = node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED";
  const nested = isBlock && hasNested ? readNested(text, depth) : undefined;
  return nested ?? toEmbedded(toLiteral(text), depth);
}

function readNested(text: string, depth: number): ConfigurationValue | undefined {
  if (depth > MOST_NESTING / 2 || !/^\s*(?:- |[$\w."'/-]{1,100}\s{0,4}:)/.test(text)) return undefined;
  const { documents, problems } = readYaml(text);
  const [only, second] = documents;
  const isStructure = only !== undefined && only.value.fields.length + only.value.items.length > 0;
  return problems.length === 0 && second === undefined && isStructure ? only.value : undefined;
}

/** `between`: its first line, and the first of the next document. Actions around it, and behind its last value, are its own. */
function toDocument(walk: Walk, document: Document.Parsed, between: LineRange): readonly YamlDocument[] {
  const { contents } = document;
  walk.anchors.clear();
  if (contents === null) return [];
  const { lineAt, source } = walk;
  const [start, end] = contents.range ?? [0, 0];
  const lines: LineRange = [lineAt(start), Math.max(lineAt(start), lineAt(Math.max(0, end - 1)))];
  const value = toValue(walk, contents, { depth: 0 });
  const actions = source.alone.filter(({ line }) => line >= between[0] && line < between[1]);
  const [first, last] = [actions[0]?.line, actions.at(-1)?.line];
  if (first === undefined || last === undefined || value.items.length > 0) return [{ value, lines }];
  const texts = toList(actions.map(({ text }) => toExpression(text)));
  const fields = [...value.fields, { name: "{{ }}", value: texts, lines: [first, last] as const }];
  const around: LineRange = [Math.min(lines[0], first), Math.max(lines[1], last)];
  return [{ value: { ...value, fields }, lines: around }];
}

function isCustom(tag: string | undefined): boolean {
  return tag?.startsWith("!") === true && !tag.startsWith("!!");
}

/** `!GetAtt [A, B]` is an expression, as its short form is. */
function tagged(node: Node, value: ConfigurationValue): ConfigurationValue {
  return isCustom(node.tag) ? { ...value, text: `${node.tag}` } : value;
}
