// SPDX-License-Identifier: Apache-2.0
import { dirname, isAbsolute, resolve } from "node:path";

/** In characters, of all commands together. */
const MAX_COMMANDS = 256 * 1024;
const MAX_FOLDERS = 16;
/** Words that change into the folder named next. */
const ENTERING = new Set(["cd", "pushd", "chdir", "Set-Location"]);
/** Options of git, make, pnpm, npm, yarn, tar whose value is the folder that the program works in. */
const WORKING_IN = new Set(["-C", "--prefix", "--cwd", "--work-tree", "--directory", "--dir"]);
/** What lies here is in nobody's repository. */
const SYSTEM = /^\/(?:dev|proc|sys|bin|sbin|lib|usr|etc|run)(?:\/|$)/;

/**
 * Absolute folders that shell commands name besides their own: `cd X`, `pushd X`, `git -C X`, and those of files
 * written as absolute or `../` paths. Words only; what a variable or a substitution would yield is not followed.
 * At most 16, in order. The commands themselves are kept nowhere.
 */
export function shellFolders(commands: readonly string[], cwd: string, home: string): readonly string[] {
  const found = new Set<string>();
  let left = MAX_COMMANDS;
  for (const command of commands) {
    if (left <= 0) break;
    collectFolders(command.slice(0, left), cwd, home, found);
    left -= command.length + 1;
  }
  found.delete(resolve(cwd));
  return [...found].slice(0, MAX_FOLDERS);
}

function collectFolders(command: string, cwd: string, home: string, found: Set<string>): void {
  let here = resolve(cwd);
  let expecting: "enter" | "name" | undefined;
  for (const word of shellWords(command)) {
    if (found.size > MAX_FOLDERS) return;
    const [option = "", value] = word.startsWith("--") ? word.split("=", 2) : [word];
    if (WORKING_IN.has(option) && value !== undefined) addFolder(found, expand(value, home), here);
    else if (WORKING_IN.has(word)) expecting = "name";
    else if (ENTERING.has(word)) expecting = "enter";
    else if (expecting !== undefined) {
      if (word.startsWith("-")) continue;
      const folder = addFolder(found, expand(word, home), here);
      if (expecting === "enter" && folder !== undefined) here = folder;
      expecting = undefined;
    } else if (isAbsolute(expand(word, home)) || word.startsWith("../"))
      addFolder(found, dirname(expand(word, home)), here);
  }
}

function addFolder(found: Set<string>, word: string, here: string): string | undefined {
  if (word === "" || /[$`*?\0\n]/.test(word) || word.length > 4096) return undefined;
  const folder = resolve(here, word);
  if (folder === "/" || SYSTEM.test(folder)) return undefined;
  found.add(folder);
  return folder;
}

function expand(word: string, home: string): string {
  return word.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, () => home);
}

/** Words of a POSIX shell's command, unquoted; operators end a word and are dropped. */
function* shellWords(command: string): Generator<string> {
  let word = "";
  let quote = "";
  for (let index = 0; index < command.length; index++) {
    const character = command.charAt(index);
    if (quote !== "" && character === quote) quote = "";
    else if (quote !== "'" && character === "\\") word += command.charAt(++index);
    else if (quote !== "") word += character;
    else if (character === "'" || character === '"') quote = character;
    else if (/[\s;&|()<>]/.test(character)) {
      if (word !== "") yield word;
      word = "";
    } else word += character;
  }
  if (word !== "") yield word;
}
