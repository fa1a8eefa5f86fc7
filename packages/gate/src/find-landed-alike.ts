// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "@countersign/core/attestation";
import type { ObjectId } from "@countersign/core/ids";
import {
  type CommitLink,
  diffTreePairs,
  digestBlobs,
  listCommitTrees,
  type Repository,
} from "@countersign/git";
import { listContentBlobs, toContentDigest } from "./digest-content.ts";
import type { CommitRange } from "./gather-commits.ts";

/** Links after the signed merge base that are compared by content: what is signed in an emergency lands soon. */
const MOST_COMPARED = 256;

/**
 * The commit that landed a signed change whose own commits are not here, as in the clone of a CI after a squash and the
 * deletion of the branch: it has the signed tree, or changes exactly what the signed content digest says.
 */
export async function findLandedAlike(
  repository: Repository,
  signed: CodeReviewPredicate["change"],
  base: ObjectId,
): Promise<CommitRange | undefined> {
  const range = { include: [base], exclude: [signed.mergeBase], firstParent: true };
  const links = [...(await listCommitTrees(repository, range))].reverse();
  const landed =
    links.find((link) => link.tree === signed.headTree) ??
    (await findSameContent(repository, links.slice(0, MOST_COMPARED), signed));
  return landed && { include: [landed.id], exclude: landed.parents.slice(0, 1) };
}

async function findSameContent(
  repository: Repository,
  links: readonly CommitLink[],
  { mergeBaseTree, contentDigest }: CodeReviewPredicate["change"],
): Promise<CommitLink | undefined> {
  const pairs = links.map((link, at) => ({ from: links[at - 1]?.tree ?? mergeBaseTree, to: link.tree }));
  const changes = await diffTreePairs(repository, pairs);
  const digests = await digestBlobs(repository, listContentBlobs(changes));
  return links.find((_, at) => toContentDigest(changes[at] ?? [], digests) === contentDigest);
}
