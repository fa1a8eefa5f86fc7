// SPDX-License-Identifier: Apache-2.0
import { diffLines } from "@countersign/core/attribution";
import type { RepoPath } from "@countersign/core/ids";
import {
  findTouched,
  type Impact,
  type TouchedResource,
  toImpact,
  toLineRanges,
  toUnparsed,
} from "@countersign/core/infrastructure";
import { gatherTested } from "./gather-tested.ts";
import { readLineWriters, type WritersRequest } from "./line-writers.ts";
import type { ImpactFile, ImpactRange } from "./read-impact-files.ts";

/**
 * What a change touches and how many of the lines an AI wrote; what is not understood is named with its reason. Without a range nobody
 * asks whether anything tests what is touched.
 */
export async function joinImpact(
  range: ImpactRange | null,
  read: readonly ImpactFile[],
  request: WritersRequest,
): Promise<Impact> {
  const files = read.filter((file) => file.before !== null || file.after !== null || hasProblem(file));
  const resources = findTouched(files);
  const unparsed = files.flatMap(({ change, oldProblem, newProblem }) =>
    toUnparsed(change.path, oldProblem, newProblem),
  );
  if (resources.length === 0 && unparsed.length === 0) return { resources: [], unparsed: [] };
  const added = new Map(files.filter(hasProblem).map((file) => [file.change.path, toAddedLines(file)]));
  const asked = toAskedLines(resources, added);
  const [writers, tested] = await Promise.all([
    readLineWriters(
      request,
      files.map(({ change }) => ({ change, lines: toLineRanges(asked.get(change.path) ?? []) })),
    ),
    range === null ? [] : gatherTested(range, resources),
  ]);
  const lineWriters = { ...writers, addedLines: (path: RepoPath) => added.get(path) ?? [] };
  return toImpact({ resources, unparsed }, lineWriters, tested);
}

function hasProblem({ oldProblem, newProblem }: ImpactFile): boolean {
  return oldProblem !== undefined || newProblem !== undefined;
}

function toAskedLines(
  resources: readonly TouchedResource[],
  added: ReadonlyMap<RepoPath, readonly number[]>,
): ReadonlyMap<RepoPath, readonly number[]> {
  const asked = new Map<RepoPath, number[]>([...added].map(([path, lines]) => [path, [...lines]]));
  for (const { path, addedLines } of resources) {
    const known = asked.get(path) ?? [];
    asked.set(path, known);
    for (const line of addedLines) known.push(line);
  }
  return asked;
}

function toAddedLines({ before, after }: ImpactFile): readonly number[] {
  const hunks = diffLines(before?.lines ?? [], after?.lines ?? []);
  return hunks.flatMap(({ bStart, bEnd }) => Array.from({ length: bEnd - bStart }, (_, i) => bStart + i + 1));
}
