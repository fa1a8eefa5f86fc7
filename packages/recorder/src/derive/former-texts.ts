// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type PathInTree, type Repository, resolvePaths } from "@countersign/git";
import { hasAi } from "./candidate-file.ts";
import type { CandidateIndex, StrangerFile } from "./candidate-index.ts";
import { toFileKey } from "./file-key.ts";
import { readTexts } from "./read-texts.ts";
import type { Sighting } from "./sighting.ts";

/** What a file held under another name, or in the commit that was amended. */
export interface FormerText {
  readonly path: RepoPath;
  /** As the commit's parent has it, or the amended one; undefined where it has no such file. */
  readonly blob: ObjectId | undefined;
  readonly lines: readonly string[] | undefined;
  /** Texts in which records know lines of an AI, where the parent has none. */
  readonly recorded: readonly StrangerFile[];
}

/** By commit and path. */
export type FormerTexts = ReadonlyMap<string, readonly FormerText[]>;

/** What the parents have under those names, and amended commits under the same. Two processes; none where there is no such. */
export async function readFormerTexts(
  repo: Repository,
  sightings: readonly Sighting[],
): Promise<FormerTexts> {
  const files = sightings.map((one) => ({ ...one, places: toPlaces(one) }));
  const places = files.flatMap((one) => one.places);
  if (files.every(({ names, places: own }) => names.length + own.length === 0)) return new Map();
  const blobs = await resolvePaths(repo, places);
  const texts = await readTexts(
    repo,
    blobs.filter((blob) => blob !== undefined),
  );
  const blobOf = new Map(places.map((place, index) => [toKey(place), blobs[index]]));
  const read = (place: PathInTree): FormerText => {
    const blob = blobOf.get(toKey(place));
    const lines = blob === undefined ? undefined : texts.get(blob);
    return { path: place.path, blob, lines, recorded: [] };
  };
  return new Map(
    files.flatMap(({ commit, path, parent, names, places: own }) => {
      const former = own.map(read).filter((text) => text.blob !== undefined || text.path !== path);
      // Without a parent there is nothing to read, and records may know the name all the same.
      const nameless = parent === undefined ? names.map(toAbsent) : [];
      const all = [...former, ...nameless];
      return all.length === 0 ? [] : [[toFileKey(commit, path), all] as const];
    }),
  );
}

function toPlaces({ parent, path, names, amended }: Sighting): readonly PathInTree[] {
  const others = parent === undefined ? [] : names.map((name) => ({ tree: parent, path: name }));
  return amended === undefined ? others : [{ tree: amended, path }, ...others];
}

function toKey({ tree, path }: PathInTree): string {
  return `${tree} ${path}`;
}

function toAbsent(path: RepoPath): FormerText {
  return { path, blob: undefined, lines: undefined, recorded: [] };
}

/** Recorded texts of one name that are compared with one file. */
const MOST_TEXTS = 3;

/** For names that a commit before has taken away: what records knew under them. One process; none where every parent has its file. */
export async function addRecordedTexts(
  repo: Repository,
  former: FormerTexts,
  { byPath, rankOf }: CandidateIndex,
): Promise<FormerTexts> {
  const gone = [...former.values()].flat().filter(({ blob }) => blob === undefined);
  const chosen = new Map(
    gone.map(({ path }) => [
      path,
      (byPath.get(path) ?? [])
        .filter(hasAi)
        .sort((a, b) => rankOf(a) - rankOf(b))
        .slice(0, MOST_TEXTS),
    ]),
  );
  const files = [...chosen.values()].flat();
  if (files.length === 0) return former;
  const texts = await readTexts(
    repo,
    files.map(({ blob }) => blob),
  );
  const recordedAt = (path: RepoPath): readonly StrangerFile[] =>
    (chosen.get(path) ?? []).flatMap((file) => {
      const lines = texts.get(file.blob);
      return lines === undefined ? [] : [{ file, lines }];
    });
  return new Map(
    [...former].map(([key, own]) => [
      key,
      own.map((text) => (text.blob === undefined ? { ...text, recorded: recordedAt(text.path) } : text)),
    ]),
  );
}
