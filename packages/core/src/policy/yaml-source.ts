// SPDX-License-Identifier: Apache-2.0
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from "yaml";
import { parseUtf8, toUtf8 } from "../ids/index.ts";
import { PolicyError, type PolicyIssue } from "./policy-error.ts";

export type Path = readonly (string | number)[];
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Plain value of a YAML file with the place of every key and value. */
export interface YamlSource {
  readonly value: unknown;
  /** Position of the value at a path; of its nearest known parent where the path names something absent. */
  readonly positionOf: (path: Path) => Position;
  /** Position of the key itself, for unknown keys. */
  readonly keyPositionOf: (path: Path) => Position;
  /** Position of a character inside a string value; exact for plain, quoted-on-one-line and block scalars. */
  readonly positionInside: (path: Path, line: number, column: number) => Position;
}

const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 32;
const FIRST_LINE = { line: 1, column: 1 };
const STARTER = "version: 1";
const FORBIDDEN_KEYS = new Set(["__proto__", "constructor", "prototype"]);
// NUL and its kin; a CR alone, which editors show as no line break; bidirectional controls, which make a reviewer read
// another policy than the one that runs; U+FEFF except as the first character.
const FORBIDDEN_CHARACTER = /(?![\t\n\r])\p{Cc}|[\u202a-\u202e\u2066-\u2069]|\r(?!\n)|(?!^)\ufeff/u;

/**
 * Reads one YAML 1.2 document in the strictest way: core schema, unique keys, no anchors, aliases, tags, merge keys or
 * directives, bounded size and depth. Throws PolicyError with every problem found.
 */
export function parseYamlSource(bytes: Uint8Array | string, fileName: string): YamlSource {
  const text = decode(bytes, fileName);
  const lines = new LineCounter();
  const document = composeOne(text, lines, fileName);
  const walker = createWalker(lines);
  const value = walker.walk(document, [], 0);
  if (walker.issues.length > 0) throw new PolicyError(fileName, walker.issues);
  return sourceOf(value, walker, text);
}

function decode(bytes: Uint8Array | string, fileName: string): string {
  const raw = typeof bytes === "string" ? toUtf8(bytes) : bytes;
  if (raw.length > MAX_BYTES) {
    throw problem(
      fileName,
      FIRST_LINE,
      `the file has ${raw.length} bytes`,
      `at most ${MAX_BYTES} bytes`,
      STARTER,
    );
  }
  let text: string;
  try {
    text = parseUtf8(raw);
  } catch (cause) {
    throw problem(fileName, FIRST_LINE, "the file is not UTF-8", "UTF-8 text", STARTER, cause);
  }
  const found = FORBIDDEN_CHARACTER.exec(text);
  if (found !== null) {
    const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const at = positionOfOffset(text, found.index);
    throw problem(
      fileName,
      at,
      `the character U+${code} is not allowed`,
      "printable text and line feeds",
      STARTER,
    );
  }
  return text;
}

function composeOne(text: string, lineCounter: LineCounter, fileName: string): Node {
  const documents = compose(text, lineCounter, fileName);
  const [document, second] = documents;
  if (document === undefined || document.contents === null) {
    throw problem(fileName, FIRST_LINE, "the file is empty", "a policy", `${STARTER}\nextends: disclose`);
  }
  const issues = documents.flatMap((each) =>
    [...each.errors, ...each.warnings].map((error) => {
      const at = positionAt(lineCounter, error.pos[0]);
      return issue(at, "", `not valid YAML: ${error.message}`, ...yamlAdvice(error.code));
    }),
  );
  if (second !== undefined && issues.length === 0) {
    const at = positionAt(lineCounter, second.range[0]);
    issues.push(
      issue(
        at,
        "",
        "the file holds a second YAML document",
        "one document without `---` in between",
        STARTER,
      ),
    );
  }
  if (
    document.directives?.yaml.explicit === true ||
    Object.keys(document.directives?.tags ?? {}).length > 1
  ) {
    issues.push(
      issue(
        FIRST_LINE,
        "",
        "the file has a YAML directive (%YAML or %TAG)",
        "YAML 1.2 without directives",
        STARTER,
      ),
    );
  }
  if (issues.length > 0) throw new PolicyError(fileName, issues.slice(0, 50));
  return document.contents;
}

function compose(text: string, lineCounter: LineCounter, fileName: string) {
  try {
    return parseAllDocuments(text, {
      lineCounter,
      version: "1.2",
      schema: "core",
      strict: true,
      stringKeys: true,
      uniqueKeys: true,
      merge: false,
      prettyErrors: false,
      resolveKnownTags: false,
      logLevel: "silent",
    });
  } catch (cause) {
    // The composer recurses; tens of thousands of open brackets end in a RangeError instead of a tree.
    throw problem(
      fileName,
      FIRST_LINE,
      "the file cannot be read as YAML (nested too deeply?)",
      `at most ${MAX_DEPTH} levels`,
      STARTER,
      cause,
    );
  }
}

