// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import type { Assessment } from "./assess-change.ts";
import type { TouchedResource, UnparsedFile } from "./resource.ts";
import { NOT_TOLD, type Tested } from "./tested/tested.ts";

/** Lines of a part of a change, and how many of them an AI wrote. */
export interface AiShare {
  readonly lines: number;
  readonly of: number;
}

/** A touched resource as `impact --json`, the verdict and policies show it (specs/impact.schema.json). */
export type ImpactResource = Omit<TouchedResource, "addedLines" | "removedLines"> &
  Tested & { readonly ai: AiShare };
export type ImpactUnparsed = UnparsedFile & { readonly ai: AiShare };

/** What a change touches, and how much of it an AI wrote. */
export interface Impact {
  readonly resources: readonly ImpactResource[];
  readonly unparsed: readonly ImpactUnparsed[];
}

export const NO_IMPACT: Impact = { resources: [], unparsed: [] };

/** Who changed what, as records and commits tell. */
export interface LineWriters {
  /** 1-based, in the new version of the file. */
  readonly isAi: (path: RepoPath, line: number) => boolean;
  /**
   * Nobody's record names lines that are gone: they count as taken out by an AI where one took part in a commit that changed the file. So
   * a resource that an AI deleted is not one it had no hand in.
   */
  readonly isTakenByAi: (path: RepoPath) => boolean;
  /** Lines that the change adds to a file that is not understood. */
  readonly addedLines: (path: RepoPath) => readonly number[];
}

/** `tested` says of each resource, in its order, whether anything tests it. */
export function toImpact(
  { resources, unparsed }: Assessment,
  writers: LineWriters,
  tested: readonly Tested[],
): Impact {
  return {
    resources: resources.map(({ addedLines, removedLines, ...resource }, i) => ({
      ...resource,
      ...(tested[i] ?? NOT_TOLD),
      ai: toShare(
        addedLines,
        removedLines,
        resource.oldPath === null ? [resource.path] : [resource.path, resource.oldPath],
        writers,
      ),
    })),
    unparsed: unparsed.map((file) => ({
      ...file,
      ai: toUnparsedShare(file.path, writers),
    })),
  };
}

/**
 * A file whose lines nobody can tell, such as one too large, a submodule or a binary one, counts as a single line: none would make it
 * something that no AI had a hand in.
 */
function toUnparsedShare(path: RepoPath, writers: LineWriters): AiShare {
  const added = writers.addedLines(path);
  return toShare(added, added.length === 0 ? 1 : 0, [path], writers);
}

function toShare(
  added: readonly number[],
  removed: number,
  paths: readonly RepoPath[],
  { isAi, isTakenByAi }: LineWriters,
): AiShare {
  const [path = ""] = paths;
  const written = added.filter((line) => isAi(path, line)).length;
  const taken = removed > 0 && paths.some(isTakenByAi) ? removed : 0;
  return { lines: written + taken, of: added.length + removed };
}
