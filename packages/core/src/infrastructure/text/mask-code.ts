// SPDX-License-Identifier: Apache-2.0

export type CodeLanguage = "script" | "python" | "go";

/** The text with every character of comments and quoted texts replaced by a blank, so that brackets in it are code. Same length; what has no end ends with the line or the text. */
export function maskCode(text: string, language: CodeLanguage): string {
  return text.replace(PATTERNS[language], (found) => " ".repeat(found.length));
}

const PYTHON =
  /"""(?:.*?"""|.*)|'''(?:.*?'''|.*)|"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|'[^'\\\n]*(?:\\.[^'\\\n]*)*'?|#[^\n]*/gs;
const SCRIPT =
  /\/\*(?:.*?\*\/|.*)|\/\/[^\n]*|"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|'[^'\\\n]*(?:\\.[^'\\\n]*)*'?|`[^`\\]*(?:\\.[^`\\]*)*`?/gs;
/** A raw text of Go knows no escapes: a backslash before its end is its last character. */
const GO =
  /\/\*(?:.*?\*\/|.*)|\/\/[^\n]*|"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|'[^'\\\n]*(?:\\.[^'\\\n]*)*'?|`[^`]*`?/gs;
const PATTERNS: Readonly<Record<CodeLanguage, RegExp>> = { python: PYTHON, script: SCRIPT, go: GO };
