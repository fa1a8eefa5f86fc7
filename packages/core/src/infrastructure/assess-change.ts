// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import type { ConfigurationFile } from "./configuration-file.ts";
import { type ConfigurationChange, findTouched } from "./find-touched.ts";
import { type RecognizedFile, recognizeFile } from "./recognize-file.ts";
import type { TouchedResource } from "./resource.ts";

/** One side of a changed path. */
export interface InfrastructureSide {
  /** Where the content stands: the target of a symbolic link, else the path itself. */
  readonly path: RepoPath;
  readonly text: string;
}

/** A changed path with both of its sides; null where there is none, or where its content is not known. */
export interface InfrastructureChange {
  readonly path: RepoPath;
  readonly before: InfrastructureSide | null;
  readonly after: InfrastructureSide | null;
}

/** A file that counts as infrastructure since nobody can say what it holds. */
export interface UnparsedFile {
  readonly path: RepoPath;
  /** One line, for people. */
  readonly reason: string;
}

export interface Assessment {
  readonly resources: readonly TouchedResource[];
  /** Sorted by path; a path once. */
  readonly unparsed: readonly UnparsedFile[];
}

/** Longer than any that a person wrote; what is larger is not read. Characters. */
export const LARGEST_CONFIGURATION = 1_000_000;

/** What a change touches by content, and what it holds that is not understood. Pure; the order of the files does not matter to either. */
export function assessChange(changes: readonly InfrastructureChange[]): Assessment {
  const unparsed: UnparsedFile[] = [];
  const files = changes.map((change) => {
    const { file: after, problem: newProblem } = readSide(change.after, change.path);
    const { file: before, problem: oldProblem } = readSide(change.before, change.path);
    const reason = newProblem ?? (oldProblem === undefined ? undefined : `before the change: ${oldProblem}`);
    if (reason !== undefined) unparsed.push({ path: change.path, reason });
    return { before, after };
  });
  const relevant: readonly ConfigurationChange[] = files.filter(
    ({ before, after }) => before !== null || after !== null,
  );
  return { resources: findTouched(relevant), unparsed };
}

interface ReadSide {
  readonly file: ConfigurationFile | null;
  readonly problem?: string | undefined;
}

function readSide(side: InfrastructureSide | null, path: RepoPath): ReadSide {
  if (side === null) return { file: null };
  // A text in UTF-16 hides nothing.
  const text = side.text.includes("\0") ? side.text.replaceAll("\0", "") : side.text;
  const recognized = recognizeFile(side.path, text);
  if (recognized === null) return { file: null };
  if (text.length > LARGEST_CONFIGURATION)
    return {
      file: null,
      problem: `${recognized.what} of ${text.length} characters; at most ${LARGEST_CONFIGURATION} are read`,
    };
  return parseSide(recognized, { text, path });
}

function parseSide(recognized: RecognizedFile, { text, path }: InfrastructureSide): ReadSide {
  const { resources, problems } = recognized.parse(text, path);
  // Prose and programs quote configuration; only what is nothing else is taken for it.
  if (!recognized.isApplied && (problems.length > 0 || resources.length === 0) && isProse(path))
    return { file: null };
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const strange = `${recognized.what} under a name by which nothing applies it; another file may read it`;
  const problem =
    first === undefined
      ? recognized.isApplied
        ? undefined
        : strange
      : `${recognized.what} that is not understood: ${first}${more}`;
  return { file: { path, lines: splitLines(text), resources, isApplied: recognized.isApplied }, problem };
}

const PROSE =
  /\.(?:md|mdx|markdown|rst|adoc|asciidoc|html?|[cm]?[jt]sx?|py|go|rb|rs|java|kt|cs|c|h|cpp|php|sh|ipynb|snap|patch|diff)$/i;

function isProse(path: RepoPath): boolean {
  return PROSE.test(path);
}

function splitLines(text: string): readonly string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
