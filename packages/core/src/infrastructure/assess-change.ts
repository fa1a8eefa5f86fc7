// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import { findTouched } from "./find-touched.ts";
import { type InfrastructureSide, readConfiguration } from "./read-configuration.ts";
import type { TouchedResource, UnparsedFile } from "./resource.ts";

/** A changed path with both of its sides; null where there is none. */
export interface InfrastructureChange {
  readonly path: RepoPath;
  readonly before: InfrastructureSide | null;
  readonly after: InfrastructureSide | null;
}

export interface Assessment {
  readonly resources: readonly TouchedResource[];
  /** In the order of the files; a path once. */
  readonly unparsed: readonly UnparsedFile[];
}

/** What a change touches by content, and what it holds that is not understood. */
export function assessChange(changes: readonly InfrastructureChange[]): Assessment {
  const read = changes.map(({ path, before, after }) => ({
    path,
    before: before === null ? NOTHING : readConfiguration(before, path),
    after: after === null ? NOTHING : readConfiguration(after, path),
  }));
  return {
    resources: findTouched(read.map(({ before, after }) => ({ before: before.file, after: after.file }))),
    unparsed: read.flatMap(({ path, before, after }) => toUnparsed(path, before.problem, after.problem)),
  };
}

const NOTHING = { file: null, problem: undefined };

/** What is wrong with the new side matters more than what was wrong with the old one. */
export function toUnparsed(path: RepoPath, before?: string, after?: string): readonly UnparsedFile[] {
  const reason = after ?? (before === undefined ? undefined : `before the change: ${before}`);
  return reason === undefined ? [] : [{ path, reason }];
}
