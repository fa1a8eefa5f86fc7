// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { Policy } from "../policy.ts";
import { createPathMatcher, foldPath } from "./path-glob.ts";

type ClassPolicy = Pick<Policy, "classes">;

interface ClassMatcher {
  readonly id: string;
  readonly matches: (foldedPath: string) => boolean;
}

/** Compiled globs by policy value; a policy never changes, and a gate classifies 10,000 paths with one. */
const COMPILED = new WeakMap<object, readonly ClassMatcher[]>();

const BUILT_IN: readonly ClassMatcher[] = [
  // The policy's own folder in every spelling: a case twin replaces it in a checkout on macOS and Windows (T28, T43).
  { id: "policy", matches: createPathMatcher([".countersign/**"]) },
  { id: "attributes", matches: createPathMatcher(["**/.gitattributes"]) },
  // Where submodules come from; the submodules themselves are known by their mode.
  { id: "submodule", matches: createPathMatcher([".gitmodules"]) },
];

/** Classes of a path, sorted; whatever lies at the path. */
export function classifyPath(policy: ClassPolicy, path: RepoPath): readonly string[] {
  const folded = foldPath(path);
  return matchersOf(policy)
    .filter((matcher) => matcher.matches(folded))
    .map((matcher) => matcher.id)
    .sort();
}

function matchersOf(policy: ClassPolicy): readonly ClassMatcher[] {
  const known = COMPILED.get(policy.classes);
  if (known !== undefined) return known;
  const own = [...policy.classes.values()]
    .filter(({ paths }) => paths.length > 0)
    .map(({ id, paths }) => ({ id, matches: createPathMatcher(paths) }));
  const matchers = [...BUILT_IN, ...own];
  COMPILED.set(policy.classes, matchers);
  return matchers;
}
