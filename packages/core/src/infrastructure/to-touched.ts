// SPDX-License-Identifier: Apache-2.0
import { diffLines, type LineHunk } from "../attribution/index.ts";
import { toCanonicalForm } from "./canonical-form.ts";
import { categorize } from "./categorize.ts";
import type { ConfigurationFile } from "./configuration-file.ts";
import { isSameValue, type LineRange } from "./configuration-value.ts";
import { type ChangeView, toChangeView } from "./dangers/change-view.ts";
import { findDangers } from "./dangers/find-dangers.ts";
import { isReplaced } from "./dangers/find-replacement-dangers.ts";
import { toBranches } from "./dangers/to-branches.ts";
import { findLostKeys, isMadeNowhere } from "./is-made-nowhere.ts";
import type { Danger, DeclaredResource, ResourcePair, TouchedResource } from "./resource.ts";
import { toLineRanges } from "./to-line-ranges.ts";

export interface PlacedResource {
  readonly resource: DeclaredResource;
  readonly file: ConfigurationFile;
}

export interface PlacedPair {
  readonly before: PlacedResource | null;
  readonly after: PlacedResource | null;
}

/** `hunks` are those between both sides of the file that the pair stands in. */
export function toTouched(placed: PlacedPair, hunks: () => readonly LineHunk[]): TouchedResource {
  const { before, after } = placed;
  const side = (after ?? before) as PlacedResource;
  const isElsewhere = before !== null && after !== null && before.file.path !== after.file.path;
  const pair: ResourcePair = { before: before?.resource ?? null, after: after?.resource ?? null };
  const view = toChangeView(
    { before: toCanonicalForm(pair.before), after: toCanonicalForm(pair.after) },
    categorize(side.resource),
  );
  const action = toAction(pair, isElsewhere, isReplaced(view));
  return {
    path: side.file.path,
    oldPath: isElsewhere ? before.file.path : null,
    kind: side.resource.kind,
    type: side.resource.type,
    name: side.resource.name,
    category: view.category,
    action,
    attributes: toAttributeNames(pair),
    ...toChangedLines(placed, action, hunks),
    dangers:
      isElsewhere && before.file.isApplied && !after.file.isApplied
        ? findLoss(pair, after)
        : [...findDangers(toMade(view)), ...findLostInstances(view), ...findBranchDangers(view)],
  };
}

/** What makes it dangerous that a resource of one file, which goes on being applied, becomes another. */
export function findDangersBetween({ before, after }: PlacedPair): readonly Danger[] {
  const [old, now] = [before, after].map((side) => toCanonicalForm(side?.resource ?? null));
  const side = after ?? before;
  if (side === null) return [];
  return findDangers(
    toMade(toChangeView({ before: old ?? null, after: now ?? null }, categorize(side.resource))),
  );
}

/** Of several instances those that are gone are as dangerous as a resource that is; what else says so is not said twice. */
function findLostInstances(view: ChangeView): readonly Danger[] {
  const { before, after } = view.pair;
  const keys = before === null || after === null ? [] : findLostKeys(before, after);
  if (keys.length === 0) return [];
  const known = new Set(findDangers(view).map(({ code }) => code));
  const lost = findDangers(toChangeView({ before, after: null }, view.category));
  return lost
    .filter(({ code }) => !known.has(code))
    .map(({ code, reason }) => ({ code, reason: `${reason} (${keys.slice(0, 3).join(", ")})` }));
}

/** What a change does under one condition, where the text of both sides does not tell it already. */
function findBranchDangers(view: ChangeView): readonly Danger[] {
  const { before, after } = view.pair;
  const isMade = before !== null && after !== null && !isMadeNowhere(before) && !isMadeNowhere(after);
  const branches = isMade ? toBranches(view.pair) : [];
  if (branches.length === 0) return [];
  const known = new Set(findDangers(view).map(({ code }) => code));
  const found = new Map<Danger["code"], Danger>();
  for (const branch of branches)
    for (const danger of findDangers(toMade(toChangeView(branch, view.category))))
      if (!known.has(danger.code)) found.set(danger.code, danger);
  return [...found.values()];
}

