// SPDX-License-Identifier: Apache-2.0
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { hashHex } from "../hash-bytes.ts";
import { readOwnFile } from "./own-file.ts";

/** SHA-256 of a content in hex, or null: there is no such file. */
export type ContentSum = string | null;

/** Bytes of one file that are looked at; a larger one is a gap. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Content of a file as it is now; what could not be read is no content, and no absence either. */
export type ReadContent = Uint8Array | null | "too-large" | "not-a-file" | "unreadable";

/** Never waits: a FIFO or device with the name of a file must not hang an agent. */
export function readContent(path: string | Buffer): ReadContent {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    return code === "ENXIO" || code === "ELOOP" ? "not-a-file" : "unreadable";
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return "not-a-file";
    if (stat.size > MAX_FILE_BYTES) return "too-large";
    return readWhole(file, stat.size);
  } catch {
    return "unreadable";
  } finally {
    closeSync(file);
  }
}

function readWhole(file: number, size: number): Uint8Array {
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
  const sum = hashHex(bytes);
  if (renewSnapshot(folder, sum, bytes.length)) return sum;
  const path = pathOf(folder, sum);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, bytes, { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  return sum;
}

/** True where a content is kept already. Its time is set anew: what nothing refers to is dropped only when it is old. */
export function renewSnapshot(folder: string, sum: string, size: number): boolean {
  const path = pathOf(folder, sum);
  const stat = statSync(path, { throwIfNoEntry: false });
  // A power cut can leave a file of the right name and no content.
  if (stat?.size !== size) return false;
  if (Date.now() - stat.mtimeMs < FRESH_MS) return true;
  try {
    utimesSync(path, Date.now() / 1000, Date.now() / 1000);
    return true;
  } catch {
    return false;
  }
}

const FRESH_MS = 30_000;

/** Undefined where it is gone or was damaged. */
export function getSnapshot(folder: string, sum: string): Uint8Array | undefined {
  try {
    const bytes = readOwnFile(pathOf(folder, sum));
    return bytes !== undefined && hashHex(bytes) === sum ? bytes : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(folder: string, sum: string): string {
  return join(folder, sum.slice(0, 2), sum.slice(2));
}
