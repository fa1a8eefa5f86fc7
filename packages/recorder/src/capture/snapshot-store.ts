// SPDX-License-Identifier: Apache-2.0
import { hash } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { exists } from "./recorder-folder.ts";

/** SHA-256 of a content in hex, or null: there is no such file. */
export type ContentSum = string | null;

/** Bytes of one file that are looked at; a larger one is a gap. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Content of a file as it is now; `too-large` and `not-a-file` are no content, and no absence either. */
export type ReadContent = Uint8Array | null | "too-large" | "not-a-file";

/** Never waits: a FIFO or device with the name of a file must not hang an agent. */
export function readContent(path: string | Buffer): ReadContent {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    return "not-a-file";
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return "not-a-file";
    if (stat.size > MAX_FILE_BYTES) return "too-large";
    return readWhole(file, stat.size);
  } finally {
    closeSync(file);
  }
}

function readWhole(file: number, size: number): Uint8Array | "too-large" {
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const count = readSync(file, bytes, length, size - length, length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** Keeps a content under its sum; durable enough once the journal names it, since it is whole before it has its name. */
export function putSnapshot(folder: string, bytes: Uint8Array): string {
  const sum = hash("sha256", bytes, "hex");
  const path = pathOf(folder, sum);
  if (exists(path)) return sum;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, bytes, { mode: 0o600 });
  renameSync(draft, path);
  return sum;
}

/** Undefined where it is gone or was damaged. */
export function getSnapshot(folder: string, sum: string): Uint8Array | undefined {
  try {
    const bytes = readFileSync(pathOf(folder, sum));
    return hash("sha256", bytes, "hex") === sum ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(folder: string, sum: string): string {
  return join(folder, sum.slice(0, 2), sum.slice(2));
}
