// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";

export type OwnerPattern = (path: RepoPath) => boolean;

const ANY = "**";

/**
 * A pattern of CODEOWNERS: gitignore's, without `!` and `[…]`, and with one difference: `docs/*` is what lies in `docs` and not what lies
 * deeper. Case matters. Undefined for what CODEOWNERS does not have. Without regular expressions: a file in the history that is looked at
 * must not choose how long looking takes.
 */
export function compileOwnerPattern(pattern: string): OwnerPattern | undefined {
  if (/^!|[[\]]|\*{3}/.test(pattern) || pattern.length > MOST_CHARACTERS) return undefined;
  const isFolder = pattern.endsWith("/");
  const parts = pattern.split("/").filter((part) => part !== "");
  if (parts.length === 0) return undefined;
  // A slash at the beginning or within binds to the top; at the end it only says that a folder is meant.
  const isBound = pattern.slice(0, -1).includes("/");
  const wanted = isBound ? parts : [ANY, ...parts];
  const last = wanted.at(-1);
  const reach = isFolder ? "below" : last === "*" && isBound ? "itself" : "both";
  return (path) => matchParts(wanted, path.split("/"), reach);
}

const MOST_CHARACTERS = 1000;

/** Whether the pattern means what it names, what lies below that, or both. */
type Reach = "itself" | "below" | "both";

/** Every place of the path that the pattern can have come to, part by part: the work is the product of both lengths. */
function matchParts(wanted: readonly string[], path: readonly string[], reach: Reach): boolean {
  let open = new Set([0]);
  for (const [at, part] of wanted.entries()) {
    const next = new Set<number>();
    for (const place of open) {
      if (part === ANY) {
        // At the end `**` is everything below, and not the folder itself.
        const first = at === wanted.length - 1 ? place + 1 : place;
        for (let to = first; to <= path.length; to++) next.add(to);
      } else if (place < path.length && matchPart(part, path[place] ?? "")) next.add(place + 1);
    }
    open = next;
  }
  const isAll = open.has(path.length);
  const isBelow = [...open].some((place) => place < path.length);
  return (reach !== "below" && isAll) || (reach !== "itself" && isBelow);
}

/** `*` and `?` within one name; a backslash takes the next character as it is. Goes back to the last `*` only, so it is never exponential. */
function matchPart(pattern: string, name: string): boolean {
  let [at, to] = [0, 0];
  let [star, from] = [-1, 0];
  while (to < name.length) {
    const isEscaped = pattern[at] === "\\" && at + 1 < pattern.length;
    if (!isEscaped && pattern[at] === "*") {
      [star, from] = [at++, to];
    } else if (isEscaped ? pattern[at + 1] === name[to] : pattern[at] === "?" || pattern[at] === name[to]) {
      at += isEscaped ? 2 : 1;
      to++;
    } else if (star >= 0) {
      [at, to] = [star + 1, ++from];
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
