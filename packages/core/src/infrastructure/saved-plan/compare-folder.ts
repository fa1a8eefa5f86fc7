// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { compareLocks } from "./compare-lock.ts";
import type { Comparison } from "./comparison.ts";
import { isTofuFile, loadedNames } from "./module-folder.ts";
import { LOCK_FILE, type PlanModule } from "./saved-plan.ts";

/** Compares the files of one module with those of the commit's folder, in both directions. */
export function compareFolder(comparison: Comparison, module: PlanModule, folder: RepoPath): void {
  const { folders, unknown, foreign, isTofu } = comparison;
  const committed = folders.get(folder) ?? { files: new Map<string, Uint8Array | string>() };
  if ("problem" in committed) {
    unknown.push(`${folder}: ${committed.problem}`);
    return;
  }
  const expected = loadedNames([...committed.files.keys()], isTofu);
  if (expected.size === 0 && module.key === "") {
    unknown.push(
      `the commit has no configuration in ${folder || "its top folder"}; say which of its folders is the root module: --plan-root DIR`,
    );
    return;
  }
  comparison.modules++;
  const pathOf = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  if (!isTofu)
    for (const name of [...committed.files.keys()].filter(isTofuFile))
      foreign.push(`${pathOf(name)}: not in the plan, as Terraform leaves it out; OpenTofu would not`);
  for (const name of expected)
    if (!module.files.has(name)) differ(comparison, pathOf(name), "the commit has it, and the plan does not");
  for (const [name, planned] of module.files) {
    const content = expected.has(name) ? committed.files.get(name) : undefined;
    const isMade = module.key === "" && !committed.files.has(name) && comparison.generated.includes(name);
    if (content === undefined && isMade)
      foreign.push(`${pathOf(name)}: not in the commit, and taken as it is (--trust-file)`);
    else if (content === undefined)
      differ(comparison, pathOf(name), "the plan has it, and the commit does not");
    else if (typeof content === "string") unknown.push(`${pathOf(name)}: ${content}`);
    else if (isSame(planned, content)) comparison.files++;
    else differ(comparison, pathOf(name), describe(planned, content));
  }
}

function differ({ differences }: Comparison, path: RepoPath, reason: string): void {
  // A module that is called twice is in the plan twice.
  if (!differences.some((each) => each.path === path && each.reason === reason))
    differences.push({ path, reason });
}

function describe(planned: Uint8Array, committed: Uint8Array): string {
  const [a, b] = [planned, committed].map((bytes) => bytes.filter((byte) => byte !== CARRIAGE_RETURN));
  return a !== undefined && b !== undefined && isSame(a, b)
    ? "differs in the ends of its lines; plan in a checkout that does not change them (core.autocrlf=false)"
    : "was another when it was planned";
}

const CARRIAGE_RETURN = 0x0d;

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** What stays unchecked of the versions of providers; a lock that differs is a difference. */
export function checkLock({
  plan,
  root,
  follow,
  folders,
  differences,
  unknown,
}: Comparison): readonly string[] {
  const folder = folders.get(follow(root) ?? root);
  const committed = folder !== undefined && "files" in folder ? folder.files.get(LOCK_FILE) : undefined;
  const path = root === "" ? LOCK_FILE : `${root}/${LOCK_FILE}`;
  if (committed === undefined) return [`versions of providers: the commit has no ${path}`];
  if (typeof committed === "string" || plan.lock === undefined) {
    unknown.push(`${path}: ${typeof committed === "string" ? committed : "the plan holds none"}`);
    return [];
  }
  const problem = compareLocks(plan.lock, committed);
  if (problem !== undefined) differences.push({ path, reason: problem });
  return [];
}