function yamlAdvice(code: string): [expected: string, example: string] {
  if (code === "DUPLICATE_KEY") return ["every key once", "rules: [ … ] once, with all rules in it"];
  if (code === "TAB_AS_INDENT") return ["spaces for indentation", "rules:\n  - id: ai-senior-sign-off"];
  if (code === "MULTIPLE_ANCHORS" || code === "BAD_ALIAS")
    return ["values written out", "members: [senior-a, senior-b]"];
  return ["YAML 1.2", "key: value"];
}

interface Walker {
  readonly issues: PolicyIssue[];
  readonly values: Map<string, Position>;
  readonly keys: Map<string, Position>;
  readonly blocks: Map<string, Position>;
  readonly walk: (node: unknown, path: Path, depth: number) => unknown;
}

function createWalker(lines: LineCounter): Walker {
  const walker: Walker = { issues: [], values: new Map(), keys: new Map(), blocks: new Map(), walk };
  const refuse = (
    node: { range?: readonly number[] | null | undefined },
    path: Path,
    message: string,
    expected: string,
    example: string,
  ) =>
    walker.issues.push(
      issue(positionAt(lines, node.range?.[0] ?? 0), formatPath(path), message, expected, example),
    );

  function walk(node: unknown, path: Path, depth: number): unknown {
    if (isAlias(node))
      return void refuse(
        node,
        path,
        `*${node.source} is an alias`,
        "values written out",
        "[senior-a, senior-b]",
      );
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    walker.values.set(keyOf(path), positionAt(lines, node.range?.[0] ?? 0));
    if (node.anchor !== undefined)
      refuse(node, path, `&${node.anchor} is an anchor`, "values written out", "[senior-a, senior-b]");
    if (node.tag !== undefined)
      refuse(node, path, `${node.tag} is a tag`, "plain values without tags", "count: 2");
    if (depth > MAX_DEPTH)
      return void refuse(node, path, "nested too deeply", `at most ${MAX_DEPTH} levels`, STARTER);
    if (isSeq(node)) return node.items.map((item, i) => walk(item, [...path, i], depth + 1));
    if (isMap(node)) return walkMap(node.items, path, depth);
    if (node.type === "BLOCK_LITERAL" || node.type === "BLOCK_FOLDED") {
      walker.blocks.set(keyOf(path), positionAt(lines, node.range?.[0] ?? 0));
    }
    return node.value;
  }

  function walkMap(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    path: Path,
    depth: number,
  ): unknown {
    const entries: [string, unknown][] = [];
    for (const { key, value } of items) {
      if (!isScalar(key) || typeof key.value !== "string") {
        const node = key as { range?: readonly number[] };
        refuse(node, path, "a key is not plain text", "text as key", "count: 2");
        continue;
      }
      if (key.anchor !== undefined || key.tag !== undefined)
        refuse(key, path, "a key has an anchor or a tag", "a plain key", "count: 2");
      const inner = [...path, key.value];
      walker.keys.set(keyOf(inner), positionAt(lines, key.range?.[0] ?? 0));
      if (FORBIDDEN_KEYS.has(key.value))
        refuse(key, inner, `"${key.value}" cannot be a key`, "another name", "senior-a");
      else entries.push([key.value, value === null ? null : walk(value, inner, depth + 1)]);
    }
    return Object.fromEntries(entries);
  }
  return walker;
}

function sourceOf(value: unknown, walker: Walker, text: string): YamlSource {
  const nearest = (map: ReadonlyMap<string, Position>, path: Path): Position => {
    for (let end = path.length; end >= 0; end--) {
      const part = keyOf(path.slice(0, end));
      const found =
        (end === path.length ? map.get(part) : undefined) ?? walker.values.get(part) ?? walker.keys.get(part);
      if (found !== undefined) return found;
    }
    return FIRST_LINE;
  };
  const lines = text.split("\n");
  return {
    value,
    positionOf: (path) => nearest(walker.values, path),
    keyPositionOf: (path) => nearest(walker.keys, path),
    positionInside(path, line, column) {
      const at = nearest(walker.values, path);
      if (walker.blocks.has(keyOf(path))) {
        const first = lines[at.line] ?? "";
        const indent = first.length - first.trimStart().length;
        return { line: at.line + line, column: indent + column };
      }
      const quote = /^["']/.test((lines[at.line - 1] ?? "").slice(at.column - 1)) ? 1 : 0;
      return line === 1 ? { line: at.line, column: at.column + quote + column - 1 } : at;
    },
  };
}

function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return line === 0 ? FIRST_LINE : { line, column: col };
}

function positionOfOffset(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** `rules[0].require.role`. */
export function formatPath(path: Path): string {
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join("");
}

function issue(at: Position, path: string, message: string, expected: string, example: string): PolicyIssue {
  return { ...at, path, message, expected, example };
}

function problem(
  fileName: string,
  at: Position,
  message: string,
  expected: string,
  example: string,
  cause?: unknown,
): PolicyError {
  return new PolicyError(
    fileName,
    [issue(at, "", message, expected, example)],
    cause === undefined ? undefined : { cause },
  );
}
