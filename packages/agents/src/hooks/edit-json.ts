// SPDX-License-Identifier: Apache-2.0
import { type JsonNode, parseNodes, skipBlanks } from "./json-nodes.ts";

/** Names from the top: `["hooks", "PreToolUse"]`. */
export type JsonPath = readonly string[];

/** What stands at a path of objects; undefined if something on the way is missing or no object. */
export function findNode(root: JsonNode, path: JsonPath): JsonNode | undefined {
  return path.reduce<JsonNode | undefined>(
    (node, key) => node?.members?.find((member) => member.key === key)?.node,
    root,
  );
}

/** Adds a member to the object at `path`, behind the others and laid out as they are. */
export function addMember(text: string, path: JsonPath, key: string, value: unknown): string {
  const node = nodeAt(text, path);
  return insertAtEnd(
    text,
    node,
    node.members ?? [],
    (indent) => `${JSON.stringify(key)}: ${layOut(text, value, indent)}`,
  );
}

/** Adds an item to the array at `path`. */
export function addItem(text: string, path: JsonPath, value: unknown): string {
  const node = nodeAt(text, path);
  return insertAtEnd(text, node, node.items ?? [], (indent) => layOut(text, value, indent));
}

export function removeMember(text: string, path: JsonPath, key: string): string {
  const members = nodeAt(text, path).members ?? [];
  return removeOne(
    text,
    nodeAt(text, path),
    members,
    members.findIndex((member) => member.key === key),
  );
}

export function removeItem(text: string, path: JsonPath, index: number): string {
  const node = nodeAt(text, path);
  return removeOne(text, node, node.items ?? [], index);
}

/** Removes an item of an array anywhere in the text, given as a node of it. */
export function removeFrom(text: string, array: JsonNode, index: number): string {
  return removeOne(text, array, array.items ?? [], index);
}

function nodeAt(text: string, path: JsonPath): JsonNode {
  const node = findNode(parseNodes(text), path);
  if (node === undefined) throw new RangeError(`nothing at ${path.join(".")}`);
  return node;
}

function insertAtEnd(
  text: string,
  list: JsonNode,
  elements: readonly JsonNode[],
  write: (indent: string | undefined) => string,
): string {
  const last = elements.at(-1);
  if (last === undefined) return insertFirst(text, list, write);
  const indent = isOnOwnLine(text, last.start) ? indentAt(text, last.start) : undefined;
  const comma = trailingComma(text, last.end, list.end - 1);
  const end = comma === undefined ? last.end : comma + 1;
  const at = behindComment(text, end);
  // A line comment swallows whatever follows it on its line.
  const gap =
    indent === undefined && at === end ? " " : `${lineEnd(text)}${indent ?? indentAt(text, last.start)}`;
  if (comma !== undefined) return splice(text, at, at, `${gap}${write(indent)},`);
  return `${text.slice(0, end)},${text.slice(end, at)}${gap}${write(indent)}${text.slice(at)}`;
}

/** An empty list is opened up if the file has lines at all. */
function insertFirst(text: string, list: JsonNode, write: (indent: string | undefined) => string): string {
  const inside = text.slice(list.start + 1, list.end - 1);
  if (!text.includes("\n") && inside.trim() === "")
    return splice(text, list.start + 1, list.end - 1, write(undefined));
  const outer = indentAt(text, list.start);
  const indent = outer + indentUnit(text);
  const kept = inside.trim() === "" ? "" : inside.trimEnd();
  const end = lineEnd(text);
  return splice(text, list.start + 1, list.end - 1, `${kept}${end}${indent}${write(indent)}${end}${outer}`);
}

/** Takes one separator and the blanks before the element along, so that adding and removing cancel out; no comment. */
function removeOne(text: string, list: JsonNode, elements: readonly JsonNode[], index: number): string {
  const element = elements[index];
  if (element === undefined) return text;
  const previous = elements[index - 1];
  const from = previous?.end ?? list.start + 1;
  const comma = trailingComma(text, element.end, list.end - 1);
  const end = comma === undefined ? element.end : comma + 1;
  const before = text.slice(from, element.start);
  const behind = text.slice(element.end, comma ?? element.end).trimEnd();
  if (previous !== undefined) {
    const kept = comma === undefined ? withoutComma(text, from, element.start) : before;
    return text.slice(0, from) + joinLines(text, kept.trimEnd() + behind, text.slice(end));
  }
  if (elements.length > 1)
    return text.slice(0, element.start) + joinLines(text, behind, text.slice(end).trimStart());
  const isBare = (before + behind + text.slice(end, list.end - 1)).trim() === "";
  if (isBare) return splice(text, from, list.end - 1, "");
  return text.slice(0, from) + joinLines(text, before.trimEnd() + behind, text.slice(end));
}

/** What stands between two elements, without the comma that parts them. */
function withoutComma(text: string, from: number, to: number): string {
  const comma = trailingComma(text, from, to) ?? to;
  return text.slice(from, comma) + text.slice(comma + 1, to);
}

const BETWEEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|,/g;

/** A line comment must not swallow what comes to stand behind it. `blanks`: comments, blanks and a comma. */
function joinLines(text: string, blanks: string, rest: string): string {
  const isOpen = blanks.match(BETWEEN)?.at(-1)?.startsWith("//") && !/\n\s*$/.test(blanks);
  return blanks + (isOpen && !/^[ \t]*\r?\n/.test(rest) ? lineEnd(text) : "") + rest;
}

/** Behind the comment that belongs to what stands on the same line. */
function behindComment(text: string, offset: number): number {
  const comment = /[ \t]*\/\/[^\r\n]*/y;
  comment.lastIndex = offset;
  return comment.test(text) ? comment.lastIndex : offset;
}

/** Where the comma after an element stands, comments passed over. */
function trailingComma(text: string, from: number, to: number): number | undefined {
  const at = skipBlanks(text, from);
  return at < to && text[at] === "," ? at : undefined;
}

function splice(text: string, start: number, end: number, insert: string): string {
  return text.slice(0, start) + insert + text.slice(end);
}

function layOut(text: string, value: unknown, indent: string | undefined): string {
  if (indent === undefined) return JSON.stringify(value);
  return JSON.stringify(value, null, indentUnit(text)).replaceAll("\n", `${lineEnd(text)}${indent}`);
}

function lineEnd(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function indentUnit(text: string): string {
  return /\n(\t| {1,8})(?=["{[/])/.exec(text)?.[1] ?? "  ";
}

function indentAt(text: string, offset: number): string {
  const line = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, offset))?.[0] ?? "";
}

function isOnOwnLine(text: string, offset: number): boolean {
  const line = text.lastIndexOf("\n", offset - 1) + 1;
  return line > 0 && text.slice(line, offset).trim() === "";
}
