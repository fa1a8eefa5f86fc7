// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { CheckCall } from "./check-calls.ts";
import { MOST_TEST_FILES, type Texts } from "./coverage.ts";
import { isInside, resolveFrom } from "./folders.ts";

/** conftest tests nothing without a rule that can say no, in the package that it looks at: `main`, unless it is told of others. */
export function hasPolicy(
  { tool, args, command }: CheckCall,
  policies: ReadonlyMap<RepoPath, string>,
): boolean {
  if (tool.name !== "conftest") return true;
  const wordAfter = (...names: readonly string[]) => args[args.findIndex((word) => names.includes(word)) + 1];
  const has = (...names: readonly string[]) => args.some((word) => names.includes(word));
  const given = has("-p", "--policy") ? wordAfter("-p", "--policy") : "policy";
  const folder = resolveFrom(command.folder ?? "", given ?? "");
  const name = has("-n", "--namespace") ? wordAfter("-n", "--namespace") : "main";
  const isAny = has("--all-namespaces");
  return (
    folder !== undefined &&
    [...policies].some(([path, own]) => isInside(path, folder) && (isAny || own === name))
  );
}

const RULE = /^(?:default[ \t]+)?(?:deny|violation)(?:_\w+)?\b/m;
const PACKAGE = /^package[ \t]+([\w.]+)/m;

/** Files of policies that have such a rule, with their packages. */
export function* readPolicies(
  calls: readonly CheckCall[],
  paths: readonly RepoPath[],
): Generator<readonly RepoPath[], ReadonlyMap<RepoPath, string>, Texts> {
  const isAsked = calls.some(({ tool }) => tool.name === "conftest");
  const asked = isAsked ? paths.filter((path) => path.endsWith(".rego") && !path.endsWith("_test.rego")) : [];
  if (asked.length === 0) return new Map();
  const texts = yield asked.slice(0, MOST_TEST_FILES);
  return new Map(
    asked.flatMap((path) => {
      const text = texts.get(path) ?? "";
      return RULE.test(text) ? [[path, PACKAGE.exec(text)?.[1] ?? ""] as const] : [];
    }),
  );
}
