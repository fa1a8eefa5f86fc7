// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, type ObjectId, type RepoPath, toText } from "@countersign/core/ids";
import {
  type ConfigurationChange,
  type ReadConfiguration,
  readConfiguration,
  recognizeName,
} from "@countersign/core/infrastructure";
import { isLfsPointer, isMediaName, resolveLink } from "@countersign/core/policy";
import {
  GITLINK,
  type RawChange,
  type ReadObject,
  type Repository,
  readObjects,
  resolvePaths,
  SYMLINK,
} from "@countersign/git";
import type { Surroundings } from "../read-surroundings.ts";

/** Both versions of what a change touches: a path's content is looked for in the tree that it stands in. */
export interface ImpactTrees {
  readonly oldTree: ObjectId;
  readonly newTree: ObjectId;
  readonly changes: readonly RawChange[];
}

export interface ImpactRange extends ImpactTrees {
  readonly repository: Repository;
  readonly surroundings: Surroundings;
  /** Tests are looked for in the new tree itself, since what lies around is that of many changes. */
  readonly isOneOfMany?: boolean;
}

export interface ImpactFile extends ConfigurationChange {
  readonly change: RawChange;
  /** Why a side is not understood, or not known here; one line each. */
  readonly oldProblem: string | undefined;
  readonly newProblem: string | undefined;
}

/** What is larger is not read, whatever it is; configuration that a person wrote is a thousandth of it. */
const LARGEST_READ = 4 * 1024 * 1024;

/** Reads every side of every change once, in two batches at most, and keeps of it what is infrastructure or may be. */
export async function readImpactFiles(range: ImpactRange): Promise<readonly ImpactFile[]> {
  const [files = []] = await readManyImpactFiles(range.repository, [range], range.surroundings);
  return files;
}

/** The same of several changes at once, in their order. */
export async function readManyImpactFiles(
  repository: Repository,
  ranges: readonly ImpactTrees[],
  surroundings: Surroundings,
): Promise<readonly (readonly ImpactFile[])[]> {
  const around = { repository, surroundings };
  const folders = findFolders(ranges, surroundings);
  const sides = ranges.flatMap((range, place) => listSides(range, place));
  const found = new Map<string, ReadConfiguration>();
  const links = await readSides(around, sides, (side, object) => {
    found.set(keyOf(side), toConfiguration(around, folders, side, object));
  });
  await readLinks(around, links, found);
  return ranges.map(({ changes }, place) =>
    changes.map((change, index) =>
      toFile(change, found.get(`${place} ${index} old`), found.get(`${place} ${index} new`)),
    ),
  );
}

type Around = Pick<ImpactRange, "repository" | "surroundings">;

interface Side {
  /** Which change it is of, and which file of that. */
  readonly place: number;
  readonly index: number;
  readonly version: "old" | "new";
  readonly tree: ObjectId;
  readonly path: RepoPath;
  readonly mode: string;
  readonly id: ObjectId;
}

function listSides({ oldTree, newTree, changes }: ImpactTrees, place: number): readonly Side[] {
  return changes.flatMap(({ path, oldMode, oldId, newMode, newId }, index): readonly Side[] => [
    { place, index, version: "old", tree: oldTree, path, mode: oldMode, id: oldId },
    { place, index, version: "new", tree: newTree, path, mode: newMode, id: newId },
  ]);
}

function keyOf({ place, index, version }: Side): string {
  return `${place} ${index} ${version}`;
}

/** Symbolic links with what they hold; everything else is handed on as it is read. */
async function readSides(
  { repository }: Around,
  sides: readonly Side[],
  take: (side: Side, object: ReadObject | undefined) => void,
): Promise<readonly { readonly side: Side; readonly target: string }[]> {
  const byId = new Map<ObjectId, Side[]>();
  for (const side of sides) {
    if (side.mode === GITLINK) take(side, undefined);
    else if (!isNullObjectId(side.id)) {
      const known = byId.get(side.id);
      if (known === undefined) byId.set(side.id, [side]);
      else known.push(side);
    }
  }
  const links: { side: Side; target: string }[] = [];
  for await (const object of readObjects(repository, [...byId.keys()], { maxBytes: LARGEST_READ })) {
    for (const side of byId.get(object.id) ?? []) {
      if (side.mode !== SYMLINK) take(side, object);
      else links.push({ side, target: object.status === "read" ? toText(object.bytes) : "" });
    }
  }
  return links;
}

