// SPDX-License-Identifier: Apache-2.0
import { type CoverageGap, diffLines } from "@countersign/core/attribution";
import { isNullObjectId, type ObjectId, type RepoPath } from "@countersign/core/ids";
import { type FileSide, type ParentedChange, type Repository, readObjects } from "@countersign/git";
import { markAdded, type TargetFile, toTextLines } from "./target-file.ts";

/** A commit whose added lines look for an origin. */
export interface TargetCommit {
  readonly id: ObjectId;
  /** Text files that it adds to or changes. */
  readonly files: readonly TargetFile[];
  /** Text files that it takes away: what they held may stand elsewhere now. */
  readonly removed: readonly RemovedFile[];
  /** What else it adds or changes: links, binary files, and those that could not be looked into. No line tells who did that. */
  readonly opaque: readonly RepoPath[];
  /** What could not be looked into. */
  readonly gaps: readonly CoverageGap[];
}

export interface RemovedFile {
  readonly path: RepoPath;
  readonly lines: readonly string[];
}

/** Beyond it nobody reads a file line by line. */
const LARGEST_FILE = 4 * 1024 * 1024;

/** The commits with their texts, one at a time in the order of the map; one process for all of them. */
export async function* readTargets(
  repo: Repository,
  changes: ReadonlyMap<ObjectId, readonly ParentedChange[]>,
): AsyncGenerator<TargetCommit, void, undefined> {
  const plans = [...changes].map(([id, all]) => ({
    id,
    files: all.filter(isFile).map(toPlan),
    links: all.filter((change) => !isFile(change)).map(({ path }) => path),
  }));
  const ids = plans.flatMap(({ files }) => files.flatMap((file) => file.blobs));
  const objects = readObjects(repo, ids, { maxBytes: LARGEST_FILE });
  try {
    for (const { id, files, links } of plans) {
      const target = { id, files: [] as TargetFile[], removed: [] as RemovedFile[], opaque: links };
      const gaps: CoverageGap[] = [];
      for (const plan of files) {
        const sides: Side[] = [];
        for (const _ of plan.blobs) sides.push(toSide((await objects.next()).value));
        const gap = addFile(target, plan, sides);
        if (gap !== undefined) gaps.push(gap);
      }
      yield { ...target, gaps };
    }
  } finally {
    await objects.return(undefined);
  }
}

/** Links and other repositories' commits hold no lines. */
function isFile(change: ParentedChange): boolean {
  return isNullObjectId(change.id) ? change.parents.some(hasText) : hasText(change);
}

function hasText({ mode, id }: FileSide): boolean {
  return mode.startsWith("100") && !isNullObjectId(id);
}

interface Plan {
  readonly path: RepoPath;
  readonly blob: ObjectId;
  /** The file's own blob unless it is removed, then its blobs in the parents where it is a file. */
  readonly blobs: readonly ObjectId[];
}

function toPlan(change: ParentedChange): Plan {
  const sides = [change, ...change.parents].filter(hasText);
  return { path: change.path, blob: change.id, blobs: sides.map(({ id }) => id) };
}

type Side = readonly string[] | "missing" | "too-large" | "binary";
type Read = Awaited<ReturnType<ReturnType<typeof readObjects>["next"]>>["value"];

function toSide(object: Read): Side {
  if (object === undefined || object.status === "missing") return "missing";
  if (object.status === "too-large") return "too-large";
  return toTextLines(object.bytes) ?? "binary";
}

function addFile(
  target: { readonly files: TargetFile[]; readonly removed: RemovedFile[]; readonly opaque: RepoPath[] },
  { path, blob }: Plan,
  sides: readonly Side[],
): CoverageGap | undefined {
  const texts = sides.filter((side) => typeof side !== "string");
  if (texts.length < sides.length) {
    target.opaque.push(path);
    return explain(path, sides);
  }
  if (isNullObjectId(blob)) {
    for (const lines of texts.slice(0, 1)) target.removed.push({ path, lines });
    return undefined;
  }
  const [lines = [], ...parents] = texts;
  const hunks = parents.map((parent) => diffLines(parent, lines));
  target.files.push({ path, blob, lines, isAdded: markAdded(lines.length, hunks), parents, hunks });
  return undefined;
}

/** A binary file has no lines that anybody could have written. */
function explain(path: RepoPath, sides: readonly Side[]): CoverageGap | undefined {
  if (sides.includes("missing"))
    return {
      code: "content-missing",
      message: `the content of ${JSON.stringify(path)} is not in this repository`,
    };
  if (sides.includes("too-large"))
    return { code: "file-too-large", message: `${JSON.stringify(path)} is too large to be looked into` };
  return undefined;
}
