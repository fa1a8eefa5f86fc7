// SPDX-License-Identifier: Apache-2.0
import { realpathSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { isNullObjectId, type ObjectId, toRawText } from "@countersign/core/ids";
import {
  formatBlameHeaders,
  formatBlameRecord,
  formatBlameRow,
  toBlameRecord,
  toClaimedTime,
} from "@countersign/core/render";
import { blameLinesAt, GitError, type Repository, resolveCommit, shallowBoundary } from "@countersign/git";
import { type AttributedBlame, type AttributedLine, blameFile } from "@countersign/recorder";
import { type CliContext, paletteOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { openRecorded } from "../open-recorded.ts";

export type BlameFlags = CommonFlags & {
  readonly rev?: string;
  readonly porcelain: boolean;
  readonly lines?: readonly string[];
};

/** `git blame` with the origin of each line, for people, programs and editors. */
export async function runBlame(context: CliContext, flags: BlameFlags, file: string): Promise<ExitCode> {
  if (flags.json && flags.porcelain)
    throw new UsageError("--json and --porcelain are two formats; give one of them");
  const directory = repoDirectory(context, flags);
  const ranges = flags.lines ?? [];
  if (ranges.includes("")) throw new UsageError("-L is empty; expected for example 10,20 or :function");
  const output = flags.rev === undefined ? startBlame(directory, file, ranges) : undefined;
  const repository = await openRecorded(context, directory);
  const revision = await readRevision(repository, flags.rev);
  const isStarted = output !== undefined && revision === undefined;
  const { lines, left } = await blame({
    repository,
    path: toRepositoryPath(repository, directory, file),
    ranges,
    now: Math.floor(Date.now() / 1000),
    ...(isStarted ? { output } : {}),
    ...(revision === undefined ? {} : { revision }),
  });
  await warnOfBoundary(context, repository, lines);
  if (left > 0)
    context.warn(
      `${left} commits without a record were not looked into for lines that they changed in place; countersign reconcile --write does that once for all`,
    );
  if (flags.porcelain)
    await context.output.writeBytes(Buffer.from(lines.map(createPorcelain()).join(""), "latin1"));
  else if (flags.json) await context.output.write(lines.map(toJson).join(""));
  else await context.output.write(toTable(context, flags, lines));
  return 0;
}

/** Git is at work while we find out where we are; whoever does not come to ask for its answer does not care how it ends. */
function startBlame(directory: string, file: string, ranges: readonly string[]): Promise<Buffer> {
  const output = blameLinesAt(directory, { path: file, ranges });
  output.catch(() => undefined);
  return output;
}

async function readRevision(repository: Repository, text: string | undefined): Promise<ObjectId | undefined> {
  if (text === undefined && repository.workTree !== undefined) return undefined;
  const revision = text ?? "HEAD";
  const id = await resolveCommit(repository, revision);
  if (id !== undefined) return id;
  throw new UsageError(
    `--rev ${JSON.stringify(revision)} names no commit; expected for example HEAD~1 or v1.0`,
  );
}

/** From the top of the work tree; in a bare repository paths begin there anyway. */
function toRepositoryPath({ workTree }: Repository, directory: string, file: string): string {
  if (workTree === undefined) return file;
  const path = relative(realpathSync(workTree), resolve(realpathSync(directory), file));
  if (path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path))
    return path.replaceAll(sep, "/");
  throw new UsageError(`${file} is not a file within ${workTree}`);
}

async function blame(request: Parameters<typeof blameFile>[0]): Promise<AttributedBlame> {
  try {
    return await blameFile(request);
  } catch (error) {
    if (!(error instanceof GitError) || error.code !== "GIT_FAILED") throw error;
    // Git itself says best what it could not find: the file, the range.
    const said = error.message.replace(/^git .*? failed with exit code \d+: /s, "");
    if (/promisor remote/.test(said))
      throw new GitError(
        "MISSING_OBJECT",
        `cannot blame ${request.path}: contents that it needs are not in this partial clone; git fetch --refetch --no-filter gets them all, git blame those of one file (${said})`,
        { cause: error },
      );
    throw new UsageError(`cannot blame ${request.path}: ${said}`, { cause: error });
  }
}

/** Where a shallow clone ends, lines of all earlier commits look like that commit's, and nobody's. */
async function warnOfBoundary(
  context: CliContext,
  repository: Repository,
  lines: readonly AttributedLine[],
): Promise<void> {
  const boundary = new Set(await shallowBoundary(repository));
  const cut = lines.filter(({ commit, origin }) => origin.kind === "unknown" && boundary.has(commit));
  if (cut.length > 0)
    context.warn(
      `${cut.length} line(s) are unknown because this clone is shallow: they may be of any commit before the one at which it ends; git fetch --unshallow gets the rest`,
    );
}

function toJson({ line, commit, origin }: AttributedLine): string {
  return formatBlameRecord(toBlameRecord(line, commit, origin));
}

/** Git's line-porcelain with ours added; bytes as latin1. What is the same for many lines is written once and repeated. */
function createPorcelain(): (attributed: AttributedLine) => string {
  const theirs = remember((header: AttributedLine["header"]) => `${header.lines.join("\n")}\n`);
  const ours = remember((origin: AttributedLine["origin"]) =>
    Buffer.from(formatBlameHeaders(toBlameRecord(0, "", origin))).toString("latin1"),
  );
  return ({ commit, originalLine, line, groupSize, header, marks, content, origin }) => {
    const said = marks.map((mark) => `${mark}\n`).join("");
    const group = groupSize === null ? "" : ` ${groupSize}`;
    return `${commit} ${originalLine} ${line}${group}\n${theirs(header)}${said}${ours(origin)}\t${content}\n`;
  };
}

/** Answers for an object that was asked about before are not made again. */
function remember<K extends object>(make: (key: K) => string): (key: K) => string {
  const made = new Map<K, string>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const text = make(key);
    made.set(key, text);
    return text;
  };
}

function toTable(context: CliContext, flags: BlameFlags, lines: readonly AttributedLine[]): string {
  const palette = paletteOf(context, flags.color);
  const digits = `${lines.at(-1)?.line ?? 0}`.length;
  const rows = lines.map(({ line, commit, origin, header, content }) => {
    const field = (name: string) =>
      header.lines.find((each) => each.startsWith(`${name} `))?.slice(name.length + 1) ?? "";
    const author = isNullObjectId(commit) ? "" : toRawText(Buffer.from(field("author"), "latin1"));
    const day = (toClaimedTime(Number(field("author-time") || Number.NaN)) ?? "").slice(0, 10);
    const text = toRawText(Buffer.from(content, "latin1"));
    return formatBlameRow(
      { ...toBlameRecord(line, commit, origin), author, day, content: text },
      digits,
      palette,
    );
  });
  return rows.join("");
}
