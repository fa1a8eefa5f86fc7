// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { type CodeLanguage, maskCode } from "../text/mask-code.ts";
import { folderOf, nameOf, resolveFrom } from "./folders.ts";

/** A unit test of an infrastructure program. */
export interface ProgramTest {
  /** It puts made-up answers in the place of the cloud's (pulumi.com/docs/iac/guides/testing/unit). */
  readonly hasMocks: boolean;
  /** Some of it never runs. */
  readonly isSkipped: boolean;
  /** Stacks of CDK whose template it looks at. */
  readonly stacks: readonly string[];
  /** Whether it loads this file of the program. */
  readonly loads: (path: RepoPath) => boolean;
}

export function languageOf(path: RepoPath): CodeLanguage {
  if (path.endsWith(".py")) return "python";
  return path.endsWith(".go") ? "go" : "script";
}

const DECLARED: Readonly<Record<CodeLanguage, RegExp>> = {
  script: /(?<![\w.$])(?:it|test|specify)(?:\.each|\.only|\.concurrent)?\s{0,20}[(`]/,
  python: /^[ \t]*(?:async[ \t]+)?def[ \t]+test\w*[ \t]*\(/m,
  go: /\bfunc\s{1,20}Test(?![a-z])\w*\s{0,20}\(/,
};
const ASSERTS =
  /\b(?:expect|assert\w*|require|should|hasResource\w*|has_resource\w*|has\w+Properties)\b|\.to\b|\bt\.(?:Error|Fatal)/;
const MOCKS = /\b(?:setMocks|set_mocks|WithMocks|setAllMocks)\b/;

/** Whatever it is about, somebody has switched tests off. */
const SKIPS =
  /\b(?:describe|suite)\.skip\b|\bxdescribe\b|\bpytest\.mark\.skip|\bunittest\.skip|\bpytestmark\b|\bt\.Skip/;

/** Undefined for a file in which no test is declared that asserts anything; comments and texts do not count. */
export function readProgramTest(path: RepoPath, text: string): ProgramTest | undefined {
  const language = languageOf(path);
  const mask = maskCode(text, language);
  if (!DECLARED[language].test(mask) || !ASSERTS.test(mask)) return undefined;
  const isTemplate =
    /\bTemplate\s{0,20}\.\s{0,20}(?:fromStack|from_stack|FromStack)|\bTemplate_FromStack/.test(mask);
  const stacks = isTemplate
    ? [...mask.matchAll(/\b([A-Z]\w{0,100}Stack\w{0,100})\s{0,20}\(/g)].map(([, name = ""]) => name)
    : [];
  return {
    hasMocks: MOCKS.test(mask),
    isSkipped: SKIPS.test(mask),
    stacks,
    loads: toLoads(path, text, mask, language),
  };
}

const IMPORT =
  /(?:\bfrom\s{0,20}|\bimport\s{0,20}\(?\s{0,20}|\brequire\s{0,20}\(\s{0,20})["'](\.{1,2}(?:\/[^"'\n]{0,300})?)["']/g;
const MODULE = /^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+))/gm;

function toLoads(path: RepoPath, text: string, mask: string, language: CodeLanguage): ProgramTest["loads"] {
  const folder = folderOf(path);
  // A test in Go is compiled with its package.
  if (language === "go") return (each) => folderOf(each) === folder && each.endsWith(".go");
  if (language === "python") {
    const names = [...mask.matchAll(MODULE)].flatMap(([, from = "", list = ""]) => [
      from,
      ...list.split(/[,\s]+/),
    ]);
    const stems = new Set(names.map((name) => name.slice(name.lastIndexOf(".") + 1)));
    return (each) => each.endsWith(".py") && stems.has(nameOf(each).slice(0, -3));
  }
  const stems = new Set(
    [...text.matchAll(IMPORT)].flatMap(({ 0: found, 1: to = "", index }) => {
      const isCode = mask[index] === found[0];
      return isCode ? (stemOf(resolveFrom(folder, to) ?? "..") ?? []) : [];
    }),
  );
  return (each) => stems.has(stemOf(each)) || stems.has(stemOf(each).replace(/(?:^|\/)index$/, ""));
}

function stemOf(path: RepoPath): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "");
}
