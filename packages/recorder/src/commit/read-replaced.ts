// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, splitLines, UNKNOWN } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type ParentedChange, type Repository, readObjects } from "@countersign/git";
import { hasAi, withReplaced } from "../capture/fold-state.ts";
import { MAX_FILE_BYTES } from "../capture/snapshot-store.ts";
import type { PathState, WorkingState } from "../capture/working-state.ts";
import { isBlobOf } from "./find-staged-as-is.ts";

/** Latest first. */
export type ReplacedTexts = ReadonlyMap<RepoPath, readonly AttributedText[]>;

/** The same states, which know these texts too. */
export function addReplaced(paths: WorkingState["paths"], replaced: ReplacedTexts): WorkingState["paths"] {
  const known = [...paths].map(([path, state]): [string, PathState] => {
    const texts = replaced.get(path);
    return [path, texts === undefined ? state : { ...state, earlier: withReplaced(state.earlier, texts) }];
  });
  return new Map(known);
}

/**
 * Texts that commits replaced in files with an AI's past and that no event had shown: a person may have changed the file before an
 * agent came to it. Once a revert brings such a line back, only this text tells that it is no changed form of the agent's. One process,
 * and none where all is known; of several commits the latest replaced text comes first.
 */
export async function readReplaced(
  repo: Repository,
  { paths }: WorkingState,
  changes: readonly ParentedChange[],
): Promise<ReplacedTexts> {
  const wanted = new Map<ObjectId, RepoPath[]>();
  for (const { path, parents } of changes.toReversed()) {
    const known = paths.get(path);
    if (known === undefined || !textsOf(known).some(hasAi)) continue;
    for (const { id, mode } of parents)
      if (mode.startsWith("100") && !isKnown(repo, known, id))
        wanted.set(id, [...(wanted.get(id) ?? []), path]);
  }
  const replaced = new Map<RepoPath, readonly AttributedText[]>();
  if (wanted.size === 0) return replaced;
  const texts = new Map<ObjectId, AttributedText>();
  for await (const object of readObjects(repo, [...wanted.keys()], { maxBytes: MAX_FILE_BYTES }))
    if (object.status === "read") texts.set(object.id, toUnknownText(object.bytes));
  for (const [id, found] of wanted) {
    const text = texts.get(id);
    if (text === undefined) continue;
    for (const path of found) replaced.set(path, [...(replaced.get(path) ?? []), text]);
  }
  return replaced;
}

function textsOf({ present, earlier }: PathState): readonly AttributedText[] {
  return [present, ...earlier];
}

function isKnown({ objectFormat }: Repository, known: PathState, blob: ObjectId): boolean {
  return textsOf(known).some(({ lines }) => isBlobOf(objectFormat, blob, lines.join("")));
}

function toUnknownText(bytes: Uint8Array): AttributedText {
  const lines = splitLines(Buffer.from(bytes).toString("latin1"));
  return { lines, origins: lines.map(() => UNKNOWN) };
}
