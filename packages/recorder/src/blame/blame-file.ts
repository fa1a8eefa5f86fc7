// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, type Origin, UNKNOWN } from "@countersign/core/attribution";
import { isNullObjectId, type ObjectId, toRawText } from "@countersign/core/ids";
import { blameLines, type Repository } from "@countersign/git";
import { isDoubtful } from "../records/doubtful-lines.ts";
import { hasSources } from "../records/record-sources.ts";
import { deriveBlamed } from "./derive-blamed.ts";
import { createOriginLookup } from "./origin-lookup.ts";
import { type BlamedLine, parseBlame } from "./parse-blame.ts";
import { readPendingOrigins } from "./pending-origins.ts";
import { type ReadAhead, readAhead } from "./read-ahead.ts";

export interface BlameRequest {
  readonly repository: Repository;
  /** Path from the top of the work tree, or of a bare repository's trees. */
  readonly path: string;
  /** Undefined: the work tree's content. */
  readonly revision?: ObjectId;
  /** As `git blame -L` takes them. */
  readonly ranges: readonly string[];
  /** What Git answered, where it was asked before; see `blameLinesAt`. */
  readonly output?: Promise<Buffer>;
  /** Seconds since the epoch: how much a person can have typed since the recorder last looked. */
  readonly now?: number;
}

/** A line with Git's answer and ours. */
export interface AttributedLine extends BlamedLine {
  readonly origin: Origin;
}

export interface AttributedBlame {
  readonly lines: readonly AttributedLine[];
  /** Commits without a record that were not looked into as a whole, since that would take too long; `reconcile` does. */
  readonly left: number;
}

/**
 * `git blame` with the origin of each line. One blame process, and while it is at work the records are read that will be
 * asked for; only where any record exists at all are the lines of commits without one looked for.
 */
export async function blameFile(request: BlameRequest): Promise<AttributedBlame> {
  const { repository, path, revision, ranges, now = 0 } = request;
  const [output, ahead, pending] = await Promise.all([
    request.output ??
      blameLines(repository, { path, ranges, ...(revision === undefined ? {} : { revision }) }),
    readAhead(repository, { path, revision }),
    revision === undefined ? readPendingOrigins(repository, path, now) : undefined,
  ]);
  const blamed = parseBlame(output.toString("latin1"));
  const committed = blamed.filter((line) => !isNullObjectId(line.commit));
  const { originOf, left } = hasSources(repository, ahead.sources)
    ? await readOrigins(repository, committed, ahead)
    : { originOf: () => UNKNOWN, left: 0 };
  const lines = blamed.map((line) => ({
    ...line,
    origin: isNullObjectId(line.commit) ? (pending?.(line.line) ?? UNKNOWN) : originOf(line),
  }));
  return { lines, left };
}

async function readOrigins(repo: Repository, blamed: readonly BlamedLine[], ahead: ReadAhead) {
  const recorded = await ahead.readRecorded([...new Set(blamed.map((line) => line.commit))]);
  const records = new Map(
    [...recorded].flatMap(([id, { record, isOwn }]): readonly (readonly [ObjectId, AssistanceRecord])[] =>
      record !== undefined && (isOwn || record.files.length > 0) ? [[id, record]] : [],
    ),
  );
  const lookUp = createOriginLookup(records);
  // Another tracker's record, which anybody can write, stands in for no record of the commit's own where it is silent.
  const isSilent = ({ commit }: BlamedLine, origin: Origin | undefined) =>
    origin?.kind === "unknown" && recorded.get(commit)?.isOwn !== true;
  const lookUpOwn = (line: BlamedLine) => {
    const origin = lookUp(line);
    return isSilent(line, origin) ? undefined : origin;
  };
  // Looked up once: of a file of ten thousand lines that is what reading it costs.
  const owns = new Map(blamed.map((line) => [line, lookUpOwn(line)]));
  const open = blamed.filter((line) => isOpen(owns.get(line)));
  const names = new Set(
    [...new Set(blamed.map(({ path }) => path))].map((path) => toRawText(Buffer.from(path, "latin1"))),
  );
  const derived = await deriveBlamed(repo, { blamed: open, names }, ahead);
  return {
    originOf: (line: BlamedLine): Origin => {
      const own = owns.get(line);
      const other = isOpen(own) ? derived.originOf(line) : undefined;
      return (own === undefined || other?.kind === "ai" ? other : own) ?? UNKNOWN;
    },
    left: derived.left,
  };
}

/** The commit has no record, or one that only guessed the line to be a person's when others' records were not there yet. */
function isOpen(own: Origin | undefined): boolean {
  return (
    own === undefined || (own.kind === "human" && isDoubtful({ origin: own.kind, evidence: own.evidence }))
  );
}
