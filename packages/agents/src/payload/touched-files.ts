// SPDX-License-Identifier: Apache-2.0
import type { TouchedFile } from "@countersign/core/attribution";
import { isPatch, readPatch } from "./apply-patch.ts";
import { isObject, listOf, textOf } from "./json-value.ts";

/** How agents name the file of an edit. */
const PATHS = [
  "file_path",
  "filePath",
  "filepath",
  "path",
  "notebook_path",
  "notebookPath",
  "target_file",
  "relative_path",
  "pathInProject",
  "fsPath",
  "source",
  "destination",
] as const;
const PATH_LISTS = ["paths", "file_paths", "filePaths", "filepaths", "files", "edited_filepaths"] as const;
/** How they name the text that is to stand in it: whole contents first, then pieces. */
const WHOLE = ["content", "file_text", "fileText", "contents"] as const;
const PIECES = [
  "new_string",
  "newString",
  "new_str",
  "newStr",
  "new_text",
  "newText",
  "new_source",
  "newSource",
  "insert_text",
  "insertText",
  "text",
  "newCode",
  "code_edit",
  "code",
  "after",
] as const;
const PATCHES = ["patch", "patchText", "patch_text", "input", "command", "diff"] as const;
const EDIT_LISTS = ["edits", "replacements", "operations", "changes"] as const;

/**
 * Files that an edit tool's arguments name. Agents differ in words, not in shape: a path with text, a list of such, or
 * a patch text; one reading of all of them also takes what the next version of an agent renames.
 */
export function touchedFiles(callArguments: unknown): readonly TouchedFile[] {
  const patch = patchText(callArguments);
  if (patch !== undefined) return uniteFiles(readPatch(patch));
  if (!isObject(callArguments)) return [];
  const proposed = proposedTexts(callArguments);
  const own = PATHS.flatMap((name) => {
    const path = textOf(callArguments, name);
    return path === undefined ? [] : [{ path, proposed }];
  });
  const listed = PATH_LISTS.flatMap((name) => listedFiles(listOf(callArguments, name), proposed));
  const nested = EDIT_LISTS.flatMap((name) => listOf(callArguments, name).filter(isObject)).flatMap((edit) =>
    touchedFilesShallow(edit),
  );
  return uniteFiles([...own, ...listed, ...nested]);
}

/** The patch text among the arguments, however it is wrapped. */
function patchText(callArguments: unknown): string | undefined {
  if (typeof callArguments === "string") return isPatch(callArguments) ? callArguments : undefined;
  const text = PATCHES.map((name) => textOf(callArguments, name)).find((found) => found && isPatch(found));
  return (
    text ??
    (listOf(callArguments, "command").find((part) => typeof part === "string" && isPatch(part)) as
      | string
      | undefined)
  );
}

function touchedFilesShallow(edit: unknown): readonly TouchedFile[] {
  const path = textOf(edit, ...PATHS);
  return path === undefined ? [] : [{ path, proposed: proposedTexts(edit) }];
}

function listedFiles(items: readonly unknown[], proposed: readonly string[]): readonly TouchedFile[] {
  return items.flatMap((item) =>
    typeof item === "string" ? [{ path: item, proposed }] : touchedFilesShallow(item),
  );
}

function proposedTexts(object: unknown): readonly string[] {
  const whole = textOf(object, ...WHOLE);
  const own = whole ?? textOf(object, ...PIECES);
  const edits = EDIT_LISTS.flatMap((name) => listOf(object, name)).flatMap(
    (edit) => textOf(edit, ...WHOLE, ...PIECES) ?? [],
  );
  return own === undefined ? edits : [own, ...edits];
}

/** One entry a path, in order of first mention; what the call writes there is put together. */
export function uniteFiles(files: readonly TouchedFile[]): readonly TouchedFile[] {
  const byPath = new Map<string, TouchedFile>();
  for (const file of files) {
    const known = byPath.get(file.path);
    if (!known) byPath.set(file.path, file);
    else
      byPath.set(file.path, {
        ...known,
        ...file,
        proposed: [...new Set([...known.proposed, ...file.proposed])],
      });
  }
  return [...byPath.values()];
}
