// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, splitLines, UNKNOWN } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type ParentedChange, type Repository, readObjects } from "@countersign/git";
import { hasAi, withReplaced } from "../capture/fold-state.ts";
import { MAX_FILE_BYTES } from "../capture/snapshot-store.ts";
import { type PathState, textsOf, type WorkingState } from "../capture/working-state.ts";
import { isBlobOf } from "./find-staged-as-is.ts";

/** By path, the text that the latest commit replaced which replaced one that nobody knew. */
export type ReplacedTexts = ReadonlyMap<RepoPath, AttributedText>;

/** The same states, which know these texts too. */
export function addReplaced(paths: WorkingState["paths"], replaced: ReplacedTexts): WorkingState["paths"] {
  return new Map([...paths].map(([path, state]) => [path, withReplaced(state, replaced.get(path))]));
}

/**
 * Texts that commits replaced in files with an AI's past and that no event had shown: a person may have changed the file before an
 * agent came to it. Once a revert brings such a line back, only this text tells that it is no changed form of the agent's. One process,
 * and none where all is known. `changes`: of the commits, oldest first.
 */
export async function readReplaced(
  repo: Repository,
  { paths }: WorkingState,
  changes: readonly ParentedChange[],
): Promise<ReplacedTexts> {
  const wanted = changes.toReversed().flatMap(({ path, parents }) => {
    const known = paths.get(path);
    if (known === undefined || !textsOf(known).some(hasAi)) return [];
    const sides = parents.filter(({ id, mode }) => mode.startsWith("100") && !isKnown(repo, known, id));
    return sides.map(({ id }) => ({ path, id }));
  });
  const replaced = new Map<RepoPath, AttributedText>();
  if (wanted.length === 0) return replaced;
  const texts = new Map<ObjectId, AttributedText>();
  const ids = [...new Set(wanted.map(({ id }) => id))];
  for await (const object of readObjects(repo, ids, { maxBytes: MAX_FILE_BYTES }))
    if (object.status === "read") texts.set(object.id, toUnknownText(object.bytes));
  for (const { path, id } of wanted) {
    const text = texts.get(id);
    if (text !== undefined && !replaced.has(path)) replaced.set(path, text);
  }
  return replaced;
}

function isKnown({ objectFormat }: Repository, known: PathState, blob: ObjectId): boolean {
  return textsOf(known).some(({ lines }) => isBlobOf(objectFormat, blob, lines.join("")));
}

function toUnknownText(bytes: Uint8Array): AttributedText {
  const lines = splitLines(Buffer.from(bytes).toString("latin1"));
  return { lines, origins: lines.map(() => UNKNOWN) };
}
