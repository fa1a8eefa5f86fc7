// SPDX-License-Identifier: Apache-2.0
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import { chdirOf } from "./chdir-of.ts";

/**
 * The first of a command's words that names a saved plan. It would be applied as it lies there, which nobody compared with anything:
 * whoever writes a pipeline forgets `--plan` without noticing, since the command works all the same. Undefined where there is none; a
 * program that finds its plan by itself is not seen through.
 */
export async function findLoosePlan(words: readonly string[], from: string): Promise<string | undefined> {
  const folders = new Set([from, chdirOf(words, from)]);
  for (const word of words)
    for (const folder of folders) if (await isSavedPlan(resolve(folder, word))) return word;
  return undefined;
}

async function isSavedPlan(path: string): Promise<boolean> {
  try {
    await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = await file.stat();
    if (!(await file.stat()).isFile()) return false;
    const [head, tail] = [await read(file, 0), await read(file, Math.max(0, size - PART))];
    return isZipOfPlan(tail) || isSealed(head, tail);
  } catch {
    return false;
  }
}

/** Of both ends of a file; the directory of a plan is at its end, and has some hundred bytes for each file of a configuration. */
const PART = 1024 * 1024;

async function read(file: FileHandle, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(PART), { position });
  return buffer.subarray(0, bytesRead);
}

/** In the directory, since that is what Terraform goes by, whatever stands first in the file. */
function isZipOfPlan(tail: Buffer): boolean {
  for (let at = tail.indexOf(ROW); at !== -1; at = tail.indexOf(ROW, at + 1))
    if (tail.toString("latin1", at + NAME_AT, at + NAME_AT + NAME.length) === NAME) {
      const length = at + NAME_LENGTH_AT + 2 <= tail.length ? tail.readUInt16LE(at + NAME_LENGTH_AT) : 0;
      if (length === NAME.length) return true;
    }
  return false;
}

const ROW = Buffer.from("PK\u0001\u0002", "latin1");
const NAME = "tfplan";
const NAME_AT = 46;
const NAME_LENGTH_AT = 28;

/** A plan that OpenTofu encrypted, or the name of one that HCP Terraform keeps. */
function isSealed(head: Buffer, tail: Buffer): boolean {
  const start = head.subarray(0, 200).toString("latin1");
  return (
    /^\{\s*"remote_plan_format"/.test(start) ||
    (/^\{\s*"meta"/.test(start) && tail.subarray(-200).includes('"encryption_version"'))
  );
}
