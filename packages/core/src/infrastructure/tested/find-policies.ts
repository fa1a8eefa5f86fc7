// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { CheckCall } from "./check-calls.ts";
import { MOST_TEST_FILES, type Texts } from "./coverage.ts";
import { isInside, resolveFrom } from "./folders.ts";

/** conftest tests nothing without a rule that can say no. */
export function hasPolicy({ tool, args, command }: CheckCall, policies: ReadonlySet<RepoPath>): boolean {
  if (tool.name !== "conftest") return true;
  const at = args.findIndex((word) => word === "-p" || word === "--policy");
  const folder = resolveFrom(command.folder ?? "", at < 0 ? "policy" : (args[at + 1] ?? ""));
  return folder !== undefined && [...policies].some((path) => isInside(path, folder));
}

const RULE = /^(?:default[ \t]+)?(?:deny|violation)(?:_\w+)?\b/m;

/** Files of policies that have such a rule. */
export function* readPolicies(
  calls: readonly CheckCall[],
  paths: readonly RepoPath[],
): Generator<readonly RepoPath[], ReadonlySet<RepoPath>, Texts> {
  const isAsked = calls.some(({ tool }) => tool.name === "conftest");
  const asked = isAsked ? paths.filter((path) => path.endsWith(".rego") && !path.endsWith("_test.rego")) : [];
  if (asked.length === 0) return new Set();
  const texts = yield asked.slice(0, MOST_TEST_FILES);
  return new Set(asked.filter((path) => RULE.test(texts.get(path) ?? "")));
}
