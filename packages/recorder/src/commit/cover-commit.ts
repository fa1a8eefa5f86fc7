// SPDX-License-Identifier: Apache-2.0
import type { Coverage, CoverageGap } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import type { Active } from "./active.ts";
import type { MadeCommit } from "./find-made-commits.ts";
import { type HeadMove, isOwnCommit } from "./read-head-log.ts";

export interface CoverQuestion {
  readonly made: MadeCommit;
  /** How far the recorder was there when the commits were made of which this one is only another form; else undefined. */
  readonly inherited: Coverage | undefined;
  /** The same of each commit whose content it took over, as an amended one's; undefined where nothing is known of that. */
  readonly amended: readonly (Coverage | undefined)[];
  /** Another commit that holds content of it and was not watched; null where that could not be compared. */
  readonly broughtFrom: ObjectId | null | undefined;
  readonly active: Active | undefined;
  /** What was lost since the last time that everything was committed. */
  readonly gaps: readonly CoverageGap[];
  /** Paths in which the commit differs from all its parents. */
  readonly changed: readonly RepoPath[];
  /** Paths that differed when the recorder came and were not committed since. */
  readonly unseen: ReadonlySet<RepoPath> | null;
}

/**
 * How far the recorder was there. Whole only if nothing of what the commit changes had begun when the recorder came, if it was
 * there when the commit was made and lost nothing that could be in it, and if the commit holds only what was made here.
 * Everything that is not sure is a gap.
 */
export function coverCommit(question: CoverQuestion): Coverage {
  const { made, inherited } = question;
  if (inherited !== undefined) return { ...inherited, to: made.move?.at ?? inherited.to };
  const gaps = [...findReasons(question), ...findLosses(question)];
  const from = question.active === undefined ? null : Math.max(made.before?.at ?? 0, question.active.at);
  const to = made.move?.at ?? null;
  return {
    isWhole: gaps.length === 0,
    from: from !== null && to !== null && from > to ? null : from,
    to,
    gaps,
  };
}

/** On a branch without a commit HEAD came to its parent, nothing, when the repository was made. */
function isFirstEver({ from }: HeadMove): boolean {
  return /^0+$/.test(from);
}

function findReasons(question: CoverQuestion): readonly CoverageGap[] {
  const { made, active, changed } = question;
  const { move, before } = made;
  if (active === undefined)
    return [gap("recorder-absent", "no recorder is set up here; run countersign init")];
  if (move === undefined || (!isFirstEver(move) && before?.to !== move.from))
    return [gap("span-unknown", "HEAD's log does not tell when this commit's parent was checked out")];
  const reasons: CoverageGap[] = [];
  if (!made.isSeen && changed.length > 0)
    reasons.push(
      gap("hook-missing", "the commit was made without the hook that says that the recorder is there"),
    );
  if (changed.length > 0 && (made.isBrought || !isOwnCommit(move)))
    reasons.push(
      gap(
        "content-brought",
        `its content came from elsewhere (${made.isBrought ? "a squash, merge or rebase" : move.action})`,
      ),
    );
  if (changed.length > 0 && question.amended.some((coverage) => coverage?.isWhole !== true))
    reasons.push(gap("content-brought", "it amends a commit over whose whole change no recorder was there"));
  else if (question.broughtFrom !== undefined)
    reasons.push(gap("content-brought", explainBrought(question.broughtFrom)));
  const unseen = changed.filter((path) => question.unseen === null || question.unseen.has(path));
  const [first] = unseen;
  if (first !== undefined)
    reasons.push(
      gap("changed-before", `${JSON.stringify(first)} had changes already when the recorder came`),
    );
  return reasons;
}

function explainBrought(from: ObjectId | null): string {
  if (from === null) return "it changes too many files to tell whether they came from elsewhere";
  return `content of it is that of ${from} as well, which it does not come from`;
}

/**
 * A loss concerns every commit until nothing uncommitted is left; see `compact`. Which of them came after it, no clock tells:
 * the time of a commit is what its committer says.
 */
function findLosses({ gaps, changed }: CoverQuestion): readonly CoverageGap[] {
  if (changed.length === 0) return [];
  const plain = gaps.map(({ code, message }) => gap(code, message));
  return [...new Map(plain.map((one) => [`${one.code} ${one.message}`, one])).values()];
}

function gap(code: string, message: string): CoverageGap {
  return { code, message };
}
