// SPDX-License-Identifier: Apache-2.0
import { diffLines, type LineHunk } from "../attribution/index.ts";
import type { ConfigurationFile } from "./configuration-file.ts";
import { isSameValue } from "./configuration-value.ts";
import {
  findAddressesForgotten,
  findAddressesMoved,
  findAddressesSplit,
  findAliases,
} from "./find-addresses-moved.ts";
import { findDefaultedDangers } from "./find-defaulted-dangers.ts";
import type { Danger, TouchedResource } from "./resource.ts";
import { type PlacedPair, type PlacedResource, toTouched } from "./to-touched.ts";

/** Both sides of one path; a side that is not there is null. */
export interface ConfigurationChange {
  readonly before: ConfigurationFile | null;
  readonly after: ConfigurationFile | null;
}

/**
 * Resources that a change touches, by file in the order given, then in the order of the new file, deleted ones last. One that goes from
 * one file to another is one resource (T40). Layout and comments touch nothing.
 */
export function findTouched(changes: readonly ConfigurationChange[]): readonly TouchedResource[] {
  const paired = changes.map(pairInFile);
  const arrived = joinMoved(paired.flatMap(({ pairs }) => pairs));
  const forgotten = findAddressesForgotten(
    changes.flatMap(({ after }) => after?.resources.filter(({ type }) => type === "removed") ?? []),
  );
  const kept = new Set(changes.flatMap(({ after }) => (after === null ? [] : [after.path])));
  const lost = new Set(
    forgotten.size === 0
      ? []
      : paired.flatMap(({ pairs }) =>
          pairs.flatMap((pair) =>
            pair.after === null && pair.before !== null ? [addressOfPlaced(pair.before)] : [],
          ),
        ),
  );
  const defaulted = findDefaultedDangers(paired.flatMap(({ pairs }) => pairs));
  return paired.flatMap(({ pairs, hunks }) =>
    pairs
      .map((pair) => arrived.get(pair) ?? pair)
      .filter((pair) => pair !== GONE && isTouched(pair, kept) && !isToldElsewhere(pair, lost, forgotten))
      .map((pair) => withDangers(toTouched(pair, hunks), defaulted.get(pair) ?? []))
      .map((touched) => withoutLoss(touched, forgotten)),
  );
}

const addressOfPlaced = ({ resource: { type, name } }: PlacedResource) => `${type}.${name}`;

/** The block that tells what is forgotten is told with what it forgets. */
function isToldElsewhere(
  { before, after }: PlacedPair,
  lost: ReadonlySet<string>,
  forgotten: ReadonlySet<string>,
): boolean {
  const name = after?.resource.name ?? "";
  return before === null && after?.resource.type === "removed" && forgotten.has(name) && lost.has(name);
}

function withDangers(touched: TouchedResource, more: readonly Danger[]): TouchedResource {
  const known = new Set(touched.dangers.map(({ code }) => code));
  const fresh = more.filter(
    ({ code }, at) => !known.has(code) && more.findIndex((each) => each.code === code) === at,
  );
  return fresh.length === 0 ? touched : { ...touched, dangers: [...touched.dangers, ...fresh] };
}

/** What Terraform forgets goes on as it is. */
function withoutLoss(touched: TouchedResource, forgotten: ReadonlySet<string>): TouchedResource {
  const isForgotten = touched.action === "delete" && forgotten.has(`${touched.type}.${touched.name}`);
  return isForgotten ? { ...touched, dangers: [] } : touched;
}

/** Stands for a resource that another file has now. */
const GONE: PlacedPair = { before: null, after: null };

function isTouched({ before, after }: PlacedPair, kept: ReadonlySet<string>): boolean {
  if (before === null || after === null || !isSameModule(before, after, kept)) return true;
  const [old, now] = [before.resource, after.resource];
  return old.name !== now.name || old.type !== now.type || !isSameValue(old.body, now.body);
}

/**
 * All files of a folder are one module to Terraform, so in which of them a block stands is layout. A file that is gone is told all the same
 * (T40), and what an override file says is merged over the rest.
 */
function isSameModule(
  { file: old, resource }: PlacedResource,
  { file: now }: PlacedResource,
  kept: ReadonlySet<string>,
): boolean {
  if (old.path === now.path) return true;
  const isModule = resource.kind === "terraform" && old.isApplied && now.isApplied && kept.has(old.path);
  return isModule && folderOf(old.path) === folderOf(now.path) && !OVERRIDE.test(old.path + now.path);
}

const OVERRIDE = /override\.(?:tf|tofu)/;
const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);

interface PairedFile {
  readonly pairs: readonly PlacedPair[];
  /** Computed where a resource differs; most files of a large change are created whole. */
  readonly hunks: () => readonly LineHunk[];
}

