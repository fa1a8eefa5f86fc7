// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { GitError } from "./git-error.ts";
import { createObjectReader } from "./object-reader.ts";
import { parseCommit } from "./parse-commit.ts";
import type { Repository } from "./types.ts";

/** Files of one commit, read one at a time. */
export interface CommitFiles {
  /**
   * Undefined where the commit has no plain file there. Throws MISSING_OBJECT where it has one whose content, or a folder on
   * the way, is not in this repository, and OUTPUT_MALFORMED where one of these is damaged.
   */
  readonly get: (path: RepoPath) => Promise<Uint8Array | undefined>;
  /** A blob, whichever tree names it. Throws as `get` does. */
  readonly blob: (id: ObjectId) => Promise<Uint8Array>;
}

interface Row {
  readonly mode: string;
  readonly id: ObjectId;
}

type Folder = ReadonlyMap<string, Row>;

const FOLDER_MODE = "40000";
const FILE_MODE = "100644";

/** Nothing is read before it is asked for; folders are remembered, contents are not. Larger objects are refused as damaged. */
export function openFiles(repo: Repository, commit: ObjectId, mostBytes?: number): CommitFiles {
  const reader = createObjectReader(repo, mostBytes);
  const folders = new Map<ObjectId, Promise<Folder>>();
  let root: Promise<Folder> | undefined;

  async function readRoot(): Promise<Folder> {
    const { tree } = parseCommit(commit, Buffer.from(await reader.read(commit, "commit")));
    return await folder(tree);
  }

  function folder(id: ObjectId): Promise<Folder> {
    const known = folders.get(id) ?? reader.read(id, "tree").then((bytes) => parseTree(id, bytes));
    folders.set(id, known);
    return known;
  }

  return {
    get: async (path) => {
      const names = path.split("/");
      const file = names.pop() ?? "";
      root ??= readRoot();
      let at = await root;
      for (const name of names) {
        const row = at.get(name);
        if (row?.mode !== FOLDER_MODE) return undefined;
        at = await folder(row.id);
      }
      const row = at.get(file);
      return row?.mode === FILE_MODE ? await reader.read(row.id, "blob") : undefined;
    },
    blob: (id) => reader.read(id, "blob"),
  };
}

/** Rows of `<mode> <name>\0` and the id's raw bytes; names as latin1. */
function parseTree(id: ObjectId, bytes: Uint8Array): Folder {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const idBytes = id.length / 2;
  const rows = new Map<string, Row>();
  for (let at = 0; at < buffer.length; ) {
    const blank = buffer.indexOf(0x20, at);
    const end = buffer.indexOf(0, blank + 1);
    const next = end + 1 + idBytes;
    const name = buffer.toString("latin1", blank + 1, end);
    if (blank < 0 || end < 0 || next > buffer.length || rows.has(name))
      throw new GitError("OUTPUT_MALFORMED", `tree ${id} is damaged; run git fsck`, { objects: [id] });
    rows.set(name, { mode: buffer.toString("latin1", at, blank), id: buffer.toString("hex", end + 1, next) });
    at = next;
  }
  return rows;
}
