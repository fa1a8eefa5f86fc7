// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, parseObjectId, type RepoPath, toRawBytes } from "@countersign/core/ids";
import { createByteReader } from "./byte-reader.ts";
import { SYMLINK } from "./file-mode.ts";
import { GitError } from "./git-error.ts";
import { objectCall } from "./object-view.ts";
import { quickHeader, quickObject, quickTreeOf } from "./quick-read.ts";
import { runGit, spawnGit } from "./spawn-git.ts";
import { readTreeRows } from "./tree-rows.ts";
import type { ObjectType, Repository } from "./types.ts";

/** What became of one object that was asked for. */
export type ReadObject =
  | { readonly id: ObjectId; readonly status: "read"; readonly type: ObjectType; readonly bytes: Uint8Array }
  | { readonly id: ObjectId; readonly status: "too-large"; readonly type: ObjectType; readonly size: number }
  | { readonly id: ObjectId; readonly status: "missing" };

/** 16 MiB: enough for source files, little enough that one blob cannot take the process down. */
export const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Contents of many objects, in the order asked, one at a time. Objects above `maxBytes` are reported, not read into
 * memory; missing ones are reported; nothing is skipped.
 */
export async function* readObjects(
  repo: Repository,
  ids: readonly ObjectId[],
  options: { readonly maxBytes?: number } = {},
): AsyncGenerator<ReadObject, void, undefined> {
  if (ids.length === 0) return;
  const limit = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const quick = readQuickly(repo, ids, limit);
  if (quick !== undefined) {
    yield* quick;
    return;
  }
  const input = Buffer.from(`${ids.map(parseObjectId).join("\n")}\n`);
  const process = spawnGit(await objectCall(repo, ["cat-file", "--batch", "--buffer"], input));
  const reader = createByteReader(process.stdout as AsyncIterable<Buffer>);
  try {
    for (const id of ids) {
      const header = parseHeader(await reader.readUntil(LINE_FEED));
      if (header.type === undefined) {
        yield { id, status: "missing" };
      } else if (header.size > limit) {
        await reader.skipBytes(header.size + 1);
        yield { id, status: "too-large", type: header.type, size: header.size };
      } else {
        const bytes = await reader.readBytes(header.size);
        await reader.skipBytes(1);
        yield { id, status: "read", type: header.type, bytes };
      }
    }
  } finally {
    process.kill();
  }
  await process.exit;
}

/** So few objects may well be loose, each a file of its own; then no process has to start. */
const MOST_QUICK = 32;

function readQuickly(repo: Repository, ids: readonly ObjectId[], limit: number): ReadObject[] | undefined {
  const ahead = repo.readAhead;
  const isAhead = ahead !== undefined && ids.every((id) => ahead.has(id));
  if (ids.length > MOST_QUICK && !isAhead) return undefined;
  const objects: ReadObject[] = [];
  for (const id of ids.map(parseObjectId)) {
    const object = quickObject(repo, id, limit);
    if (object === undefined) return undefined;
    objects.push({ id, status: "read", ...object });
  }
  return objects;
}

/** An object's type and size without its content; type undefined where it is missing. */
export interface ObjectHeader {
  readonly id: string;
  readonly type: ObjectType | undefined;
  readonly size: number;
}

/** All of what `cat-file --batch` wrote; nothing where it was cut off. Missing objects are left out. */
export function parseBatch(bytes: Buffer): NonNullable<Repository["readAhead"]> {
  const objects = new Map<ObjectId, { readonly type: ObjectType; readonly bytes: Uint8Array }>();
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, at);
    if (end < 0) return new Map();
    const { id, type, size } = parseHeader(bytes.subarray(at, end));
    at = end + 1;
    if (type === undefined) continue;
    if (!Number.isSafeInteger(size) || size < 0 || at + size >= bytes.length) return new Map();
    objects.set(id, { type, bytes: bytes.subarray(at, at + size) });
    at += size + 1;
  }
  return objects;
}

/** Parses a line of `cat-file --batch`; exported for the other readers. */
export function parseHeader(line: Buffer | undefined): ObjectHeader {
  if (line === undefined)
    throw new GitError("OUTPUT_MALFORMED", "git cat-file answered fewer objects than asked");
  const text = line.toString("latin1");
  const middle = text.indexOf(" ");
  const last = text.indexOf(" ", middle + 1);
  const [id, type, size] = [text.slice(0, middle), text.slice(middle + 1, last), text.slice(last + 1)];
  if (type !== "commit" && type !== "tree" && type !== "blob" && type !== "tag")
    return { id, type: undefined, size: 0 };
  return { id, type, size: Number(size) };
}

/** Type and size of each name (an id, optionally with a peel such as `^{commit}`), in the order asked. */
export async function readObjectType(
  repo: Repository,
  names: readonly string[],
): Promise<readonly ObjectHeader[]> {
  if (names.length === 0) return [];
  const quick = readHeadersQuickly(repo, names);
  if (quick !== undefined) return quick;
  const call = await objectCall(
    repo,
    ["cat-file", "--batch-check", "--buffer"],
    Buffer.from(`${names.join("\n")}\n`),
  );
  const lines = (await runGit(call)).stdout.toString("latin1").split("\n").slice(0, -1);
  return lines.map((line) => parseHeader(Buffer.from(line, "latin1")));
}

