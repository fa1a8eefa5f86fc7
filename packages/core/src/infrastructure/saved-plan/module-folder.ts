// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { resolveFrom } from "../tested/folders.ts";
import { LOCK_FILE, type PlanModule, type SavedPlan } from "./saved-plan.ts";

/** Where the commit would have a module; undefined outside of the repository. */
export function folderOfModule(root: RepoPath, { dir }: Pick<PlanModule, "dir">): RepoPath | undefined {
  return /^(?:[/\\]|[A-Za-z]:)/.test(dir) ? undefined : resolveFrom(root, dir.replaceAll("\\", "/"));
}

/** Every folder in which the commit may have a module of the plan. */
export function foldersOfPlan(root: RepoPath, { modules }: SavedPlan): ReadonlySet<RepoPath> {
  const folders = [...modules.values()].map((module) => folderOfModule(root, module));
  return new Set([root, ...folders.filter((folder) => folder !== undefined)]);
}

const CONFIGURATION = /\.(?:tf|tofu)(?:\.json)?$/;

/** Whether a comparison needs a file of this name: what Terraform and OpenTofu load of a module, and what pins providers. */
export function isPlanFile(name: string): boolean {
  // Hidden files and those of editors are left alone by both.
  const isIgnored = name.startsWith(".") || name.endsWith("~") || /^#.*#$/s.test(name);
  return name === LOCK_FILE || (CONFIGURATION.test(name) && !isIgnored);
}

/** Names that the program would load: OpenTofu takes `a.tofu` in place of `a.tf`, Terraform leaves the first alone. */
export function loadedNames(names: readonly string[], isTofu: boolean): ReadonlySet<string> {
  const all = new Set(names.filter((name) => CONFIGURATION.test(name)));
  const isTwin = (name: string) => all.has(name.replace(/\.tf(\.json)?$/, ".tofu$1"));
  return new Set([...all].filter((name) => (isTofu ? isTofuFile(name) || !isTwin(name) : !isTofuFile(name))));
}

export function isTofuFile(name: string): boolean {
  return /\.tofu(?:\.json)?$/.test(name);
}