/** What is made no time any more is gone, and what was made no time before is new, whatever stands there. */
function toMade(view: ChangeView): ChangeView {
  const { before, after } = view.pair;
  if (before === null || after === null) return view;
  const [was, is] = [before, after].map((side) => !isMadeNowhere(side));
  return was === is
    ? view
    : toChangeView({ before: was ? before : null, after: is ? after : null }, view.category);
}

/** Where nothing reads the file any more, the dangers are those of taking the resource away. */
function findLoss({ before }: ResourcePair, { file, resource }: PlacedResource): readonly Danger[] {
  const lost = findDangers(toChangeView({ before, after: null }, categorize(resource)));
  const where = `nothing that applies ${resource.kind} reads ${JSON.stringify(file.path)}`;
  return lost.map(({ code, reason }) => ({ code, reason: `${reason} (${where})` }));
}

function toAction(
  { before, after }: ResourcePair,
  isElsewhere: boolean,
  isMadeAnew: boolean,
): TouchedResource["action"] {
  if (before === null) return "create";
  if (after === null) return "delete";
  if (!isSameValue(before.body, after.body)) return isMadeAnew ? "replace" : "update";
  return isElsewhere || before.name !== after.name ? "rename" : "update";
}

/** Top-level attributes and blocks that differ. */
function toAttributeNames({ before, after }: ResourcePair): readonly string[] {
  const [old, now] = [before?.body.fields ?? [], after?.body.fields ?? []];
  const names = [...new Set([...old, ...now].map(({ name }) => name))].sort();
  return names.filter((name) => {
    const [a = [], b = []] = [old, now].map((fields) => fields.filter((field) => field.name === name));
    return (
      a.length !== b.length ||
      a.some(({ value }, i) => {
        const other = b[i]?.value;
        return other === undefined || !isSameValue(value, other);
      })
    );
  });
}

type ChangedLines = Pick<TouchedResource, "lines" | "addedLines" | "removedLines">;

/** Lines of hunks that lie in the resource: new ones by number; taken out ones, which have none any more, by count and place. */
function toChangedLines(
  { before, after }: PlacedPair,
  action: TouchedResource["action"],
  fileHunks: () => readonly LineHunk[],
): ChangedLines {
  if (after === null) {
    const [first, last] = before?.resource.lines ?? [1, 1];
    return { lines: [[first, last]], addedLines: [], removedLines: last - first + 1 };
  }
  const [first, last] = after.resource.lines;
  // Under another name every line is new to whoever reads the file.
  if (before === null || action === "rename") return toWhole([first, last]);
  if (before.file.path === after.file.path) return inside(fileHunks(), before.resource.lines, [first, last]);
  const [oldFirst, oldLast] = before.resource.lines;
  const hunks = diffLines(
    before.file.lines.slice(oldFirst - 1, oldLast),
    after.file.lines.slice(first - 1, last),
  );
  const shifted = hunks.map(({ aStart, aEnd, bStart, bEnd }) => ({
    aStart: aStart + oldFirst - 1,
    aEnd: aEnd + oldFirst - 1,
    bStart: bStart + first - 1,
    bEnd: bEnd + first - 1,
  }));
  return inside(shifted, before.resource.lines, [first, last]);
}

function toWhole([first, last]: LineRange): ChangedLines {
  const addedLines = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return { lines: [[first, last]], addedLines, removedLines: 0 };
}

function inside(
  hunks: readonly LineHunk[],
  [oldFirst, oldLast]: LineRange,
  [first, last]: LineRange,
): ChangedLines {
  const added: number[] = [];
  const places: number[] = [];
  let removed = 0;
  for (const { aStart, aEnd, bStart, bEnd } of hunks) {
    const had = added.length;
    for (let line = Math.max(first, bStart + 1); line <= Math.min(last, bEnd); line++) added.push(line);
    // A line that goes may make its neighbours be aligned anew: it is gone all the same.
    const taken = Math.min(oldLast, aEnd) - Math.max(oldFirst, aStart + 1) + 1 - (added.length - had);
    if (taken <= 0) continue;
    removed += taken;
    if (bEnd > bStart) continue;
    places.push(Math.min(last, Math.max(first, bStart + 1)));
  }
  return { lines: toLineRanges([...added, ...places]), addedLines: added, removedLines: removed };
}
