// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName, Sha256 } from "@countersign/core/ids";
import type { ChangeRecord, Landing, Policy } from "@countersign/core/policy";
import type { Repository } from "@countersign/git";

interface Place {
  readonly repository: Repository;
  readonly policy: Policy;
  readonly target: RefName;
}

/** What a sign-off of this landing is bound to. */
export function toRecord(
  { repository, policy, target }: Place,
  landing: Landing,
  mergeBase: { readonly id: ObjectId; readonly tree: ObjectId },
  contentDigest: Sha256,
): ChangeRecord {
  return {
    version: 1,
    repository: policy.repository,
    target,
    mergeBase: mergeBase.id,
    mergeBaseTree: mergeBase.tree,
    headTree: landing.head.tree,
    contentDigest,
    policyDigest: policy.digest,
    objectFormat: repository.objectFormat,
  };
}