function readHeadersQuickly(repo: Repository, names: readonly string[]): ObjectHeader[] | undefined {
  if (names.length > MOST_QUICK) return undefined;
  const headers: ObjectHeader[] = [];
  for (const name of names) {
    const [, id = "", peel] = /^([0-9a-f]+)(?:\^\{(commit|tree)\})?$/.exec(name) ?? [];
    const header = isObjectId(id) ? peelQuickly(repo, id, peel) : undefined;
    // A tag would have to be followed, and what is no commit has an answer of its own.
    if (header === undefined || (peel !== undefined && header.type !== peel)) return undefined;
    headers.push(header);
  }
  return headers;
}

function peelQuickly(repo: Repository, id: ObjectId, peel: string | undefined): ObjectHeader | undefined {
  const header = quickHeader(repo, id);
  if (header === undefined) return undefined;
  const tree = peel === "tree" && header.type === "commit" ? quickTreeOf(repo, id) : undefined;
  return tree === undefined ? { id, ...header } : peelQuickly(repo, tree, undefined);
}

/**
 * The commits that the names mean: full or abbreviated ids. Names that mean none, or several objects, are left out.
 */
export async function findCommits(
  repo: Repository,
  names: readonly string[],
): Promise<ReadonlyMap<string, ObjectId>> {
  const ids = names.filter((name) => /^[0-9a-f]{4,64}$/.test(name));
  const found = await readObjectType(
    repo,
    ids.map((id) => `${id}^{commit}`),
  );
  return new Map(
    ids.flatMap((name, i) => (found[i]?.type === "commit" ? [[name, found[i].id] as const] : [])),
  );
}

/** Size of each object in bytes, 0 for one that is missing, in the order asked; contents are not read. */
export async function readSizes(repo: Repository, ids: readonly ObjectId[]): Promise<readonly number[]> {
  return (await readObjectType(repo, ids.map(parseObjectId))).map((header) => header.size);
}

/**
 * Bytes of a file at a commit; undefined where the commit has no file there, and for a symbolic link: the text of its target
 * is not what anybody sees there. Throws MISSING_OBJECT when the commit
 * or the file's content is not in the repository, BLOB_TOO_LARGE above `maxBytes`.
 */
export async function readFileAt(
  repo: Repository,
  commit: ObjectId,
  path: RepoPath,
  options: { readonly maxBytes?: number } = {},
): Promise<Uint8Array | undefined> {
  // Git would resolve `..` against the folder it runs in; no tree that Git writes holds such names.
  if (path.includes("\0") || path.split("/").some((name) => name === "" || name === "." || name === ".."))
    return undefined;
  const entry = await findEntry(repo, commit, path);
  if (entry === undefined) return undefined;
  for await (const object of readObjects(repo, [entry], options)) {
    if (object.status === "read") return object.bytes;
    if (object.status === "missing") {
      const message = `the content of ${JSON.stringify(path)} at ${commit} is not in this repository; fetch it first`;
      throw new GitError("MISSING_OBJECT", message, { objects: [entry] });
    }
    throw new GitError(
      "BLOB_TOO_LARGE",
      `${JSON.stringify(path)} at ${commit} has ${object.size} bytes, more than allowed`,
    );
  }
  return undefined;
}

/** The blob at a path; found in a listing, since `<commit>:<path>` cannot hold every path. */
async function findEntry(repo: Repository, commit: ObjectId, path: RepoPath): Promise<ObjectId | undefined> {
  const bytes = toRawBytes(path);
  const listed = await readTreeRows(repo, parseObjectId(commit), { paths: [bytes], isDeep: false });
  if ("failure" in listed) throw await explainMissing(repo, commit, listed.failure);
  return findRow(listed.rows, bytes);
}

function findRow(listing: Buffer, path: Uint8Array): ObjectId | undefined {
  for (let at = 0; at < listing.length; ) {
    const end = listing.indexOf(0, at);
    const tab = listing.indexOf(0x09, at);
    if (listing.subarray(tab + 1, end).equals(path)) {
      const [mode, type, id] = listing.toString("latin1", at, tab).split(" ");
      return type === "blob" && mode !== SYMLINK ? id : undefined;
    }
    at = end + 1;
  }
  return undefined;
}

async function explainMissing(repo: Repository, commit: ObjectId, failure: GitError): Promise<GitError> {
  const [found] = await readObjectType(repo, [commit]);
  if (found?.type !== undefined && found.type !== "commit") return failure;
  // A commit that is here and whose tree cannot be listed: a clone with --filter=tree:0, or a damaged store.
  const what = found?.type === undefined ? "" : "a tree of ";
  const message = `${what}commit ${commit} is not in this repository; fetch it first (git fetch --unshallow for a shallow clone, --refetch --no-filter for a partial one)`;
  return new GitError("MISSING_OBJECT", message, { cause: failure, objects: [commit] });
}
