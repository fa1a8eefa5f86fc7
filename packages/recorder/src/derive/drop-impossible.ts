// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import {
  filterCommits,
  isAncestor,
  type Repository,
  readObjects,
  readParentedChanges,
} from "@countersign/git";
import type { CandidateFile } from "./candidate-file.ts";
import { type DerivationDraft, giveBack } from "./derivation-draft.ts";
import { printLine } from "./print-line.ts";
import { toTextLines } from "./target-file.ts";
import type { FoundCommit } from "./to-derived-record.ts";

/** Beyond it nobody reads a file line by line. */
const LARGEST_FILE = 4 * 1024 * 1024;

/** A line that is only a changed form of one that the lender has. */
interface Guess {
  readonly commit: ObjectId;
  readonly lender: CandidateFile;
  readonly print: string;
  readonly drop: () => void;
}

/**
 * Takes back what cannot be: a line resembles an AI's line of another commit, but that commit came later and changed this very line,
 * or this commit put back what stood there before the AI's. Costs nothing where every line was found as it stands.
 */
export async function dropImpossible(repo: Repository, found: Iterable<FoundCommit>): Promise<void> {
  const guesses = [...found].flatMap(({ target, files }) =>
    files.flatMap((file) => findGuesses(target.id, file)),
  );
  if (guesses.length === 0) return;
  const here = await filterCommits(repo, [...new Set(guesses.map(({ lender }) => lender.commit))]);
  const checked = guesses.filter(({ lender }) => here.has(lender.commit));
  const before = await readBefore(repo, checked);
  const isLater = rememberAncestry(repo);
  for (const { commit, lender, print, drop } of checked)
    if (before.get(keyOf(lender))?.has(print) === true || (await isLater(commit, lender.commit))) drop();
}

function findGuesses(commit: ObjectId, draft: DerivationDraft): readonly Guess[] {
  const { target, origins, lentBy } = draft;
  return origins.flatMap((origin, index): readonly Guess[] => {
    const lender = lentBy[index];
    if (origin.kind !== "ai" || origin.extent !== "edited" || lender === undefined) return [];
    const print = printLine(target.lines[index] as string);
    if (lender.ranges.some(({ fingerprints }) => fingerprints.includes(print))) return [];
    return [{ commit, lender, print, drop: () => giveBack(draft, index) }];
  });
}

function keyOf({ commit, path }: { readonly commit: ObjectId; readonly path: RepoPath }): string {
  return `${commit} ${path}`;
}

/** Fingerprints of the lenders' files as their parents have them. Two processes. */
async function readBefore(
  repo: Repository,
  guesses: readonly Guess[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const wanted = new Set(guesses.map(({ lender }) => keyOf(lender)));
  const blobs = new Map<ObjectId, string[]>();
  const commits = [...new Set(guesses.map(({ lender }) => lender.commit))];
  for await (const { id, changes } of readParentedChanges(repo, commits)) {
    for (const { path, parents } of changes) {
      const key = keyOf({ commit: id, path });
      if (!wanted.has(key)) continue;
      for (const parent of parents)
        if (parent.mode.startsWith("100")) blobs.set(parent.id, [...(blobs.get(parent.id) ?? []), key]);
    }
  }
  const before = new Map<string, Set<string>>();
  for await (const object of readObjects(repo, [...blobs.keys()], { maxBytes: LARGEST_FILE })) {
    const lines = object.status === "read" ? (toTextLines(object.bytes) ?? []) : [];
    for (const key of blobs.get(object.id) ?? []) {
      const prints = before.get(key) ?? new Set();
      before.set(key, prints);
      for (const line of lines) prints.add(printLine(line));
    }
  }
  return before;
}

/** More questions than this are not asked, and the answer is that it came later: what is not known is no AI's. */
const MOST_QUESTIONS = 256;

function rememberAncestry(repo: Repository): (commit: ObjectId, lender: ObjectId) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return async (commit, lender) => {
    const key = `${commit} ${lender}`;
    const answer = known.get(key) ?? (known.size < MOST_QUESTIONS ? isAncestor(repo, commit, lender) : true);
    known.set(key, Promise.resolve(answer));
    return answer;
  };
}
