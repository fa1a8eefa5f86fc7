// SPDX-License-Identifier: Apache-2.0
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { isObjectId, type ObjectId, type RefName } from "@countersign/core/ids";
import { inflateSmall } from "./inflate.ts";
import type { ObjectType, Repository } from "./types.ts";

/*
 * What a commit hook needs of a repository lies nearly always in plain files, and a process takes as long as everything else
 * that the hook does. Whatever is not in plain files is `unknown` here, and Git has to be asked.
 */

/** The object that a ref names, undefined where there is no such ref. Full names that are not symbolic; gitrepository-layout(5). */
export function quickRef({ commonDir }: Repository, name: RefName): ObjectId | undefined | "unknown" {
  if (existsSync(join(commonDir, "reftable"))) return "unknown";
  const loose = readText(join(commonDir, name))?.trimEnd();
  if (loose !== undefined) return isObjectId(loose) ? loose : "unknown";
  const packed = readText(join(commonDir, "packed-refs")) ?? "";
  const end = packed.indexOf(` ${name}\n`);
  if (end < 0) return undefined;
  const id = packed.slice(packed.lastIndexOf("\n", end) + 1, end);
  return isObjectId(id) ? id : "unknown";
}

/** HEAD's commit, undefined before the first one. */
export function quickHead(repo: Repository): ObjectId | undefined | "unknown" {
  const head = readText(join(repo.gitDir, "HEAD"))?.trimEnd() ?? "";
  const ref = /^ref: (refs\/\S+)$/.exec(head)?.[1];
  if (ref !== undefined) return quickRef(repo, ref);
  return isObjectId(head) ? head : "unknown";
}

export interface QuickObject {
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

/** Of an object; a larger one is better streamed. */
const MOST_BYTES = 256 * 1024;
const HEADER = /^(commit|tree|blob|tag) (\d+)\0/;

/** A loose object of the repository's own store; undefined where it is packed, borrowed, large, damaged or absent. */
export function quickObject(directory: string, id: ObjectId, limit: number): QuickObject | undefined {
  const packed = readBytes(join(directory, id.slice(0, 2), id.slice(2)));
  if (packed === undefined) return undefined;
  const bytes = inflateSmall(packed, Math.min(limit, MOST_BYTES) + HEADER_BYTES);
  if (bytes === undefined) return undefined;
  const start = Buffer.from(bytes.buffer, 0, Math.min(HEADER_BYTES, bytes.length)).toString("latin1");
  const [head = "", type, size] = HEADER.exec(start) ?? [];
  if (type === undefined || bytes.length - head.length !== Number(size)) return undefined;
  return { type: type as ObjectType, bytes: bytes.subarray(head.length) };
}

const HEADER_BYTES = 32;

function readBytes(path: string): Buffer | undefined {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      if (size > MOST_BYTES) return undefined;
      const bytes = Buffer.alloc(size);
      return readSync(file, bytes) === size ? bytes : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