function pairInFile({ before, after }: ConfigurationChange): PairedFile {
  const [old, now] = [placed(before), placed(after)];
  let hunks: readonly LineHunk[] | undefined;
  return {
    pairs: pairByName(old, now),
    hunks: () => {
      hunks ??= diffLines(before?.lines ?? [], after?.lines ?? []);
      return hunks;
    },
  };
}

function placed(file: ConfigurationFile | null): readonly PlacedResource[] {
  return file === null ? [] : file.resources.map((resource) => ({ resource, file }));
}

/** By kind, type and name; what stands several times under one name pairs in order. */
function pairByName(
  before: readonly PlacedResource[],
  after: readonly PlacedResource[],
): readonly PlacedPair[] {
  const old = new Map<string, PlacedResource[]>();
  for (const each of before) {
    const known = old.get(keyOf(each));
    if (known === undefined) old.set(keyOf(each), [each]);
    else known.push(each);
  }
  const moved = findAddressesMoved(after.map(({ resource }) => resource));
  const split = findAddressesSplit(after.map(({ resource }) => resource));
  const own = new Set(after.map(keyOf));
  const takeOld = (key: string) => old.get(key)?.shift() ?? null;
  // A block about a move is told with what it moves, where that is told.
  const absorbed = new Set<string>();
  const pairs = after.map((each) => {
    const { kind, type, name } = each.resource;
    const found = takeOld(keyOf(each));
    const aliases = findAliases(each.resource).map((alias) => `${type}\0${alias}`);
    const keys = [...(moved.get(`${type}.${name}`) ?? []), ...aliases].map((from) => `${kind}\0${from}`);
    // What several become one of, by `for_each`, is told once.
    const renamed = keys.filter((key) => !own.has(key)).flatMap((key) => takeOld(key) ?? []);
    const isSplit = split.has(`${type}.${name}`) && found !== null;
    const differs = isSplit && !isSameValue(found.resource.body, each.resource.body);
    if (renamed.length > 0 || differs) absorbed.add(`${type}.${name}`);
    return { before: found ?? renamed[0] ?? null, after: each };
  });
  // The block that tells of a move is told with what moved.
  const told = pairs.filter(
    ({ before: old, after: { resource } }) =>
      !(old === null && resource.type === "moved" && absorbed.has(resource.name)),
  );
  return joinTasks(told, [...old.values()].flat());
}

/** A task is what its name says; by which module it is done is how. */
function joinTasks(pairs: readonly PlacedPair[], gone: readonly PlacedResource[]): readonly PlacedPair[] {
  const byName = new Map<string, PlacedResource[]>();
  for (const each of gone) {
    const { kind, type, name } = each.resource;
    if (kind === "ansible" && name !== type) byName.set(name, [...(byName.get(name) ?? []), each]);
  }
  const taken = new Set<PlacedResource>();
  const joined = pairs.map((pair) => {
    if (pair.before !== null || pair.after?.resource.kind !== "ansible") return pair;
    const [only, second] = byName.get(pair.after.resource.name) ?? [];
    if (only === undefined || second !== undefined || taken.has(only)) return pair;
    taken.add(only);
    return { before: only, after: pair.after };
  });
  const left = gone.filter((each) => !taken.has(each));
  return [...joined, ...left.map((each) => ({ before: each, after: null }))];
}

function keyOf({ resource: { kind, type, name } }: PlacedResource): string {
  return `${kind}\0${type}\0${name}`;
}

/** What is gone from one file and new in another under the same name, each name once, is one resource in another place. */
function joinMoved(pairs: readonly PlacedPair[]): ReadonlyMap<PlacedPair, PlacedPair> {
  const gone = groupByKey(pairs.filter(({ after }) => after === null));
  const joined = new Map<PlacedPair, PlacedPair>();
  for (const [key, [created, second]] of groupByKey(pairs.filter(({ before }) => before === null))) {
    const [deleted, other] = gone.get(key) ?? [];
    if (created === undefined || deleted === undefined || second !== undefined || other !== undefined)
      continue;
    joined.set(created, { before: deleted.before, after: created.after });
    joined.set(deleted, GONE);
  }
  return joined;
}

function groupByKey(pairs: readonly PlacedPair[]): ReadonlyMap<string, readonly PlacedPair[]> {
  const groups = new Map<string, PlacedPair[]>();
  for (const pair of pairs) {
    const side = pair.after ?? pair.before;
    if (side === null) continue;
    const known = groups.get(keyOf(side));
    if (known === undefined) groups.set(keyOf(side), [pair]);
    else known.push(pair);
  }
  return groups;
}
