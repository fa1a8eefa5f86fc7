// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import type { ObjectFormat, ObjectId } from "@countersign/core/ids";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

const TYPE_NUMBER = { commit: 1, tree: 2, blob: 3 } as const;
/** Git's own transfer.unpackLimit: from here on one pack is kept instead of many loose objects. */
const UNPACK_LIMIT = 100;

export interface NewObject {
  readonly id: ObjectId;
  readonly type: keyof typeof TYPE_NUMBER;
  readonly bytes: Uint8Array;
}

export function createObject(format: ObjectFormat, type: NewObject["type"], bytes: Uint8Array): NewObject {
  const hash = createHash(format).update(`${type} ${bytes.length}\0`).update(bytes);
  return { id: hash.digest("hex"), type, bytes };
}

/** Writes any number of objects with one process; durable once it resolves. */
export async function writeObjects(repo: Repository, objects: readonly NewObject[]): Promise<void> {
  if (objects.length === 0) return;
  const pack = formatPack(repo.objectFormat, objects);
  const args = objects.length < UNPACK_LIMIT ? ["unpack-objects", "-q"] : ["index-pack", "--stdin"];
  await runGit(repositoryCall(repo, args, pack));
}

/** gitformat-pack(5), version 2, without deltas. */
function formatPack(format: ObjectFormat, objects: readonly NewObject[]): Buffer {
  const header = Buffer.alloc(12);
  header.write("PACK");
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(objects.length, 8);
  const body = Buffer.concat([header, ...objects.flatMap(formatEntry)]);
  return Buffer.concat([body, createHash(format).update(body).digest()]);
}

function formatEntry({ type, bytes }: NewObject): readonly Uint8Array[] {
  const head = [(TYPE_NUMBER[type] << 4) | (bytes.length & 0x0f)];
  for (let rest = Math.floor(bytes.length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    head[head.length - 1] = (head.at(-1) ?? 0) | 0x80;
    head.push(rest & 0x7f);
  }
  return [Uint8Array.from(head), deflateSync(bytes, { level: 6 })];
}
