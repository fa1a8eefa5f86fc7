// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, type ObjectId, type RepoPath, toText } from "@countersign/core/ids";
import {
  type ChangedFile,
  classifyFile,
  findTwins,
  type LinkMap,
  type Policy,
} from "@countersign/core/policy";
import { GITLINK, type RawChange, type Repository, readObjects, SYMLINK } from "@countersign/git";
import { NO_SURROUNDINGS, type Surroundings } from "./read-surroundings.ts";

/** Content is classified up to this size; a larger file may hide anything, so it is classed to the stricter side. */
const LARGEST_CLASSIFIED = 1024 * 1024;
const STATUS = { A: "added", M: "modified", D: "deleted", T: "type-changed" } as const;

/** Content of one side of a file, as far as it could be read. */
interface Content {
  readonly text: string | undefined;
  readonly isBinary: boolean;
  readonly isTruncated: boolean;
}

/** Classifies both sides of every change: what a file was matters as much as what it becomes (T40). */
export async function classifyChanges(
  repository: Repository,
  policy: Policy,
  changes: readonly RawChange[],
  { links, paths }: Surroundings = NO_SURROUNDINGS,
): Promise<ReadonlyMap<RawChange, ChangedFile>> {
  const contents = await readContents(repository, policy, changes);
  const twins = findTwins(
    changes.filter((change) => change.status !== "D").map((change) => change.path),
    paths,
  );
  return new Map(
    changes.map((change) => {
      const own = twins.get(change.path);
      const file = toChangedFile({ policy, links, contents }, change);
      return [change, own === undefined ? file : { ...file, twins: own }];
    }),
  );
}

interface Classifier {
  readonly policy: Policy;
  readonly links: LinkMap;
  readonly contents: ReadonlyMap<ObjectId, Content>;
}

function toChangedFile(classifier: Classifier, change: RawChange): ChangedFile {
  const { status, path, ...rest } = change;
  const classes = new Set([
    ...classifySide(classifier, path, change.oldMode, change.oldId),
    ...classifySide(classifier, path, change.newMode, change.newId),
  ]);
  return { path, ...rest, status: STATUS[status], classes: [...classes].sort() };
}

function classifySide(
  { policy, links, contents }: Classifier,
  path: RepoPath,
  mode: string,
  id: ObjectId,
): readonly string[] {
  if (/^0+$/.test(mode)) return [];
  return classifyFile(policy, { path, mode, ...(contents.get(id) ?? NOT_READ) }, links).classes;
}

const NOT_READ: Content = { text: undefined, isBinary: false, isTruncated: true };

async function readContents(
  repository: Repository,
  policy: Policy,
  changes: readonly RawChange[],
): Promise<ReadonlyMap<ObjectId, Content>> {
  const isContentAsked = [...policy.classes.values()].some((definition) => definition.content.length > 0);
  const ids = new Set<ObjectId>();
  for (const change of changes) {
    for (const [id, mode] of [
      [change.oldId, change.oldMode],
      [change.newId, change.newMode],
    ] as const) {
      if (!isNullObjectId(id) && mode !== GITLINK && (isContentAsked || mode === SYMLINK)) ids.add(id);
    }
  }
  const contents = new Map<ObjectId, Content>();
  for await (const object of readObjects(repository, [...ids], { maxBytes: LARGEST_CLASSIFIED })) {
    contents.set(object.id, toContent(object.status === "read" ? object.bytes : undefined));
  }
  return contents;
}

function toContent(bytes: Uint8Array | undefined): Content {
  if (bytes === undefined) return NOT_READ;
  // Binary content is looked into all the same: a document in UTF-16 hides nothing.
  return { text: toText(bytes), isBinary: bytes.subarray(0, 8000).includes(0), isTruncated: false };
}
