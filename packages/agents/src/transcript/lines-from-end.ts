// SPDX-License-Identifier: Apache-2.0
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

const CHUNK = 256 * 1024;
/** How far back a transcript is read; a call is looked for right after it was made, near the end. */
const MAX_BACK = 4 * 1024 * 1024;

/**
 * Lines of a file from the last to the first, those with `needle` only, at most 4 MiB back. Yields nothing for a file that
 * is not there, not a regular file or not readable: a transcript only ever adds a model's name.
 */
export function* linesFromEnd(path: string, needle: string): Generator<string> {
  const descriptor = openRegular(path);
  if (descriptor === undefined) return;
  try {
    yield* readBackwards(descriptor, needle);
  } finally {
    closeSync(descriptor);
  }
}

/** The whole text of a regular file, undefined if it is larger than `limit` bytes or cannot be read. */
export function readBounded(path: string, limit: number): string | undefined {
  const descriptor = openRegular(path);
  if (descriptor === undefined) return undefined;
  try {
    const { size } = fstatSync(descriptor);
    if (size > limit) return undefined;
    return readAt(descriptor, 0, size).toString("utf8");
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** Without waiting: a FIFO or a device in the transcript's place must not hold up the agent. */
function openRegular(path: string): number | undefined {
  if (path.includes("\0")) return undefined;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (fstatSync(descriptor).isFile()) return descriptor;
  } catch {
    // Not there, or not for us to read: no model from here.
  }
  if (descriptor !== undefined) closeSync(descriptor);
  return undefined;
}

function* readBackwards(descriptor: number, needle: string): Generator<string> {
  let end = fstatSync(descriptor).size;
  const stop = Math.max(0, end - MAX_BACK);
  let rest: Buffer = Buffer.alloc(0);
  while (end > stop) {
    const start = Math.max(stop, end - CHUNK);
    const block = Buffer.concat([readAt(descriptor, start, end - start), rest]);
    const firstEnd = block.indexOf(10);
    const isWhole = start === 0;
    rest = isWhole ? Buffer.alloc(0) : firstEnd < 0 ? block : block.subarray(0, firstEnd);
    if (isWhole) yield* matchesFromEnd(block, needle);
    else if (firstEnd >= 0) yield* matchesFromEnd(block.subarray(firstEnd + 1), needle);
    end = start;
  }
}

function* matchesFromEnd(block: Buffer, needle: string): Generator<string> {
  let limit = block.length;
  while (limit > 0) {
    const hit = block.subarray(0, limit).lastIndexOf(needle);
    if (hit < 0) return;
    const start = block.subarray(0, hit).lastIndexOf(10) + 1;
    const next = block.indexOf(10, hit);
    yield block.toString("utf8", start, next < 0 ? block.length : next);
    limit = start;
  }
}

function readAt(descriptor: number, from: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, buffer, filled, length - filled, from + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
