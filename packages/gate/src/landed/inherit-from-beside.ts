// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { CommitFacts, Landing } from "@countersign/core/policy";
import { withInherited } from "../inherit-content.ts";
import type { ChunkFacts } from "./chunk-facts.ts";

/**
 * A landed commit whose tree is exactly what Git makes of another head there is a version of it, with its AI and its authors, whatever its
 * message says (T02). The same as `inheritContent`, from merges that were made for a whole chunk.
 */
export function inheritFromBeside(
  chunk: ChunkFacts,
  landing: Landing,
  commits: readonly CommitFacts[],
): { readonly commits: readonly CommitFacts[]; readonly replaced: readonly ObjectId[] } {
  const present = new Set(commits.map((commit) => commit.id));
  const replaced = new Set<ObjectId>();
  const inherited = commits.map((commit) => {
    const heads = chunk.tools.sameAs(landing, commit).filter((head) => !present.has(head));
    if (heads.length === 0) return commit;
    for (const head of heads) replaced.add(head);
    const ids = new Set(heads.flatMap((head) => [...chunk.besideOf(head)]));
    return withInherited(
      commit,
      [...ids].flatMap((id) => chunk.beside.get(id) ?? []),
    );
  });
  return { commits: inherited, replaced: [...replaced] };
}