const NOTHING: ReadConfiguration = { file: null, problem: undefined };

function toConfiguration(
  { surroundings }: Around,
  folders: ReadonlySet<string>,
  { path }: Side,
  object: ReadObject | undefined,
): ReadConfiguration {
  if (object === undefined) return doubt("a commit of another repository, whose content is not known here");
  // By whichever of its names a tool would apply it.
  const name =
    [path, ...surroundings.links.namesOf(path)].find((each) => recognizeName(each) !== null) ?? path;
  const what = recognizeName(name)?.what;
  if (object.status === "missing") return doubt("its content is not in this repository");
  if (object.status === "too-large")
    return isMediaName(path) ? NOTHING : doubt(`${object.size} bytes; at most ${LARGEST_READ} are read`);
  const text = toText(object.bytes);
  const isBeside = what !== undefined || folders.has(folderOf(path));
  if (isBeside && isLfsPointer(text)) return doubt("its content lies in Git LFS");
  const read = readConfiguration({ path: name, text }, path);
  const isBinary = object.bytes.subarray(0, 8000).includes(0) && read.file === null;
  return isBinary && isBeside && !isMediaName(path)
    ? doubt("a binary file beside infrastructure, which may hold anything")
    : read;
}

function doubt(problem: string): ReadConfiguration {
  return { file: null, problem };
}

/** Folders that hold infrastructure: what lies beside it may be part of it. */
function findFolders(ranges: readonly ImpactTrees[], surroundings: Surroundings): ReadonlySet<string> {
  const changed = ranges.flatMap(({ changes }) => changes.map((change) => change.path));
  const paths = [...surroundings.paths, ...changed];
  return new Set(paths.filter((path) => /\.(?:tf|tofu|tf\.json|tofu\.json)$/i.test(path)).map(folderOf));
}

function folderOf(path: RepoPath): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** A link is what it leads to (T42): that is read in the tree that the link stands in. */
async function readLinks(
  { repository, surroundings }: Around,
  links: readonly { readonly side: Side; readonly target: string }[],
  found: Map<string, ReadConfiguration>,
): Promise<void> {
  const placed = links.map(({ side, target }) => {
    const path = resolveLink(side.path, target);
    return { side, path: path === undefined ? undefined : surroundings.links.follow(path) };
  });
  const known = placed.filter((each): each is { side: Side; path: RepoPath } => each.path !== undefined);
  for (const { side, path } of placed)
    if (path === undefined) found.set(keyOf(side), doubt("a symbolic link that leads out of the repository"));
  const ids = await resolvePaths(
    repository,
    known.map(({ side, path }) => ({ tree: side.tree, path })),
  );
  const texts = await readTexts(
    repository,
    ids.filter((id) => id !== undefined),
  );
  known.forEach(({ side, path }, i) => {
    found.set(keyOf(side), toLinked(side.path, path, texts.get(ids[i] ?? "")));
  });
}

async function readTexts(
  repository: Repository,
  ids: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, string>> {
  const texts = new Map<ObjectId, string>();
  for await (const object of readObjects(repository, [...new Set(ids)], { maxBytes: LARGEST_READ }))
    if (object.status === "read") texts.set(object.id, toText(object.bytes));
  return texts;
}

function toLinked(link: RepoPath, target: RepoPath, text: string | undefined): ReadConfiguration {
  const where = `a symbolic link to ${target}`;
  if (text === undefined)
    return recognizeName(target) === null ? NOTHING : doubt(`${where}, which is not here`);
  const name = recognizeName(target) === null ? link : target;
  const { file, problem } = readConfiguration({ path: name, text }, link);
  if (file === null && problem === undefined) return NOTHING;
  return { file, problem: problem === undefined ? where : `${where}: ${problem}` };
}

function toFile(change: RawChange, old = NOTHING, now = NOTHING): ImpactFile {
  const isModeOnly = change.oldId === change.newId && change.oldMode !== change.newMode && now.file !== null;
  const mode = isModeOnly ? `only its mode changed: ${change.oldMode} → ${change.newMode}` : undefined;
  return {
    change,
    before: old.file,
    after: now.file,
    oldProblem: old.problem,
    newProblem: now.problem ?? mode,
  };
}
