// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AssistanceRecord } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { type Emission, formatAssistanceTrailer, toModelName } from "@countersign/core/trailers";
import { commitTree, openRepository, readSetting, resolveCommit, writeIndexTree } from "@countersign/git";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import { appendEntry } from "../capture/journal.ts";
import { recorderFolder } from "../capture/recorder-folder.ts";
import { observeNow } from "./observe.ts";
import { makeRecords } from "./record-commits.ts";

export interface CommitToCome {
  /** The commit replaces HEAD. */
  readonly isAmend: boolean;
  /** Git's index for this commit; undefined: the repository's. */
  readonly indexFile: string | undefined;
  readonly at: number;
}

/** The trailers of what is staged, in the policy's convention; empty where nothing of an AI is. */
export async function planTrailers(place: WorkTreePlace, coming: CommitToCome): Promise<readonly string[]> {
  const repository = await openRepository(place.workTree);
  if (/^(false|no|off|0)$/i.test((await readSetting(repository, "countersign.trailer")) ?? "")) return [];
  const tree = await writeIndexTree(repository, coming.indexFile);
  const parents = await findParents(place, coming.isAmend, (name) => resolveCommit(repository, name));
  // A commit that no ref names, so that what is to come is judged by the very code that judges what came.
  const commit = await commitTree(repository, tree, parents);
  const { state, observed } = await observeNow(repository, place, { commit, at: coming.at });
  // Kept, since HEAD has not moved yet: afterwards nobody can tell typing from what another HEAD brought.
  if (observed.files.length > 0) appendEntry(recorderFolder(place.gitDir), observed);
  const [record] = await makeRecords({ repository, place, commits: [commit], state });
  return record === undefined ? [] : formatTrailers(record, readEmission(place));
}

async function findParents(
  place: WorkTreePlace,
  isAmend: boolean,
  resolve: (revision: string) => Promise<ObjectId | undefined>,
): Promise<readonly ObjectId[]> {
  if (isAmend) {
    const parents: ObjectId[] = [];
    for (let number = 1; number <= 16; number++) {
      const parent = await resolve(`HEAD^${number}`).catch(() => undefined);
      if (parent === undefined) break;
      parents.push(parent);
    }
    return parents;
  }
  const head = await resolve("HEAD");
  const mergeHead = join(place.gitDir, "MERGE_HEAD");
  const merged = existsSync(mergeHead)
    ? readFileSync(mergeHead, "latin1")
        .split("\n")
        .filter((line) => line !== "")
    : [];
  return [...(head === undefined ? [] : [head]), ...merged];
}

/** One trailer for each tool and model; `edited` only where nothing of it is left as it was generated. */
export function formatTrailers(record: AssistanceRecord, emission: Emission): readonly string[] {
  const ranges = record.files.flatMap((file) => file.ranges);
  const trailers = record.agents.map(({ tool, model }, index) => {
    const own = ranges.filter(({ agent }) => agent === index);
    const isEdited = own.length > 0 && own.every(({ extent }) => extent === "edited");
    const name = model === null ? null : toModelName(model);
    return formatAssistanceTrailer({ tool, model: name, extent: isEdited ? "edited" : null }, emission);
  });
  return [...new Set(trailers.filter((trailer) => trailer !== null))];
}

const EMISSIONS: readonly Emission[] = [
  "ai-assisted",
  "assisted-by",
  "generated-by",
  "co-authored-by",
  "none",
];

/** The one line of the policy that a commit needs; the policy itself is validated where it is applied. */
function readEmission(place: WorkTreePlace): Emission {
  try {
    const text = readFileSync(join(place.workTree, ".countersign", "policy.yml"), "utf8");
    const [, word] = /^emission:\s*["']?([a-z-]+)/m.exec(text) ?? [];
    return EMISSIONS.find((emission) => emission === word) ?? "ai-assisted";
  } catch {
    return "ai-assisted";
  }
}
