// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { filterCommits, type Repository, readObjects, readParentedChanges } from "@countersign/git";
import type { CandidateFile } from "./candidate-file.ts";
import { type DerivationDraft, giveBack } from "./derivation-draft.ts";
import { findLater, toPairKey } from "./find-later.ts";
import { printLine } from "./print-line.ts";
import { toTextLines } from "./target-file.ts";
import type { FoundCommit } from "./to-derived-record.ts";

/** Beyond it nobody reads a file line by line. */
const LARGEST_FILE = 4 * 1024 * 1024;

/** A line that another commit lent. */
interface Loan {
  readonly commit: ObjectId;
  readonly lender: CandidateFile;
  /** Fingerprint of a line that is only a changed form of one that the lender has; null where the lender has it as it stands. */
  readonly changed: string | null;
  readonly drop: () => void;
}

/** By commit, those that came after it and so lend nothing to it. */
export type Barred = ReadonlyMap<ObjectId, ReadonlySet<ObjectId>>;

/**
 * Takes back what cannot be. Whoever wrote a line again in a later commit did not write it in this one: an agent that moves a file does not
 * become the author of what stood in it for years. And a line that only resembles one of another commit may be what stood there
 * before that one changed it. One process where nothing is taken back. Returns the later ones: a line that they had lent may be an earlier one's.
 */
export async function dropImpossible(repo: Repository, found: Iterable<FoundCommit>): Promise<Barred> {
  const loans = [...found].flatMap(({ target, files }) =>
    files.flatMap((file) => listLoans(target.id, file)),
  );
  if (loans.length === 0) return new Map();
  const here = await filterCommits(repo, [...new Set(loans.map(({ lender }) => lender.commit))]);
  const checked = loans.filter(({ lender }) => here.has(lender.commit));
  const [before, later] = await Promise.all([
    readBefore(
      repo,
      checked.filter(({ changed }) => changed !== null),
    ),
    findLater(
      repo,
      checked.map(({ commit, lender }) => ({ commit, lender: lender.commit })),
    ),
  ]);
  const barred = new Map<ObjectId, Set<ObjectId>>();
  for (const { commit, lender, changed, drop } of checked) {
    const answer = later.get(toPairKey({ commit, lender: lender.commit })) ?? "earlier";
    if (answer === "later") {
      drop();
      barred.set(commit, (barred.get(commit) ?? new Set()).add(lender.commit));
    }
    // What is not known is no AI's where the line is not even the same.
    else if (changed !== null && (answer === "unasked" || before.get(keyOf(lender))?.has(changed) === true))
      drop();
  }
  return barred;
}

function listLoans(commit: ObjectId, draft: DerivationDraft): readonly Loan[] {
  const { target, origins, lentBy } = draft;
  return origins.flatMap((origin, index): readonly Loan[] => {
    const lender = lentBy[index];
    // What another file of the same commit lends came neither before nor after.
    if (origin.kind === "unknown" || lender === undefined || lender.commit === commit) return [];
    const print = printLine(target.lines[index] as string);
    const isChanged =
      origin.kind === "ai" &&
      origin.extent === "edited" &&
      !lender.ranges.some(({ fingerprints }) => fingerprints.includes(print));
    return [{ commit, lender, changed: isChanged ? print : null, drop: () => giveBack(draft, index) }];
  });
}

function keyOf({ commit, path }: { readonly commit: ObjectId; readonly path: RepoPath }): string {
  return `${commit} ${path}`;
}

/** Fingerprints of the lenders' files as their parents have them. Two processes. */
async function readBefore(
  repo: Repository,
  guesses: readonly Loan[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (guesses.length === 0) return new Map();
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
