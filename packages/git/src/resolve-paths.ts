// SPDX-License-Identifier: Apache-2.0
import { type ObjectId, parseObjectId, type RepoPath, toRawBytes } from "@countersign/core/ids";
import { objectCall } from "./object-view.ts";
import { quickTreeRows } from "./quick-tree-rows.ts";
import { parseHeader } from "./read-objects.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/** A path in the tree of a commit or of a tree. */
export interface PathInTree {
  readonly tree: ObjectId;
  readonly path: RepoPath;
}

/** More paths than this are not looked for one by one. */
const MOST_QUICK = 32;

/** The blob at each path, in the order asked; undefined where there is none. One process at most, whatever the paths hold. */
export async function resolvePaths(
  repo: Repository,
  places: readonly PathInTree[],
): Promise<readonly (ObjectId | undefined)[]> {
  const names = places.map(toName);
  const asked = names.filter((name) => name !== undefined);
  if (asked.length === 0) return places.map(() => undefined);
  const quick = places.length > MOST_QUICK ? undefined : resolveQuickly(repo, places, names);
  if (quick !== undefined) return quick;
  const input = Buffer.concat(asked.flatMap((name) => [name, NUL]));
  const call = await objectCall(repo, ["cat-file", "--batch-check", "--buffer", "-z"], input);
  const answers = parseAnswers((await runGit(call)).stdout, asked);
  let next = 0;
  return names.map((name) => (name === undefined ? undefined : answers[next++]));
}

/** In loose trees; undefined where Git has to be asked. */
function resolveQuickly(
  repo: Repository,
  places: readonly PathInTree[],
  names: readonly (Buffer | undefined)[],
): readonly (ObjectId | undefined)[] | undefined {
  const found: (ObjectId | undefined)[] = [];
  for (const [i, { tree, path }] of places.entries()) {
    const bytes = toRawBytes(path);
    const isAsked = names[i] !== undefined;
    const rows = isAsked ? quickTreeRows(repo, tree, { paths: [bytes], isDeep: false }) : Buffer.alloc(0);
    if (rows === undefined) return undefined;
    // One path that is no folder's has one row at most: `<mode> <type> <id>`, a tab, the path.
    const [, type, id] = rows
      .subarray(0, rows.indexOf(0x09) + 1)
      .toString("latin1")
      .split(/[ \t]/);
    found.push(type === "blob" ? id : undefined);
  }
  return found;
}

const NUL = Buffer.from([0]);
const LINE_FEED = 0x0a;

/** What Git is asked for; undefined for a path that no tree can hold and that Git would resolve in its own ways. */
function toName({ tree, path }: PathInTree): Buffer | undefined {
  if (path.includes("\0") || path.split("/").some((part) => part === "" || part === "." || part === ".."))
    return undefined;
  return Buffer.concat([Buffer.from(`${parseObjectId(tree)}:`), toRawBytes(path)]);
}

/** A found object is a line of its own; of a missing one Git repeats the name, line breaks and all. */
function parseAnswers(stdout: Buffer, names: readonly Buffer[]): readonly (ObjectId | undefined)[] {
  let at = 0;
  return names.map((name) => {
    const isMissing = stdout.subarray(at, at + name.length).equals(name);
    const end = stdout.indexOf(LINE_FEED, isMissing ? at + name.length : at);
    const header = isMissing || end < 0 ? undefined : parseHeader(stdout.subarray(at, end));
    at = end + 1;
    return header?.type === "blob" ? header.id : undefined;
  });
}
