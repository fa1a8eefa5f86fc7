// SPDX-License-Identifier: Apache-2.0
import type { CodeLanguage } from "./mask-code.ts";

const PIECE =
  /(?<long>"""(?:.*?"""|.*)|'''(?:.*?'''|.*))|(?<text>[frbu]?"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|[frbu]?'[^'\\\n]*(?:\\.[^'\\\n]*)*'?|`[^`\\]*(?:\\.[^`\\]*)*`?)|(?<comment>\/\*(?:.*?\*\/|.*)|\/\/[^\n]*|#[^\n]*)|(?<word>[&*]?[A-Za-z_$][\w$.]*)(?<call>[({])?|(?<other>.)/gs;
const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ["True", "true"],
  ["False", "false"],
  ["None", "null"],
  ["undefined", "null"],
  ["nil", "null"],
]);
const CLOSERS: ReadonlyMap<string, string> = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/**
 * Arguments of a call in a program as a list of HCL, whose reader keeps what it does not understand as an expression: keyword arguments
 * and the literals that set up a type are objects, Go's arrays are lists.
 */
export function toArguments(text: string, language: CodeLanguage): string {
  const plain = text.replace(/^\s*resource_name\s*=/, "");
  if (language !== "python") return `[${convert(plain, language)}]`;
  const [name = "", rest = ""] = splitFirst(convert(plain, language));
  return `[${name}, {${rest}}]`;
}

/** At the first comma behind the name, which is a text. */
function splitFirst(code: string): readonly string[] {
  const at = /^\s*"(?:[^"\\]|\\.)*"\s*,/.exec(code)?.[0].length;
  return at === undefined ? [code.replace(/,\s*$/, "")] : [code.slice(0, at - 1), code.slice(at)];
}

function convert(text: string, language: CodeLanguage): string {
  const closers: string[] = [];
  let code = "";
  for (const { groups = {} } of text.matchAll(PIECE)) {
    const { long, text: quoted, comment, word, call, other = "" } = groups;
    if (long !== undefined) code += quote(long.slice(3, -3));
    else if (quoted !== undefined) code += quote(quoted.replace(/^[frbu](?=["'])/, "").slice(1, -1));
    else if (comment !== undefined) code += comment.replace(/[^\n]/g, "");
    else if (word !== undefined) {
      const isArray = code.endsWith("[]");
      if (isArray && call === "{") code = code.slice(0, -2);
      const [open, close] = toBrackets(word, call, { language, isArray });
      code += open;
      if (close !== "") closers.push(close);
    } else if (CLOSERS.has(other)) {
      code += other;
      closers.push(CLOSERS.get(other) ?? "");
    } else code += other === ")" || other === "]" || other === "}" ? (closers.pop() ?? other) : other;
  }
  return code;
}

/** What a word and the bracket after it become, and what closes that. */
function toBrackets(
  word: string,
  call: string | undefined,
  { language, isArray }: { readonly language: CodeLanguage; readonly isArray: boolean },
): readonly [string, string] {
  if (call === undefined) return [CONSTANTS.get(word) ?? word.replace(/^[&*]/, ""), ""];
  const last = word.slice(word.lastIndexOf(".") + 1);
  if (language === "python" && call === "(" && (/^[A-Z]/.test(last) || word === "dict")) return ["{", "}"];
  if (language === "go" && call === "{")
    return isArray || /(?:Array|List|Slice)$/.test(last) ? ["[", "]"] : ["{", "}"];
  return [`${word.replace(/^[&*]/, "")}${call}`, CLOSERS.get(call) ?? ""];
}

/** A text of HCL in which nothing is computed. */
function quote(text: string): string {
  return JSON.stringify(text.replace(/\\(["'`])/g, "$1"))
    .replace(/\$\{/g, "$$$${")
    .replace(/%\{/g, "%%{");
}
