// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "@countersign/core/attestation";
import type { ObjectId, RefName } from "@countersign/core/ids";
import { diffTrees, type Repository } from "@countersign/git";
import { digestContent } from "./digest-content.ts";
import { readHistory } from "./read-history.ts";
import { readPolicy } from "./read-policy.ts";

/** What a statement about this change must name. Throws RangeError where there is no policy or no common history. */
export async function describeChange(request: {
  readonly repository: Repository;
  readonly base: ObjectId;
  readonly head: ObjectId;
  readonly target: RefName;
}): Promise<CodeReviewPredicate["change"]> {
  const { repository, base, head, target } = request;
  const { policy } = await readPolicy(repository, request);
  const { mergeBase, head: link } = await readHistory(repository, base, head);
  if (policy === null || mergeBase === undefined)
    throw new RangeError("nothing to describe: no policy or no common history");
  return {
    repository: policy.repository,
    target,
    mergeBase: mergeBase.id,
    mergeBaseTree: mergeBase.tree,
    head,
    headTree: link.tree,
    contentDigest: await digestContent(repository, await diffTrees(repository, mergeBase.tree, link.tree)),
    policyDigest: policy.digest,
    objectFormat: repository.objectFormat,
  };
}
