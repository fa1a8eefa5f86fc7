// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import {
  type ConfigurationField,
  type ConfigurationValue,
  toLiteral,
  toObject,
} from "../configuration-value.ts";
import type { DeclaredResource, ParsedConfiguration } from "../resource.ts";
import { readHcl } from "../text/hcl-body.ts";
import { createLineIndex } from "../text/line-index.ts";
import { type CodeLanguage, maskCode } from "../text/mask-code.ts";
import { toArguments } from "../text/to-arguments.ts";
import { baseName } from "./base-name.ts";

/** Heads of constructors whose first argument is a resource's name; the last group of Go's is the type within its package. */
const HEADS: Readonly<Record<CodeLanguage, RegExp>> = {
  script: /\bnew\s{1,20}([A-Za-z_$][\w$.]{0,200})(?:<[\w.,\s]{0,200}>)?\s{0,20}\(\s{0,200}(?=["'`])/g,
  python:
    /(?<![\w.])((?:[a-z_]\w{0,100}\.){0,5}[A-Z]\w{0,100})\(\s{0,200}(?:resource_name\s{0,5}=\s{0,5})?(?=f?["'])/g,
  go: /(?<![\w.])([a-z]\w{0,100})\.New([A-Z]\w{0,100})\(\s{0,200}ctx\s{0,20},\s{0,200}(?=["`])/g,
};

/** What a constructed resource is called in the program is said of the resource, and nothing by itself. */
const ASSIGNED =
  /(^|\n)[ \t]{0,100}(?:(?:export[ \t]{1,5})?(?:const|let|var)[ \t]{1,5})?[\w$, ]{1,200}(?::[ \t]{0,5}[\w.<>[\]]{1,100}[ \t]{0,5})?:?=[ \t]{0,20}(?:await[ \t]{1,5})?$/;

/** Resources that a Pulumi program in TypeScript, JavaScript, Python or Go constructs, and the rest of it as one. Never throws. */
export function parsePulumiProgram(text: string, path: RepoPath): ParsedConfiguration {
  const language = toLanguage(path);
  const mask = maskCode(text, language);
  const lineAt = createLineIndex(text);
  const resources: DeclaredResource[] = [];
  let rest = "";
  let at = 0;
  const head = HEADS[language];
  head.lastIndex = 0;
  for (let found = nextHead(head, text, mask); found !== null; found = nextHead(head, text, mask)) {
    const start = found.index;
    const open = start + found[0].indexOf("(");
    const end = findClosing(mask, open);
    const [, first = "", second] = found;
    const { name, body } = readArguments(text.slice(open + 1, end), language);
    const lines = [lineAt(start), lineAt(end)] as const;
    resources.push({
      kind: "pulumi",
      type: second === undefined ? first : `${first}.${second}`,
      name,
      lines,
      body,
    });
    rest += text
      .slice(at, start)
      .replace(ASSIGNED, "$1")
      .replace(/^[ \t]{0,20};/, "");
    at = end + 1;
    head.lastIndex = at;
  }
  const others = toRest(`${rest}${text.slice(at).replace(/^[ \t]{0,20};/, "")}`, language);
  const program: DeclaredResource = {
    kind: "pulumi",
    type: "program",
    name: baseName(path),
    lines: [1, lineAt(Math.max(0, text.length - 1))],
    body: toObject(others === "" ? [] : [{ name: "code", value: toLiteral(others), lines: [1, 1] }]),
  };
  return { resources: [...resources, program], problems: [] };
}

function toLanguage(path: RepoPath): CodeLanguage {
  if (/\.py$/i.test(path)) return "python";
  return /\.go$/i.test(path) ? "go" : "script";
}

/** The next head that stands in code and not in a text or comment. */
function nextHead(head: RegExp, text: string, mask: string): RegExpExecArray | null {
  for (let found = head.exec(text); found !== null; found = head.exec(text)) {
    const open = found.index + found[0].indexOf("(");
    if (mask[open] === "(") return found;
  }
  return null;
}

const OPENING = new Set(["(", "[", "{"]);
const CLOSING = new Set([")", "]", "}"]);

function findClosing(mask: string, open: number): number {
  let depth = 0;
  for (let at = open; at < mask.length; at++) {
    const character = mask[at] ?? "";
    if (OPENING.has(character)) depth++;
    else if (CLOSING.has(character) && --depth === 0) return at;
  }
  return mask.length;
}

function readArguments(
  text: string,
  language: CodeLanguage,
): { readonly name: string; readonly body: ConfigurationValue } {
  const { value } = readHcl(`x = ${toArguments(text, language)}`);
  const items = value.fields[0]?.value.items ?? [];
  const [first] = items;
  const fields = items
    .slice(1)
    .flatMap((item): readonly ConfigurationField[] =>
      item.fields.length > 0 ? item.fields : item.items.flatMap((own) => own.fields),
    );
  const name = items.find(({ literal }) => literal !== null)?.literal ?? first?.text ?? "";
  // Arguments that no literal tells, such as a variable, still tell two versions apart.
  const others = items.slice(1).filter((item) => item.fields.length === 0);
  const positional = others.map((item) => ({ name: "argument", value: item, lines: [1, 1] as const }));
  return { name, body: toObject([...fields, ...positional]) };
}

/** Statements that construct nothing, without comments and layout. */
function toRest(code: string, language: CodeLanguage): string {
  const comment = language === "python" ? /^\s*#.*$/ : /^\s*\/\/.*$/;
  return code
    .split("\n")
    .map((line) => line.replace(comment, "").trim())
    .filter((line) => line !== "")
    .join("\n");
}
