// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { countOwnBytes, isSignificant } from "@countersign/core/attribution";
import { isNullObjectId, isObjectId, type ObjectId, type RepoPath } from "@countersign/core/ids";
import {
  listCommitIds,
  listRefs,
  type ParentedChange,
  type Repository,
  readObjects,
  resolvePaths,
} from "@countersign/git";
import { toTextLines } from "../derive/target-file.ts";
import { readHeadLog } from "./read-head-log.ts";

/** A commit that was made from what lay in the work tree. */
export interface WatchedCommit {
  readonly id: ObjectId;
  readonly parents: readonly ObjectId[];
  readonly changes: readonly ParentedChange[];
  /** Bytes of HEAD's log before the move that made it. */
  readonly offset: number;
}

/** Another commit with content of the one in question, and its history as far as it is no part of that one's. */
export interface OtherHistory {
  readonly tip: ObjectId;
  readonly commits: readonly ObjectId[];
}

/** Files of one commit that nobody types; they are not compared. */
const MOST_FILES = 1000;
const MOST_TIPS = 512;
const MOST_PLACES = 20_000;
const MOST_TEXTS = 256;
const LARGEST_TEXT = 1024 * 1024;
/** Tips that hold some of a commit's content and whose history is looked at. */
const MOST_HITS = 16;
/** Bytes of names of their own which no person types by chance as somebody else had. */
const TELLING_BYTES = 20;

/**
 * Of commits made here, those that hold content of another commit which they do not come from: Git takes a file, a patch or a whole index
 * from another branch at a person's command (`checkout other -- file`, `cherry-pick -n`, `reset --soft`) and tells no hook. By commit; null
 * where there was too much to compare.
 */
export async function findBrought(
  repo: Repository,
  commits: readonly WatchedCommit[],
): Promise<ReadonlyMap<ObjectId, readonly OtherHistory[] | null>> {
  const brought = new Map<ObjectId, readonly OtherHistory[] | null>();
  const asked = commits.map((commit) => ({ ...commit, changes: commit.changes.filter(isContent) }));
  const small = asked.filter(({ changes }) => changes.length > 0 && changes.length <= MOST_FILES);
  for (const { id, changes } of asked) if (changes.length > MOST_FILES) brought.set(id, null);
  const blobAt = await readPlaces(repo, small);
  if (blobAt.size === 0) return brought;
  const firstSeen = findFirstSeen(repo);
  const near = small.map((commit) => ({ commit, others: findOthers(commit, blobAt, firstSeen) }));
  const texts = await readTexts(repo, near.flatMap(toBlobs));
  for (const { commit, others } of near) {
    const hits = others.filter((other) => holdsContent(other, texts)).map(({ tip }) => tip);
    const histories = await readHistories(repo, commit, [...new Set(hits)].slice(0, MOST_HITS));
    if (histories.length > 0) brought.set(commit.id, histories);
  }
  return brought;
}

function isContent({ id, mode }: ParentedChange): boolean {
  return !isNullObjectId(id) && !mode.startsWith("16");
}

type BlobAt = ReadonlyMap<ObjectId, ReadonlyMap<RepoPath, ObjectId>>;

/** What other commits have at the paths that some commits change. */
async function readPlaces(repo: Repository, commits: readonly WatchedCommit[]): Promise<BlobAt> {
  const paths = [...new Set(commits.flatMap(({ changes }) => changes.map(({ path }) => path)))];
  const own = new Set(commits.map(({ id }) => id));
  const tips = paths.length === 0 ? [] : (await listTips(repo)).filter((tip) => !own.has(tip));
  const most = Math.max(1, Math.floor(MOST_PLACES / Math.max(1, paths.length)));
  const places = tips
    .slice(0, Math.min(MOST_TIPS, most))
    .flatMap((tree) => paths.map((path) => ({ tree, path })));
  const found = await resolvePaths(repo, places);
  const blobAt = new Map<ObjectId, Map<RepoPath, ObjectId>>();
  for (const [index, { tree, path }] of places.entries()) {
    const blob = found[index];
    if (blob === undefined) continue;
    const known = blobAt.get(tree) ?? new Map<RepoPath, ObjectId>();
    blobAt.set(tree, known.set(path, blob));
  }
  return blobAt;
}

