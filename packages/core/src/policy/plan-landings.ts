// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "../ids/index.ts";

/** One commit of the target's first-parent chain, oldest first. */
export interface ChainLink {
  readonly id: ObjectId;
  readonly tree: ObjectId;
}

/** What lands as one unit: everything after `base` up to and including `head`. */
export interface Landing {
  readonly base: ChainLink;
  readonly head: ChainLink;
  /** The signed head whose merge onto `base` Git computes as exactly `head`'s tree; null where none explains it. */
  readonly signedHead: ObjectId | null;
}

/** Tree that Git computes for merging a signed head onto a chain position; absent where it conflicts. */
export type ComputedTree = (position: ObjectId, signedHead: ObjectId) => ObjectId | undefined;

/**
 * Splits what a push or a merge queue lands into changes of their own: a stretch whose result is exactly a signed
 * head merged onto the tip before it (merge commit, squash, queue commit, rebase), and the rest in between (T47).
 *
 * A signed head that is itself a link of the chain never splits it: a commit pushed on top of what was signed makes
 * a new change of the whole (T18), not an old change and a small new one.
 */
export function planLandings(
  base: ChainLink,
  chain: readonly ChainLink[],
  signedHeads: readonly ObjectId[],
  computedTree: ComputedTree,
): readonly Landing[] {
  const onChain = new Set(chain.map((link) => link.id));
  const candidates = signedHeads.filter((head) => !onChain.has(head));
  const links = [base, ...chain];
  const landings: Landing[] = [];
  let open = 0;
  for (let at = 0; at < links.length - 1; ) {
    const found = findLanding(links, at, candidates, computedTree);
    if (found === undefined) {
      at += 1;
      continue;
    }
    pushOpen(landings, links, open, at);
    landings.push({ base: linkAt(links, at), head: linkAt(links, found.end), signedHead: found.signedHead });
    at = found.end;
    open = at;
  }
  pushOpen(landings, links, open, links.length - 1);
  return landings;
}

function findLanding(
  links: readonly ChainLink[],
  at: number,
  candidates: readonly ObjectId[],
  computedTree: ComputedTree,
): { readonly end: number; readonly signedHead: ObjectId } | undefined {
  const position = linkAt(links, at);
  for (const signedHead of candidates) {
    const tree = computedTree(position.id, signedHead);
    if (tree === undefined || tree === position.tree) continue;
    const end = links.findIndex((link, i) => i > at && link.tree === tree);
    if (end !== -1) return { end, signedHead };
  }
  return undefined;
}

function pushOpen(landings: Landing[], links: readonly ChainLink[], from: number, to: number): void {
  if (to > from) landings.push({ base: linkAt(links, from), head: linkAt(links, to), signedHead: null });
}

function linkAt(links: readonly ChainLink[], index: number): ChainLink {
  const link = links[index];
  if (link === undefined) throw new RangeError(`chain has no link ${index}`);
  return link;
}
