// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import type { ConfigurationFile } from "./configuration-file.ts";
import { type RecognizedFile, recognizeFile } from "./recognize-file.ts";

/** One side of a changed path. */
export interface InfrastructureSide {
  /** The name it is applied by: the target of a symbolic link or the link to it, else the path itself. */
  readonly path: RepoPath;
  readonly text: string;
}

/** Longer than any that a person wrote; what is larger is not read. Characters. */
export const LARGEST_CONFIGURATION = 1_000_000;

/** What one side of a file is; nothing where no tool here applies it. */
export interface ReadConfiguration {
  readonly file: ConfigurationFile | null;
  /** One line for people: why it is not understood as a whole. */
  readonly problem?: string | undefined;
}

/** Reads one side of a changed path. `side.path` is the name that the file is applied by. Never throws. */
export function readConfiguration(side: InfrastructureSide, path: RepoPath = side.path): ReadConfiguration {
  // A text in UTF-16 hides nothing, and a byte order mark is no part of the first key.
  const text = side.text.replace(/^\ufeff/, "").replaceAll("\0", "");
  const recognized = recognizeFile(side.path, text);
  if (recognized === null) return { file: null };
  if (text.length > LARGEST_CONFIGURATION)
    return {
      file: null,
      problem: `${recognized.what} of ${text.length} characters; at most ${LARGEST_CONFIGURATION} are read`,
    };
  return parseSide(recognized, { text, path });
}

function parseSide(recognized: RecognizedFile, { text, path }: InfrastructureSide): ReadConfiguration {
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
