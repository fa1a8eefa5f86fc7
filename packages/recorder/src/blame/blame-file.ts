// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  type Origin,
  type RecordedFile,
  type RecordedRange,
  UNKNOWN,
} from "@countersign/core/attribution";
import { isNullObjectId, type ObjectId, toRawText } from "@countersign/core/ids";
import { blameLines, type Repository } from "@countersign/git";
import { toOrigin } from "../derive/candidate-file.ts";
import { readKnownCommits } from "../records/read-known-commits.ts";
import { readIdentities } from "../records/read-records.ts";
import { findRecordSources, hasSources, type RecordSources } from "../records/record-sources.ts";
import { type BlamedLine, parseBlame } from "./parse-blame.ts";
import { readPendingOrigins } from "./pending-origins.ts";

export interface BlameRequest {
  readonly repository: Repository;
  /** Path from the top of the work tree, or of a bare repository's trees. */
  readonly path: string;
  /** Undefined: the work tree's content. */
  readonly revision?: ObjectId;
  /** As `git blame -L` takes them. */
  readonly ranges: readonly string[];
  /** Seconds since the epoch: how much a person can have typed since the recorder last looked. */
  readonly now?: number;
}

/** A line with Git's answer and ours. */
export interface AttributedLine extends BlamedLine {
  readonly origin: Origin;
}

/**
 * `git blame` with the origin of each line. One blame process; records of all commits that it names are read in one
 * batch, and only where any record exists at all are the others derived.
 */
export async function blameFile(request: BlameRequest): Promise<readonly AttributedLine[]> {
  const { repository, path, revision, ranges, now = 0 } = request;
  const [output, sources, pending] = await Promise.all([
    blameLines(repository, { path, ranges, ...(revision === undefined ? {} : { revision }) }),
    findRecordSources(repository),
    revision === undefined ? readPendingOrigins(repository, path, now) : undefined,
  ]);
  const blamed = parseBlame(output.toString("latin1"));
  const commits = [...new Set(blamed.map((line) => line.commit))].filter((id) => !isNullObjectId(id));
  const originOf = createOriginLookup(
    hasSources(sources) ? await readAll(repository, commits, sources) : new Map(),
  );
  return blamed.map((line) => ({
    ...line,
    origin: isNullObjectId(line.commit) ? (pending?.(line.line) ?? UNKNOWN) : originOf(line),
  }));
}

async function readAll(
  repo: Repository,
  commits: readonly ObjectId[],
  sources: RecordSources,
): Promise<ReadonlyMap<ObjectId, AssistanceRecord>> {
  const known = await readKnownCommits(repo, await readIdentities(repo, commits), sources);
  return new Map(
    [...known].flatMap(([id, { record }]) => (record === undefined ? [] : [[id, record] as const])),
  );
}

/** Looks lines up by commit, path and number; paths are compared as text, once each. */
function createOriginLookup(records: ReadonlyMap<ObjectId, AssistanceRecord>): (line: BlamedLine) => Origin {
  const files = new Map<ObjectId, Map<string, RecordedFile | undefined>>();
  return ({ commit, path, originalLine }) => {
    const record = records.get(commit);
    if (record === undefined) return UNKNOWN;
    const known = files.get(commit) ?? new Map<string, RecordedFile | undefined>();
    files.set(commit, known);
    if (!known.has(path)) {
      const name = toRawText(Buffer.from(path, "latin1"));
      known.set(
        path,
        record.files.find((file) => file.path === name),
      );
    }
    const range = findRange(known.get(path)?.ranges ?? [], originalLine);
    return range === undefined ? UNKNOWN : toOrigin(record, range);
  };
}

function findRange(ranges: readonly RecordedRange[], line: number): RecordedRange | undefined {
  let low = 0;
  for (let high = ranges.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.last ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range.first <= line ? range : undefined;
}
