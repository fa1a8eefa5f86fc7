// SPDX-License-Identifier: Apache-2.0
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";

/** Terraform and OpenTofu write a zip whose first file has this name. */
const FIRST_FILE = "tfplan";
const NAME_AT = 30;
const IN_FOLDER = /^--?chdir=(.+)$/;

/**
 * The first of a command's words that names a saved plan. It would be applied as it lies there, which nobody compared with anything:
 * whoever writes a pipeline forgets `--plan` without noticing, since the command works all the same. Undefined where there is none; a
 * program that finds its plan by itself is not seen through.
 */
export async function findLoosePlan(words: readonly string[], from: string): Promise<string | undefined> {
  const folders = [
    from,
    ...words.flatMap((word) => IN_FOLDER.exec(word)?.[1] ?? []).map((folder) => resolve(from, folder)),
  ];
  for (const word of words)
    for (const folder of folders) if (await isSavedPlan(resolve(folder, word))) return word;
  return undefined;
}

async function isSavedPlan(path: string): Promise<boolean> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) return false;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(NAME_AT + FIRST_FILE.length), { position: 0 });
    return (
      bytesRead === buffer.length &&
      buffer.readUInt32LE(0) === 0x04034b50 &&
      buffer.readUInt16LE(26) === FIRST_FILE.length &&
      buffer.toString("latin1", NAME_AT) === FIRST_FILE
    );
  } catch {
    return false;
  }
}
