// SPDX-License-Identifier: Apache-2.0
import type { TouchedFile } from "@countersign/core/attribution";

const HEADER = /^\*\*\* (Add File|Update File|Delete File|Move to): (.+?)\s*$/;

/**
 * Files of an `apply_patch` text (`*** Begin Patch` … `*** End Patch`), several of them, with moves and deletions.
 * Lenient, as the tools that apply it are: text around the patch and unknown lines are passed over.
 */
export function readPatch(text: string): readonly TouchedFile[] {
  const files: DraftFile[] = [];
  for (const line of text.split("\n")) {
    const header = HEADER.exec(line);
    if (header) startFile(files, header[1] ?? "", header[2] ?? "");
    else if (line.startsWith("+")) files.at(-1)?.added.push(line.slice(1));
  }
  return files.map(finishFile);
}

export function isPatch(text: string): boolean {
  return text.includes("*** Begin Patch") || /^\*\*\* (?:Add|Update|Delete) File: /m.test(text);
}

interface DraftFile {
  readonly path: string;
  readonly kind: string;
  readonly added: string[];
  readonly movedFrom?: string;
}

/** A move's lines belong to the new name; the old one is gone afterwards. */
function startFile(files: DraftFile[], kind: string, path: string): void {
  const last = files.at(-1);
  if (kind === "Move to" && last) files[files.length - 1] = { ...last, kind: "Delete File" };
  files.push({ path, kind, added: [], ...(kind === "Move to" && last ? { movedFrom: last.path } : {}) });
}

function finishFile(file: DraftFile): TouchedFile {
  const text = file.added.map((line) => `${line}\n`).join("");
  if (file.kind === "Delete File") return { path: file.path, after: null, proposed: [] };
  const proposed = text === "" ? [] : [text];
  if (file.kind === "Add File") return { path: file.path, after: text, proposed };
  return file.movedFrom === undefined
    ? { path: file.path, proposed }
    : { path: file.path, movedFrom: file.movedFrom, proposed };
}
