// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The two settings that decide where a Git directory's files are. */
export interface CoreSettings {
  readonly isBare: boolean;
  /** As it stands in the file, relative to the Git directory. */
  readonly workTree: string | undefined;
}

/**
 * `core.bare` and `core.worktree` of a Git directory, from its own configuration files: no process is started, and files that
 * they include are not followed. git-config(1), "Syntax".
 */
export function readCoreSettings(gitDir: string): CoreSettings {
  const values = new Map<string, string>();
  for (const name of ["config", "config.worktree"])
    for (const [key, value] of coreValues(readText(join(gitDir, name)))) values.set(key, value);
  const isBare = /^(?:true|yes|on|[1-9]\d*)$/i.test(values.get("bare") ?? "false");
  return { isBare, workTree: values.get("worktree") };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const SECTION = /^\s*\[\s*([A-Za-z0-9.-]+)\s*(?:"(?:[^"\\]|\\.)*")?\s*\]/;
const VARIABLE = /^\s*(bare|worktree)\s*(?:=\s*(.*?))?\s*$/i;

function* coreValues(text: string): Generator<readonly [string, string]> {
  let isCore = false;
  for (const line of text.split("\n")) {
    const section = SECTION.exec(line);
    if (section !== null) isCore = section[1]?.toLowerCase() === "core" && !section[0].includes('"');
    const variable = isCore ? VARIABLE.exec(section === null ? line : line.slice(section[0].length)) : null;
    if (variable !== null) yield [(variable[1] as string).toLowerCase(), unquote(variable[2] ?? "true")];
  }
}

function unquote(value: string): string {
  const plain = value.startsWith('"') ? value : value.replace(/\s+[#;].*$/, "");
  return plain.replace(/^"(.*)"(?:\s*[#;].*)?$/, "$1").replace(/\\(["\\])/g, "$1");
}
