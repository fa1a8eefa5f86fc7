// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { resolveFrom } from "../tested/folders.ts";
import { isLocalSource } from "../tested/terraform-modules.ts";
import { compareLocks } from "./compare-lock.ts";
import { readModuleCalls } from "./module-calls.ts";
import { folderOfModule, isTofuFile, loadedNames } from "./module-folder.ts";
import type { CommittedFolders, PlanDifference, PlanOrigin } from "./plan-origin.ts";
import { LOCK_FILE, type PlanModule, type SavedPlan } from "./saved-plan.ts";

interface Comparison extends CommittedFolders {
  readonly plan: SavedPlan;
  readonly isTofu: boolean;
  /** Keys of modules that were accounted for. */
  readonly seen: Set<string>;
  readonly differences: PlanDifference[];
  readonly unknown: string[];
  readonly foreign: string[];
  modules: number;
  files: number;
}

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

function compareFolder(comparison: Comparison, module: PlanModule, folder: RepoPath): void {
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
    if (content === undefined) addStranger(comparison, module, pathOf(name), name);
    else if (typeof content === "string") unknown.push(`${pathOf(name)}: ${content}`);
    else if (isSame(planned, content)) comparison.files++;
    else differ(comparison, pathOf(name), describe(planned, content));
  }
}

/** Never in place of a file of the commit: what it has is compared. */
function addStranger(comparison: Comparison, module: PlanModule, path: RepoPath, name: string): void {
  const isKnown = module.key === "" && comparison.generated.includes(name);
  if (isKnown) comparison.foreign.push(`${path}: not in the commit, and taken as it is (--trust-file)`);
  else differ(comparison, path, "the plan has it, and the commit does not");
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
function checkLock({ plan, root, follow, folders, differences, unknown }: Comparison): readonly string[] {
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

function nameOf(key: string): string {
  return key === "" ? "the root module" : `module.${key.split(".").join(".module.")}`;
}
