// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "@countersign/core/ids";
import type { ParentedChange } from "@countersign/git";
import { removedLines } from "../derive/find-near.ts";
import type { TargetCommit } from "../derive/read-targets.ts";

/** A commit's changed paths, and of those that are text what changed in them. */
export interface ChangedTexts {
  readonly changes: readonly ParentedChange[];
  readonly target: TargetCommit;
}

/**
 * Whether a commit brings nothing but what other commits brought: every line that it adds to a path or takes away from it one of
 * them added or took away there, as often; where there are no lines, the very same content and mode. A conflict that somebody settled
 * with a line of their own is more than that, and so is a line that went missing on the way.
 */
export function holdsOnly(commit: ChangedTexts, others: readonly ChangedTexts[]): boolean {
  const [own, theirs] = [toTexts(commit), others.map(toTexts)];
  return commit.changes.every((change) => {
    const { path, mode, id, parents } = change;
    const same = others.map(({ changes }) => changes.find((one) => one.path === path));
    if (parents.length !== 1 || !same.some((one) => one?.mode === mode)) return false;
    const text = own.get(path);
    if (text === undefined) return same.some((one) => one?.id === id && one.mode === mode);
    const known = theirs.flatMap((texts) => texts.get(path) ?? []);
    const isWithin = (pick: (text: LineChange) => readonly string[]) =>
      isSubset(pick(text), known.flatMap(pick));
    return isWithin(({ added }) => added) && isWithin(({ removed }) => removed);
  });
}

interface LineChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

function toTexts({ target }: ChangedTexts): ReadonlyMap<RepoPath, LineChange> {
  const kept = target.files.map((file): [RepoPath, LineChange] => [
    file.path,
    { added: file.lines.filter((_, i) => file.isAdded[i] === 1), removed: removedLines(file) },
  ]);
  const gone = target.removed.map(({ path, lines }): [RepoPath, LineChange] => [
    path,
    { added: [], removed: lines },
  ]);
  return new Map([...kept, ...gone]);
}

/** Each as often as the other list has it. */
function isSubset(few: readonly string[], many: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const line of many) counts.set(line, (counts.get(line) ?? 0) + 1);
  return few.every((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left > 0;
  });
}
