// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName } from "@countersign/core/ids";
import type { Landing } from "@countersign/core/policy";
import type { CommitLink } from "@countersign/git";
import type { PushRecord } from "../push-record.ts";
import type { ReviewIndex } from "./index-reviews.ts";
import type { LandedLine } from "./landed-line.ts";

/** Last link of each stretch that landed in one piece, by its first one; single commits are left out. */
export type Spans = ReadonlyMap<ObjectId, ObjectId>;

/**
 * What a server recorded as one push is one change, as the gate judged it; and so is what somebody signed as one: a
 * fast-forward of three commits leaves three links on the line. Longest first where both say something.
 */
export function findSpans(
  line: LandedLine,
  target: RefName,
  index: ReviewIndex,
  pushes: readonly PushRecord[],
): Spans {
  const ends = new Map<ObjectId, number>();
  const add = (base: ObjectId, end: number | undefined): void => {
    if (end !== undefined && end > (ends.get(base) ?? -1)) ends.set(base, end);
  };
  for (const { ref, old, new: head } of pushes) if (ref === target) add(old, line.placeOf(head));
  for (const { predicate } of index.all)
    if (predicate.decision === "approve" && predicate.change.target === target)
      add(predicate.change.mergeBase, line.placeOf(predicate.change.head));
  return new Map(
    [...ends].flatMap(([base, end]) => {
      const at = placeAfter(line, base);
      const [first, last] = [line.at(at), line.at(end)];
      return end > at && first !== undefined && last !== undefined && first.parents[0] === base
        ? [[first.id, last.id] as const]
        : [];
    }),
  );
}

/** Where the link stands whose first parent this is, if there is one: the line goes on from each of its links, and begins on its base. */
function placeAfter(line: LandedLine, base: ObjectId): number {
  return (line.placeOf(base) ?? -1) + 1;
}

/** Splits what no signed head explains: into what landed in one piece where that is known, else commit by commit. */
export function splitOpen(
  landings: readonly Landing[],
  line: readonly CommitLink[],
  spans: Spans,
): readonly Landing[] {
  const places = new Map(line.map((link, at) => [link.id, at]));
  return landings.flatMap((landing) => {
    if (landing.signedHead !== null) return [landing];
    const end = places.get(landing.head.id) ?? 0;
    const split: Landing[] = [];
    let base = landing.base;
    for (let at = (places.get(landing.base.id) ?? -1) + 1; at <= end; at++) {
      const wished = places.get(spans.get(line[at]?.id ?? "") ?? "") ?? at;
      const last = wished <= end ? wished : at;
      const head = line[last];
      if (head === undefined) break;
      split.push({ base, head, signedHead: null });
      base = head;
      at = last;
    }
    return split;
  });
}
