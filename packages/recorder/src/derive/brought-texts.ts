// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { Repository } from "@countersign/git";
import type { CandidateFile } from "./candidate-file.ts";
import type { StrangerFile } from "./candidate-index.ts";
import type { DerivationDraft } from "./derivation-draft.ts";
import { toFileKey } from "./file-key.ts";
import { readTexts } from "./read-texts.ts";
import type { FoundCommit } from "./to-derived-record.ts";

/** By commit and path, texts from which lines came that looked typed: what else came from there was changed, maybe. */
export type BroughtTexts = ReadonlyMap<string, readonly StrangerFile[]>;

/** Texts that are compared with one file. */
const MOST_TEXTS = 3;

/** One process; none where every line that looked typed may have been. */
export async function readBroughtTexts(
  repo: Repository,
  found: ReadonlyMap<ObjectId, FoundCommit>,
): Promise<BroughtTexts> {
  const lenders = new Map<string, readonly CandidateFile[]>();
  for (const [id, { files }] of found) {
    for (const draft of files) {
      const own = findBringers(draft).slice(0, MOST_TEXTS);
      if (own.length > 0) lenders.set(toFileKey(id, draft.target.path), own);
    }
  }
  const blobs = [...lenders.values()].flat().map(({ blob }) => blob);
  const texts = blobs.length === 0 ? new Map<ObjectId, readonly string[]>() : await readTexts(repo, blobs);
  return new Map(
    [...lenders].map(([key, files]) => [
      key,
      files.flatMap((file) => {
        const lines = texts.get(file.blob);
        return lines === undefined ? [] : [{ file, lines }];
      }),
    ]),
  );
}

/** Files that lent lines which looked typed. */
export function findBringers({ byHand, lentBy }: DerivationDraft): readonly CandidateFile[] {
  return [...new Set([...byHand].flatMap((index) => lentBy[index] ?? []))];
}
