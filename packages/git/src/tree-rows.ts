// SPDX-License-Identifier: Apache-2.0
import type { GitError } from "./git-error.ts";
import { objectCall } from "./object-view.ts";
import { quickTreeRows } from "./quick-tree-rows.ts";
import { gitFailure, spawnGit } from "./spawn-git.ts";
import type { Repository, TreeScope } from "./types.ts";

/** Rows `<mode> <type> <id>\t<path>\0` in Git's order; more than asked for where a path is no UTF-8. */
export type TreeRows = { readonly rows: Buffer } | { readonly failure: GitError };

/** Lists the tree of a commit or tree (`<id>` or `<id>^{commit}`); fails only where that, or a tree in it, is absent or damaged. */
export async function readTreeRows(repo: Repository, treeish: string, scope: TreeScope): Promise<TreeRows> {
  const quick = quickTreeRows(repo, treeish, scope);
  if (quick !== undefined) return { rows: quick };
  const process = spawnGit(await objectCall(repo, toArguments(treeish, scope)));
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdout as AsyncIterable<Buffer>) chunks.push(chunk);
  const exitCode = await process.exit;
  return exitCode === 0 ? { rows: Buffer.concat(chunks) } : { failure: gitFailure(process, exitCode) };
}

/** Node passes arguments as UTF-8; a path of other bytes is looked for among its siblings instead. */
function toArguments(treeish: string, { paths = [], isDeep }: TreeScope): readonly string[] {
  const scopes = paths.map(toScope);
  const isEach = scopes.every((scope, i) => scope === Buffer.from(paths[i] ?? []).toString("utf8"));
  const isAll = scopes.includes("");
  return [
    "--literal-pathspecs",
    "ls-tree",
    ...(isDeep || !isEach ? ["-r"] : []),
    "-z",
    "--full-tree",
    treeish,
    "--",
    ...(isAll ? [] : scopes),
  ];
}

/** The path itself, or the nearest folder above it that is UTF-8, empty where there is none. */
function toScope(path: Uint8Array): string {
  for (let end = path.length; end > 0; end = path.lastIndexOf(SLASH, end - 2) + 1) {
    const part = Buffer.from(path.subarray(0, end));
    if (Buffer.from(part.toString("utf8")).equals(part)) return part.toString("utf8");
  }
  return "";
}

const SLASH = 0x2f;
