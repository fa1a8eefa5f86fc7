// SPDX-License-Identifier: Apache-2.0
import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { isObjectId, type ObjectId, type RefName } from "@countersign/core/ids";
import { inflateSmall, inflateStart } from "./inflate.ts";
import { objectDirectory } from "./object-view.ts";
import type { ObjectType, Repository } from "./types.ts";

/*
 * What is asked of a repository lies often in plain files, and a process takes as long as everything else that a hook does.
 * Whatever is not in plain files is `unknown` or undefined here, and Git has to be asked.
 */

/** Names that are paths as they stand, of refs that all work trees share. */
const SHARED = /^refs\/(?!worktree\/|bisect\/|rewritten\/)[!-~]+$/;

/** The object that a ref names, undefined where there is no such ref. Full names that are not symbolic; gitrepository-layout(5). */
export function quickRef(repo: Repository, name: RefName): ObjectId | undefined | "unknown" {
  return IS_CASELESS ? "unknown" : readRefFile(repo, name);
}

/** File systems there find `main` under `refs/heads/Main`, which is another name to a policy. */
const IS_CASELESS = process.platform === "darwin" || process.platform === "win32";

function readRefFile(repo: Repository, name: RefName): ObjectId | undefined | "unknown" {
  const { commonDir } = repo;
  if (!SHARED.test(name) || existsSync(join(commonDir, "reftable"))) return "unknown";
  const loose = readText(join(commonDir, name));
  if (loose !== undefined) return toId(repo, loose);
  const packed = readText(join(commonDir, "packed-refs")) ?? "";
  if (packed === "unreadable") return "unknown";
  const end = packed.indexOf(` ${name}\n`);
  return end < 0 ? undefined : toId(repo, packed.slice(packed.lastIndexOf("\n", end) + 1, end));
}

function toId(repo: Repository, text: string): ObjectId | "unknown" {
  const id = text.trimEnd();
  return isOwnId(repo, id) ? id : "unknown";
}

/** Git takes a ref of zeros, or of another hash's length, for broken. */
function isOwnId({ objectFormat }: Repository, id: string): boolean {
  return isObjectId(id) && id.length === (objectFormat === "sha1" ? 40 : 64) && !/^0+$/.test(id);
}

/** HEAD's commit, undefined before the first one. */
export function quickHead(repo: Repository): ObjectId | undefined | "unknown" {
  const ref = quickHeadBranch(repo);
  if (ref !== undefined) return readRefFile(repo, ref);
  return toId(repo, readText(join(repo.gitDir, "HEAD")) ?? "");
}

/** The ref that HEAD stands on; undefined where it stands on none, or Git has to be asked. */
export function quickHeadBranch({ gitDir, commonDir }: Repository): RefName | undefined {
  const ref = /^ref: (\S+)\n$/.exec(readText(join(gitDir, "HEAD")) ?? "")?.[1];
  return ref !== undefined && SHARED.test(ref) && !existsSync(join(commonDir, "reftable")) ? ref : undefined;
}

export interface QuickObject {
  readonly type: ObjectType;
  readonly bytes: Uint8Array;
}

/** Of an object; a larger one is better streamed. */
const MOST_BYTES = 256 * 1024;
const HEADER = /^(commit|tree|blob|tag) (\d+)\0/;

/** An object that was read ahead or lies loose in the repository's own store; undefined where it is packed, large, damaged or absent. */
export function quickObject(
  repo: Repository,
  id: ObjectId,
  limit: number = MOST_BYTES,
): QuickObject | undefined {
  const ahead = repo.readAhead?.get(id);
  if (ahead !== undefined) return ahead.bytes.length > limit ? undefined : ahead;
  const packed = readLoose(repo, id, MOST_BYTES);
  if (packed === undefined || packed.length === MOST_BYTES) return undefined;
  const start = inflateStart(packed, HEADER_BYTES);
  const header = start && parseHeader(start);
  if (header === undefined || header.size > Math.min(limit, MOST_BYTES)) return undefined;
  const bytes = inflateSmall(packed, header.length + header.size);
  if (bytes?.length !== header.length + header.size) return undefined;
  return { type: header.type, bytes: bytes.subarray(header.length) };
}

/** Type and size of such an object; its content is not looked at. */
export function quickHeader(
  repo: Repository,
  id: ObjectId,
): { readonly type: ObjectType; readonly size: number } | undefined {
  const ahead = repo.readAhead?.get(id);
  if (ahead !== undefined) return { type: ahead.type, size: ahead.bytes.length };
  const packed = readLoose(repo, id, START_BYTES);
  const start = packed && inflateStart(packed, HEADER_BYTES);
  const header = start && parseHeader(start);
  return header && { type: header.type, size: header.size };
}

/** The tree of a commit. */
export function quickTreeOf(repo: Repository, commit: ObjectId): ObjectId | undefined {
  const object = quickObject(repo, commit);
  if (object?.type !== "commit") return undefined;
  const start = Buffer.from(object.bytes.subarray(0, MOST_TREE_LINE)).toString("latin1");
  const tree = /^tree ([0-9a-f]+)\n/.exec(start)?.[1];
  return tree !== undefined && isOwnId(repo, tree) ? tree : undefined;
}

const MOST_TREE_LINE = 80;

function parseHeader(start: Uint8Array) {
  const text = Buffer.from(start.buffer, 0, Math.min(HEADER_BYTES, start.length)).toString("latin1");
  const [head = "", type, size] = HEADER.exec(text) ?? [];
  return type === undefined
    ? undefined
    : { type: type as ObjectType, size: Number(size), length: head.length };
}

/** The first bytes of a loose object's file. In a hook's quarantine what is new lies apart from what the repository had. */
function readLoose(repo: Repository, id: ObjectId, most: number): Buffer | undefined {
  const file = join(id.slice(0, 2), id.slice(2));
  const [own, common] = [objectDirectory(repo), join(repo.commonDir, "objects")];
  return (
    readStart(join(own, file), most) ?? (own === common ? undefined : readStart(join(common, file), most))
  );
}

/** What a Huffman table and the shortest codes after it need at most for a header. */
const START_BYTES = 512;
const HEADER_BYTES = 32;

function readStart(path: string, most: number): Buffer | undefined {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(Math.min(most, fstatSync(file).size));
      return readSync(file, bytes) === bytes.length ? bytes : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** Undefined where there is no such file; what is there and cannot be read must not look like that. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return ["ENOENT", "ENOTDIR", "EISDIR"].includes(code) ? undefined : "unreadable";
  }
}
