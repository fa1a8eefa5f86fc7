// SPDX-License-Identifier: Apache-2.0
import type { ShippedChange } from "../report/shipped-change.ts";
import type { AuditBundle } from "./audit-bundle.ts";
import type { Unproved } from "./check-history.ts";
import { type SignOffContext, toReview } from "./check-sign-off.ts";

/** Sign-offs that count, and verdicts, of which a part is the word of whoever made the report. */
export function listUnproved({ report }: AuditBundle, context: SignOffContext): readonly Unproved[] {
  let [unseen, merged, strange] = [0, 0, 0];
  for (const change of report.changes) {
    const landing = context.history.commitsOf(change)?.[0];
    for (const { envelope, counted, decision, cover } of change.signOffs) {
      if (!counted || (decision !== "approve" && decision !== "override")) continue;
      const review = toReview(context.evidence.statements.get(envelope));
      if (review === undefined) unseen++;
      else if (cover !== "exact" && !landing?.parents.includes(review.predicate.change.head)) merged++;
    }
  }
  for (const change of report.changes) strange += countStrange(change, context);
  const found: Unproved[] = [];
  if (unseen > 0)
    found.push({
      part: "report.signOffs",
      message: `what ${unseen} of the counted sign-offs say, and whose they are: their statements are left out`,
    });
  if (merged > 0)
    found.push({
      part: "report.signOffs",
      message: `that Git makes what landed from what ${merged} of the counted sign-offs approved: this needs the repository`,
    });
  if (strange > 0)
    found.push({
      part: "report.verdicts",
      message: `that ${strange} of the signed verdicts are about a version of the change that they stand beside: this needs the repository`,
    });
  return found;
}

/** Verdicts about a commit that is neither of the change nor what somebody signed of it: earlier versions of it, if the report is right. */
function countStrange(change: ShippedChange, { history, evidence }: SignOffContext): number {
  const own = history.commitsOf(change);
  if (own === undefined) return 0;
  const heads = new Set(own.map(({ id }) => id));
  for (const { envelope } of change.signOffs) {
    const signed = toReview(evidence.statements.get(envelope))?.predicate.change.head;
    if (signed !== undefined) heads.add(signed);
  }
  return change.verdicts.filter(({ envelope }) => {
    const stated = evidence.statements.get(envelope);
    return (
      stated?.by === "machine" && stated.said.kind === "verdict" && !heads.has(stated.said.predicate.head)
    );
  }).length;
}
