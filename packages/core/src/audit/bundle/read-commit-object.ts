// SPDX-License-Identifier: Apache-2.0
import { type Identity, isObjectId, type ObjectId, toRawText } from "../../ids/index.ts";
import { type ParsedMessage, parseCommitMessage } from "../../trailers/index.ts";
import { nameObject } from "./name-object.ts";

/** A commit as its own bytes have it, and its name follows from these. */
export interface ProvedCommit {
  readonly id: ObjectId;
  readonly tree: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly author: Identity;
  readonly committer: Identity;
  /** Seconds since the epoch; null where the line is none that Git writes. */
  readonly committedAt: number | null;
  readonly said: ParsedMessage;
  /** False where a header names an encoding: names and title may read otherwise elsewhere, and are not compared. */
  readonly isPlain: boolean;
}

/** Undefined where the bytes are no commit of this name. Both of Git's object formats. */
export function readCommitObject(id: ObjectId, bytes: Uint8Array): ProvedCommit | undefined {
  if (nameObject("commit", bytes, id.length) !== id) return undefined;
  const text = toRawText(bytes);
  const end = text.indexOf("\n\n");
  const header = end < 0 ? text : text.slice(0, end);
  const fields = readFields(header);
  const [tree, ...others] = fields.get("tree") ?? [];
  const parents = fields.get("parent") ?? [];
  if (tree === undefined || others.length > 0 || ![tree, ...parents].every(isObjectId)) return undefined;
  const author = toIdentity(fields.get("author")?.[0] ?? "");
  const committerLine = fields.get("committer")?.[0] ?? "";
  const committer = toIdentity(committerLine);
  const seconds = /> (\d{1,11}) [+-]\d{4}$/.exec(committerLine)?.[1];
  const message = end < 0 ? "" : text.slice(end + 2);
  return {
    id,
    tree,
    parents,
    author,
    committer,
    committedAt: seconds === undefined ? null : Number(seconds),
    said: parseCommitMessage({ message, author, committer }),
    isPlain: !fields.has("encoding"),
  };
}

/** A line that begins with a blank goes on with the one before it, as signatures do. */
function readFields(header: string): ReadonlyMap<string, readonly string[]> {
  const fields = new Map<string, string[]>();
  for (const line of header.split("\n")) {
    const space = line.indexOf(" ");
    if (space <= 0) continue;
    const name = line.slice(0, space);
    const known = fields.get(name) ?? [];
    known.push(line.slice(space + 1));
    fields.set(name, known);
  }
  return fields;
}

function toIdentity(line: string): Identity {
  const open = line.indexOf("<");
  const close = line.indexOf(">", open);
  if (open < 0 || close < 0) return { name: line.trim(), email: "" };
  return { name: line.slice(0, open).trim(), email: line.slice(open + 1, close).trim() };
}
