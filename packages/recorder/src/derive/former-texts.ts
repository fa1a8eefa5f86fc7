// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type PathInTree, type Repository, resolvePaths } from "@countersign/git";
import { hasAi } from "./candidate-file.ts";
import type { CandidateIndex, StrangerFile } from "./candidate-index.ts";
import { toFileKey } from "./file-key.ts";
import { readTexts } from "./read-texts.ts";
import type { Sighting } from "./sighting.ts";

/** What a file held under another name. */
export interface FormerText {
  readonly path: RepoPath;
  /** As the commit's parent has it; undefined where it has no such file. */
  readonly blob: ObjectId | undefined;
  readonly lines: readonly string[] | undefined;
  /** Texts in which records know lines of an AI, where the parent has none. */
  readonly recorded: readonly StrangerFile[];
}

/** By commit and path. */
export type FormerTexts = ReadonlyMap<string, readonly FormerText[]>;

/** What the parents have under those names. Two processes; none where there is no name. */
export async function readFormerTexts(
  repo: Repository,
  sightings: readonly Sighting[],
): Promise<FormerTexts> {
  const files = sightings.filter(({ names }) => names.length > 0);
  if (files.length === 0) return new Map();
  const places = files.flatMap(({ parent, names }) =>
    parent === undefined ? [] : names.map((path): PathInTree => ({ tree: parent, path })),
  );
  const blobs = await resolvePaths(repo, places);
  const texts = await readTexts(
    repo,
    blobs.filter((blob) => blob !== undefined),
  );
  const blobOf = new Map(places.map(({ tree, path }, index) => [`${tree} ${path}`, blobs[index]]));
  return new Map(
    files.map(({ commit, parent, path, names }) => [
      toFileKey(commit, path),
      names.map((name): FormerText => {
        const blob = blobOf.get(`${parent} ${name}`);
        const lines = blob === undefined ? undefined : texts.get(blob);
        return { path: name, blob, lines, recorded: [] };
      }),
    ]),
  );
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
