// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  attributeLines,
  EMPTY_TEXT,
  type Origin,
  UNKNOWN,
} from "@countersign/core/attribution";
import type { WorkingState } from "../capture/working-state.ts";
import { toOrigin } from "../derive/candidate-file.ts";
import type { DerivedFile } from "../derive/derivation-draft.ts";
import type { TargetCommit } from "../derive/read-targets.ts";
import type { TargetFile } from "../derive/target-file.ts";

const MOST_LENDERS = 16;

/** Origins of the lines that a commit adds, as the work tree's recorder knows them. */
export function attributeTarget(target: TargetCommit, state: WorkingState): readonly DerivedFile[] {
  return target.files.map((file) => ({
    target: file,
    lenders: new Set(),
    origins: attributeFile(target, file, state),
  }));
}

function attributeFile(target: TargetCommit, file: TargetFile, state: WorkingState): readonly Origin[] {
  const known = state.paths.get(file.path);
  const sources = known === undefined ? lendersOf(target, state) : [known.present, ...known.earlier];
  const { origins } = attributeLines(file.lines, sources, UNKNOWN);
  return origins.map((origin, index) => (file.isAdded[index] === 1 ? origin : UNKNOWN));
}

/** A path without a state may be a file that was renamed since: what is gone from the work tree lends to it. */
function lendersOf(target: TargetCommit, state: WorkingState): readonly (typeof EMPTY_TEXT)[] {
  const committed = new Set(target.files.map(({ path }) => path));
  const others = [...state.paths].filter(([path]) => !committed.has(path));
  const texts = others.flatMap(([, { present, earlier }]) => [present, ...earlier]);
  return [
    EMPTY_TEXT,
    ...texts.filter(({ origins }) => origins.some(({ kind }) => kind === "ai")).slice(0, MOST_LENDERS),
  ];
}

export function hasUnknown({ target, origins }: DerivedFile): boolean {
  return origins.some(({ kind }, index) => kind === "unknown" && target.isAdded[index] === 1);
}

/** Fills what the recorder does not know with what other records lend. */
export function fillDerived(file: DerivedFile, record: AssistanceRecord | undefined): DerivedFile {
  const derived = record?.files.find(({ path }) => path === file.target.path);
  if (record === undefined || derived === undefined) return file;
  const origins = [...file.origins];
  let isFilled = false;
  for (const range of derived.ranges)
    for (let line = range.first; line <= range.last; line++) {
      if (origins[line - 1]?.kind !== "unknown" || file.target.isAdded[line - 1] !== 1) continue;
      origins[line - 1] = toOrigin(record, range);
      isFilled = true;
    }
  return { ...file, origins, lenders: isFilled ? new Set(record.derivedFrom) : file.lenders };
}
