// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What `addExcludes` has to append for files of ours inside the work tree that nobody should commit by accident. */
export function planExcludes(commonDir: string, paths: readonly string[]): string {
  const text = read(join(commonDir, "info", "exclude"));
  const known = new Set(text.split("\n"));
  const lines = [...new Set(paths.map(toPattern))].filter((line) => !known.has(line));
  if (lines.length === 0) return "";
  return `${text === "" || text.endsWith("\n") ? "" : "\n"}${lines.join("\n")}\n`;
}

export function addExcludes(commonDir: string, added: string): void {
  if (added === "") return;
  const path = join(commonDir, "info", "exclude");
  mkdirSync(dirname(path), { recursive: true });
  writeWhole(path, read(path) + added);
}

/** Takes out what `planExcludes` returned, be it all at once or in several steps; lines that somebody else has since removed are well. */
export function removeExcludes(commonDir: string, added: string): void {
  const path = join(commonDir, "info", "exclude");
  const text = read(path);
  const at = added === "" ? -1 : text.lastIndexOf(added);
  if (at < 0) return;
  writeWhole(path, text.slice(0, at) + text.slice(at + added.length));
}

/** gitignore(5): anchored, and every character meant as it is. */
function toPattern(path: string): string {
  return Buffer.from(`/${path.replaceAll(/[\\*?[\]!# ]/g, "\\$&")}`).toString("latin1");
}

function read(path: string): string {
  try {
    // Bytes of any encoding come back as they were.
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function writeWhole(path: string, text: string): void {
  if (text === "") {
    rmSync(path, { force: true });
    return;
  }
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0o644;
  const draft = `${path}.countersign-${process.pid}`;
  writeFileSync(draft, text, { encoding: "latin1", mode });
  renameSync(draft, path);
}
