// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { ChangedFile, CommitFacts } from "../change.ts";
import type { AiLinesView, ClassLinesView } from "./policy-facts.ts";

/** Added lines and what is known of them. */
export interface LineCount {
  readonly added: number;
  readonly ai: number;
  /** Written by somebody who is known, AI or human. */
  readonly known: number;
}

const NO_LINES: LineCount = { added: 0, ai: 0, known: 0 };

/** Claims that name no tool are about any tool's lines. */
const NAMELESS = new Set(["unspecified", "ai"]);

/**
 * Lines of each file that a commit added, null where nobody counted. Where the commit names an AI that no line is ascribed to, every
 * line that nobody is known to have written may be that AI's, and counts as its, those too that are only guessed to be a person's: a share
 * must not look small because a recorder was absent, nor because somebody wrote a note.
 */
export function countLines(
  commit: CommitFacts,
  isAssisted: boolean,
): ReadonlyMap<RepoPath, LineCount> | null {
  if (commit.lines === undefined) return null;
  const { files, tools, isSeenWhole } = commit.lines;
  const isOpen = isAssisted && hasUnascribed(commit.assistance, tools);
  return new Map(
    files.map(({ path, added, ai, human, guessed = 0 }) => {
      const unknown = Math.max(0, added - ai - (human - guessed));
      return [
        path,
        { added, ai: isOpen ? ai + unknown : ai, known: isSeenWhole ? added : Math.min(added, ai + human) },
      ];
    }),
  );
}

/** Whether a commit names an AI to whom none of its lines is ascribed; `tools` are those to whom some are. */
export function hasUnascribed(assistance: CommitFacts["assistance"], tools: readonly string[]): boolean {
  const claims = assistance.filter((claim) => claim.evidence !== "none");
  const isExplained = ({ tool }: (typeof claims)[number]) =>
    tools.includes(tool) || (NAMELESS.has(tool) && tools.length > 0);
  return claims.length === 0 || !claims.every(isExplained);
}

/** A line that one commit adds and the next one takes away was added all the same. */
export function sumLines(counts: Iterable<LineCount>): LineCount {
  let { added, ai, known } = NO_LINES;
  for (const count of counts) {
    added += count.added;
    ai += count.ai;
    known += count.known;
  }
  return { added, ai, known };
}

/** Per cent rounded up, so that one AI line in a million is not nothing. */
export function toAiLines(count: LineCount | null): AiLinesView {
  if (count === null) return { lines: null, share: null };
  return { lines: count.ai, share: count.added === 0 ? 0 : Math.ceil((100 * count.ai) / count.added) };
}

/** Per cent rounded down, so that one unknown line keeps it from being all. */
export function toCoverage(count: LineCount | null): number | null {
  if (count === null) return null;
  return count.added === 0 ? 100 : Math.floor((100 * count.known) / count.added);
}

/** AI lines of each class; a file of two classes counts in both. */
export function toClassLines(
  files: readonly Pick<ChangedFile, "path" | "classes">[],
  byPath: ReadonlyMap<RepoPath, LineCount>,
): readonly ClassLinesView[] {
  const names = [...new Set(files.flatMap((file) => file.classes))].sort();
  return names.map((name) => {
    const own = files.filter((file) => file.classes.includes(name));
    return { name, ...toAiLines(sumLines(own.map((file) => byPath.get(file.path) ?? NO_LINES))) };
  });
}
