// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";

/** Where the symbolic links of a tree lead: an innocent path may be infrastructure by another name (T42). */
export interface LinkMap {
  /** The path behind all links on the way; undefined where they lead out of the repository or in a circle. */
  readonly follow: (path: RepoPath) => RepoPath | undefined;
  /** Other paths under which the file at a path can be reached. */
  readonly namesOf: (path: RepoPath) => readonly RepoPath[];
}

export const NO_LINKS: LinkMap = { follow: (path) => path, namesOf: () => [] };

/** As many as Linux follows before it gives up. */
const MOST_STEPS = 40;

/** `targets`: what each symbolic link of the tree holds. */
export function createLinkMap(targets: ReadonlyMap<RepoPath, string>): LinkMap {
  if (targets.size === 0) return NO_LINKS;
  const follow = (path: RepoPath) => followLinks(targets, path);
  const names = new Map<RepoPath, RepoPath[]>();
  for (const link of targets.keys()) {
    const end = follow(link);
    if (end === undefined) continue;
    const known = names.get(end) ?? [];
    names.set(end, known);
    known.push(link);
  }
  return { follow, namesOf: (path) => listNames(names, path) };
}

function followLinks(targets: ReadonlyMap<RepoPath, string>, start: RepoPath): RepoPath | undefined {
  let path = start;
  for (let step = 0; step < MOST_STEPS; step++) {
    const link = prefixesOf(path).find((prefix) => targets.has(prefix));
    if (link === undefined) return path;
    const target = resolveLink(link, targets.get(link) ?? "");
    if (target === undefined) return undefined;
    const rest = path.slice(link.length + 1);
    path = target === "" ? rest : rest === "" ? target : `${target}/${rest}`;
  }
  return undefined;
}

/** A link to a folder gives every file below it another name. */
function listNames(names: ReadonlyMap<RepoPath, readonly RepoPath[]>, path: RepoPath): readonly RepoPath[] {
  return ["", ...prefixesOf(path)].flatMap((prefix) => {
    const rest = prefix === "" ? `/${path}` : path.slice(prefix.length);
    return (names.get(prefix) ?? []).map((link) => `${link}${rest}`);
  });
}

/** `a`, `a/b`, `a/b/c`: the shortest first. */
function prefixesOf(path: RepoPath): readonly RepoPath[] {
  const prefixes: RepoPath[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1))
    prefixes.push(path.slice(0, at));
  return [...prefixes, path];
}

/** The path a symbolic link leads to inside the repository; undefined where it leads outside. */
export function resolveLink(path: RepoPath, target: string): RepoPath | undefined {
  if (target.startsWith("/") || /^[A-Za-z]:|\\/.test(target) || target === "") return undefined;
  const parts = path.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
