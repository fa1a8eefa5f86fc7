// SPDX-License-Identifier: Apache-2.0
import { type RepoPath, toRawBytes, toRawText } from "@countersign/core/ids";
import { repositoryCall } from "./repository-call.ts";
import { runGit } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/** By these Git keeps something else than what lies on disk, other than line ends: gitattributes(5). */
const CHANGING = ["filter", "working-tree-encoding", "ident"];
const FIELDS = 3;

/**
 * Which of some paths Git keeps in another form than they have on disk: encrypted, encoded anew, or as a pointer to a content that is
 * elsewhere. A filter that is named counts, whether it is set up here or not. One process, and none without paths.
 */
export async function findFiltered(
  repo: Repository,
  paths: readonly RepoPath[],
): Promise<ReadonlySet<RepoPath>> {
  if (paths.length === 0) return new Set();
  const input = Buffer.concat(paths.flatMap((path) => [toRawBytes(path), Buffer.from([0])]));
  const { stdout } = await runGit(repositoryCall(repo, ["check-attr", "-z", "--stdin", ...CHANGING], input));
  const fields = toRawText(stdout).split("\0");
  const filtered = new Set<RepoPath>();
  for (let at = 0; at + FIELDS <= fields.length; at += FIELDS) {
    const [path = "", , value = ""] = fields.slice(at, at + FIELDS);
    if (value !== "unspecified" && value !== "unset") filtered.add(path);
  }
  return filtered;
}
