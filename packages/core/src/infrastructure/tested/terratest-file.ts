// SPDX-License-Identifier: Apache-2.0
import { maskCode } from "../text/mask-code.ts";
import { blockAt, type CodeBlock, ownCodeOf } from "./code-blocks.ts";

/** What a Go file of Terratest applies or plans. */
export interface TerratestFile {
  /** As written, relative to the file's folder. */
  readonly folders: readonly string[];
  /** It names a folder in a way that nobody can read here. */
  readonly isOpen: boolean;
}

const NOTHING: TerratestFile = { folders: [], isOpen: false };
const TEST = /\bfunc\s{1,20}Test(?![a-z])\w*\s{0,20}\(\s{0,20}(\w+)\s{1,20}\*testing\.T\s{0,20}\)\s{0,20}\{/g;
/** A file for people names some; for each of them the file is looked through once. */
const MOST_FOLDERS = 50;
const RUNS = /\.\s{0,20}(?:InitAnd)?(?:Apply|Plan)\w*\s{0,20}\(/;
const FOLDER = /\bTerraformDir\s{0,20}(?::|=(?!=))/g;
const NEVER_BUILT = /^\/\/go:build[ \t]{1,20}ignore\b|^\/\/[ \t]?\+build[ \t]{1,20}ignore\b/m;

/** The folders that tests of a file run Terraform in; what stands in comments, texts and tests that are always skipped does not count. */
export function readTerratestFile(text: string): TerratestFile {
  if (!text.includes("gruntwork-io/terratest") || NEVER_BUILT.test(text)) return NOTHING;
  const mask = maskCode(text, "go");
  const tests = findTests(mask);
  if (!RUNS.test(mask) || !tests.some(({ isSkipped }) => !isSkipped)) return NOTHING;
  const folders: string[] = [];
  const all = [...mask.matchAll(FOLDER)];
  let isOpen = all.length > MOST_FOLDERS;
  for (const found of all.slice(0, MOST_FOLDERS)) {
    const inside = tests.find(({ start, end }) => start < found.index && found.index < end);
    if (inside?.isSkipped === true) continue;
    const folder = readFolder(text, mask, found.index + found[0].length);
    if (folder === undefined) isOpen = true;
    else folders.push(folder);
  }
  return { folders, isOpen };
}

type TestBlock = CodeBlock & { readonly isSkipped: boolean };

/** Each begins after the end of the one before, as functions do in Go: however many are not closed, the text is read once. */
function findTests(mask: string): readonly TestBlock[] {
  const tests: TestBlock[] = [];
  TEST.lastIndex = 0;
  for (let found = TEST.exec(mask); found !== null; found = TEST.exec(mask)) {
    const block = blockAt(mask, found.index);
    const skips = new RegExp(`\\b${found[1]}\\.Skip(?:Now|f)?\\s{0,20}\\(`);
    tests.push({ ...block, isSkipped: skips.test(ownCodeOf(mask, block)) });
    TEST.lastIndex = block.end;
  }
  return tests;
}

const SPACE = /\s{0,200}/y;
const TEXT = /(?:"([^"\\\n]*)"|`([^`]*)`)/y;
const NAME = /([A-Za-z_]\w*)\s{0,20}(?=[,\n}])/y;

function readFolder(text: string, mask: string, at: number): string | undefined {
  const start = skipSpace(text, at);
  const literal = matchAt(TEXT, text, start);
  if (literal !== null) return literal[1] ?? literal[2];
  const name = matchAt(NAME, text, start)?.[1];
  if (name !== undefined) return readVariable(text, mask, name);
  return readCopied(text, mask, start);
}

function skipSpace(text: string, at: number): number {
  return at + (matchAt(SPACE, text, at)?.[0].length ?? 0);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** A variable or constant that is set once in the file. */
function readVariable(text: string, mask: string, name: string): string | undefined {
  const set = [...mask.matchAll(new RegExp(`(?<![\\w.])${name}(?:[ \\t]+string)?[ \\t]*:?=(?!=)`, "g"))];
  const [only] = set;
  if (only === undefined || set.length > 1) return undefined;
  const start = skipSpace(text, only.index + only[0].length);
  const literal = matchAt(TEXT, text, start);
  return literal === null ? readCopied(text, mask, start) : (literal[1] ?? literal[2]);
}

const COPY = /[\w.]{0,100}CopyTerraformFolderToTemp\s{0,20}\(\s{0,20}\w+\s{0,20},/y;
const TWO_TEXTS = /\s{0,20}"([^"\\\n]*)"\s{0,20},\s{0,20}"([^"\\\n]*)"\s{0,20},?\s{0,20}\)/y;

/** `CopyTerraformFolderToTemp(t, "../..", "examples/all")` runs in a copy of that folder. */
function readCopied(text: string, mask: string, at: number): string | undefined {
  const copy = matchAt(COPY, mask, at)?.[0];
  if (copy === undefined) return undefined;
  const [, root, folder] = matchAt(TWO_TEXTS, text, at + copy.length) ?? [];
  return root === undefined || folder === undefined ? undefined : `${root}/${folder}`;
}
