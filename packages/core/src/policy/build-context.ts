// SPDX-License-Identifier: Apache-2.0
import type { PolicyIssue } from "./policy-error.ts";
import type { PolicyFile } from "./schema.ts";
import { formatPath, type Path, type Position, type YamlSource } from "./yaml-source.ts";

/** A policy file on its way to a policy: collects every mistake instead of stopping at the first. */
export interface BuildContext {
  readonly file: PolicyFile;
  readonly source: YamlSource;
  readonly issues: readonly PolicyIssue[];
  readonly fail: (path: Path, message: string, expected: string, example: string, at?: Position) => void;
}

export function createBuildContext(file: PolicyFile, source: YamlSource): BuildContext {
  const issues: PolicyIssue[] = [];
  return {
    file,
    source,
    issues,
    fail(path, message, expected, example, at = positionIn(source, path)) {
      issues.push({ ...at, path: formatPath(path), message, expected, example });
    },
  };
}

/** Where a mistake stands: what a profile brought in stands at `extends`. */
function positionIn(source: YamlSource, path: Path): Position {
  const own = source.value as Readonly<Record<string, unknown>>;
  const isInherited = path.length > 0 && !Object.hasOwn(own, path[0] ?? "") && Object.hasOwn(own, "extends");
  return source.positionOf(isInherited ? ["extends"] : path);
}