/** Where HEAD was, what was fetched last, and branches; nearest first. */
async function listTips(repo: Repository): Promise<readonly ObjectId[]> {
  const moves = readHeadLog(repo.gitDir).toReversed();
  const been = moves.slice(0, MOST_TIPS / 4).flatMap(({ from, to }) => [to, from]);
  const fetched = readFirstIds(join(repo.commonDir, "FETCH_HEAD"));
  const refs = await listRefs(repo, ["refs/heads", "refs/remotes"]);
  const all = [...been, ...fetched, ...refs.map(({ id }) => id)];
  return [...new Set(all)].filter((id) => !isNullObjectId(id));
}

function readFirstIds(path: string): readonly ObjectId[] {
  try {
    const rows = readFileSync(path, "latin1").split("\n", MOST_TIPS / 4);
    return rows.map((row) => row.split("\t", 1)[0] ?? "").filter(isObjectId);
  } catch {
    return [];
  }
}

/** A file as another commit has it, neither as before the commit in question nor missing. */
interface OtherFile {
  readonly tip: ObjectId;
  readonly change: ParentedChange;
  readonly blob: ObjectId;
}

/** Where HEAD's log first names each commit: what a rebase made of a commit came after it, and lent it nothing. */
function findFirstSeen({ gitDir }: Repository): ReadonlyMap<ObjectId, number> {
  const moves = readHeadLog(gitDir).toReversed();
  return new Map(moves.flatMap(({ from, to, offset }) => [[to, offset] as const, [from, offset] as const]));
}

function findOthers(
  { changes, offset }: WatchedCommit,
  blobAt: BlobAt,
  firstSeen: ReadonlyMap<ObjectId, number>,
): readonly OtherFile[] {
  const earlier = [...blobAt].filter(([tip]) => (firstSeen.get(tip) ?? -1) < offset);
  return earlier.flatMap(([tip, blobs]) =>
    changes.flatMap((change): readonly OtherFile[] => {
      const blob = blobs.get(change.path);
      const isBefore = change.parents.some(({ id }) => id === blob);
      return blob === undefined || isBefore ? [] : [{ tip, change, blob }];
    }),
  );
}

function toBlobs({ others }: { readonly others: readonly OtherFile[] }): readonly ObjectId[] {
  const unlike = others.filter(({ change, blob }) => change.id !== blob);
  return unlike.flatMap(({ change, blob }) => [blob, change.id, ...change.parents.map(({ id }) => id)]);
}

type Texts = ReadonlyMap<ObjectId, readonly string[]>;

async function readTexts(repo: Repository, ids: readonly ObjectId[]): Promise<Texts> {
  const texts = new Map<ObjectId, readonly string[]>();
  const wanted = [...new Set(ids)].filter((id) => !isNullObjectId(id)).slice(0, MOST_TEXTS);
  if (wanted.length === 0) return texts;
  for await (const object of readObjects(repo, wanted, { maxBytes: LARGEST_TEXT }))
    if (object.status === "read")
      texts.set(
        object.id,
        (toTextLines(object.bytes) ?? []).map((line) => line.trim()),
      );
  return texts;
}

/** The very content; or half of the lines that the commit adds and that say something. */
function holdsContent({ change, blob }: OtherFile, texts: Texts): boolean {
  if (change.id === blob) return true;
  const before = new Set(change.parents.flatMap(({ id }) => texts.get(id) ?? []));
  const added = (texts.get(change.id) ?? []).filter((line) => isSignificant(line) && !before.has(line));
  const there = new Set(texts.get(blob) ?? []);
  const shared = added.filter((line) => there.has(line));
  const bytes = shared.reduce((sum, line) => sum + countOwnBytes(line), 0);
  return shared.length * 2 >= added.length && bytes >= TELLING_BYTES;
}

async function readHistories(
  repo: Repository,
  { id, parents }: WatchedCommit,
  tips: readonly ObjectId[],
): Promise<readonly OtherHistory[]> {
  const histories: OtherHistory[] = [];
  for (const tip of tips) {
    const commits = await listCommitIds(repo, { include: [tip], exclude: parents });
    // Without any it is older, and with the commit itself younger than the commit.
    if (commits.length > 0 && !commits.includes(id)) histories.push({ tip, commits });
  }
  return histories;
}
