// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { resolveFrom } from "../tested/folders.ts";
import { isLocalSource } from "../tested/terraform-modules.ts";
import { checkLock, compareFolder } from "./compare-folder.ts";
import type { Comparison } from "./comparison.ts";
import { readModuleCalls } from "./module-calls.ts";
import { folderOfModule, isTofuFile } from "./module-folder.ts";
import type { CommittedFolders, PlanOrigin } from "./plan-origin.ts";
import type { PlanModule, SavedPlan } from "./saved-plan.ts";

const NEVER_CHECKED = [
  "values of variables, what data sources and providers said, the state: they are in the plan, and in no commit",
  "files that functions, provisioners and providers read: they are read where it is planned, and again where it is applied",
];

/**
 * Compares the configuration that a plan was made from with a commit's, byte for byte, from the root module on through every local module that
 * is called. Which modules these are is read from the calls themselves: what the plan says of where a module came from is the planner's
 * word.
 */
export function comparePlan(plan: SavedPlan, committed: CommittedFolders): PlanOrigin {
  const isTofu = [...plan.modules.values()].some(({ files }) => [...files.keys()].some(isTofuFile));
  const counts = { modules: 0, files: 0 };
  const found = { seen: new Set<string>(), differences: [], unknown: [], foreign: [], ...counts };
  const comparison: Comparison = { ...committed, plan, isTofu, ...found };
  visit(comparison, "", committed.follow(committed.root));
  const strays = [...plan.modules.keys()].filter((key) => !comparison.seen.has(key));
  for (const key of strays)
    comparison.unknown.push(`${nameOf(key)} is in the plan, and no call that is understood leads to it`);
  const lock = checkLock(comparison);
  const { differences, unknown, foreign, modules, files } = comparison;
  return {
    status: differences.length > 0 ? "differs" : unknown.length > 0 ? "unknown" : "same",
    root: committed.root,
    ...{ modules, files, differences, unknown },
    unchecked: [
      ...foreign,
      ...lock,
      ...plan.strange.map((name) => `${name}: nobody here knows what it is in a plan`),
      ...NEVER_CHECKED,
    ],
  };
}

/** `expected`: the folder that the call leads to; undefined where that is outside of the repository. */
function visit(comparison: Comparison, key: string, expected: RepoPath | undefined): void {
  const { plan, seen, differences, unknown } = comparison;
  const module = plan.modules.get(key);
  if (module === undefined) {
    unknown.push(`${nameOf(key)} is called, and is not in the plan`);
    return;
  }
  seen.add(key);
  const folder = placeOf(comparison, module);
  if (folder === undefined || expected === undefined)
    unknown.push(`${nameOf(key)} is at ${module.dir}, outside of the repository: no commit has its files`);
  else if (folder !== expected)
    differences.push({
      path: folder || ".",
      reason: `${nameOf(key)} was read from here, and is in ${expected || "."}`,
    });
  else compareFolder(comparison, module, folder);
  const { calls, problems } = readModuleCalls(module);
  for (const problem of problems) unknown.push(`${nameOf(key)}: ${problem}`);
  for (const [name, sources] of calls) visitCall(comparison, { parent: key, name, folder, sources });
}

function placeOf({ root, follow }: Comparison, module: PlanModule): RepoPath | undefined {
  const folder = folderOfModule(root, module);
  return folder === undefined ? undefined : follow(folder);
}

interface Call {
  /** Key and folder of the module that calls. */
  readonly parent: string;
  readonly folder: RepoPath | undefined;
  readonly name: string;
  readonly sources: readonly (string | null)[];
}

function visitCall(comparison: Comparison, { parent, name, folder, sources }: Call): void {
  const key = parent === "" ? name : `${parent}.${name}`;
  const module = comparison.plan.modules.get(key);
  const here = module && placeOf(comparison, module);
  const resolve = (source: string) => {
    const path = folder === undefined ? undefined : resolveFrom(folder, source);
    return path === undefined ? undefined : comparison.follow(path);
  };
  const local = sources.filter((source) => source !== null).filter(isLocalSource);
  const places = local.map(resolve);
  const computed = sources.length === 0 || sources.includes(null);
  if (places.includes(here) || (local.length > 0 && local.length === sources.length))
    visit(comparison, key, places.includes(here) ? here : places[0]);
  // What is computed may lead to a folder of the commit; then its files are compared like all others.
  else if (computed && isCommitted(comparison, here)) visit(comparison, key, here);
  else {
    const foreign = sources.find((source) => source !== null && !local.includes(source));
    takeForeign(comparison, key, computed ? null : (foreign ?? null));
  }
}

function isCommitted({ folders }: Comparison, folder: RepoPath | undefined): boolean {
  const committed = folder === undefined ? undefined : folders.get(folder);
  return committed !== undefined && "files" in committed && committed.files.size > 0;
}

/** A module that lies in no commit of this repository, with all that it calls: only somebody's word can let it through. */
function takeForeign(comparison: Comparison, key: string, source: string | null): void {
  const { plan, seen, trusted, foreign, unknown } = comparison;
  for (const each of plan.modules.keys()) if (each === key || each.startsWith(`${key}.`)) seen.add(each);
  const version = plan.modules.get(key)?.version ?? "";
  const what = `${nameOf(key)} is ${source ?? "from a source that is computed"}${version === "" ? "" : ` ${version}`}`;
  if (source === null) unknown.push(`${what}: nobody can tell whose files these are`);
  else if (trusted.some((each) => isCovered(source, each)))
    foreign.push(`${what}: not in the commit, and taken as it is (--trust-module)`);
  else
    unknown.push(
      `${what}: its files are not in the commit; where its source is one that you trust: --trust-module '${source}'`,
    );
}

function isCovered(source: string, trusted: string): boolean {
  return trusted.endsWith("*") ? source.startsWith(trusted.slice(0, -1)) : source === trusted;
}

function nameOf(key: string): string {
  return key === "" ? "the root module" : `module.${key.split(".").join(".module.")}`;
}
