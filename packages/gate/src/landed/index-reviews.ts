// SPDX-License-Identifier: Apache-2.0
import type { CodeReviewPredicate } from "@countersign/core/attestation";
import type { ObjectId } from "@countersign/core/ids";
import type { VerifiedReview } from "../read-statements.ts";

type Signed = CodeReviewPredicate["change"];

/** Reviews by everything under which a landing could look for them. */
export interface ReviewIndex {
  readonly all: readonly VerifiedReview[];
  readonly byHead: ReadonlyMap<ObjectId, readonly VerifiedReview[]>;
  readonly byTree: ReadonlyMap<ObjectId, readonly VerifiedReview[]>;
  readonly byFork: ReadonlyMap<ObjectId, readonly VerifiedReview[]>;
  /** Statements about the same change belong together: an approval, and what took it back. */
  readonly byChange: ReadonlyMap<string, readonly VerifiedReview[]>;
  /** Revocations that name statements, by the name. */
  readonly byRevoked: ReadonlyMap<string, readonly VerifiedReview[]>;
}

export function indexReviews(all: readonly VerifiedReview[]): ReviewIndex {
  return {
    all,
    byHead: groupBy(all, ({ predicate }) => [predicate.change.head]),
    byTree: groupBy(all, ({ predicate }) => [predicate.change.headTree]),
    byFork: groupBy(all, ({ predicate }) => [predicate.change.mergeBase]),
    byChange: groupBy(all, ({ predicate }) => [toChangeKey(predicate.change)]),
    byRevoked: groupBy(all, ({ predicate }) => predicate.revokes),
  };
}

export function toChangeKey({ mergeBase, headTree }: Pick<Signed, "mergeBase" | "headTree">): string {
  return `${mergeBase}:${headTree}`;
}

/** All that is said of a landing, of the same changes, and of the statements found so. */
export function findReviews(
  index: ReviewIndex,
  landing: { readonly base: ObjectId; readonly tree: ObjectId; readonly heads: readonly ObjectId[] },
): readonly VerifiedReview[] {
  const direct = [
    ...(index.byTree.get(landing.tree) ?? []),
    ...(index.byFork.get(landing.base) ?? []),
    ...landing.heads.flatMap((head) => index.byHead.get(head) ?? []),
  ];
  const same = direct.flatMap(({ predicate }) => index.byChange.get(toChangeKey(predicate.change)) ?? []);
  const revoking = [...direct, ...same].flatMap(({ envelope }) => index.byRevoked.get(envelope) ?? []);
  return [...new Set([...direct, ...same, ...revoking])];
}

function groupBy<T>(
  items: readonly T[],
  keysOf: (item: T) => readonly string[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  return groups;
}
