// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { findAncestor } from "../capture/find-ancestors.ts";

/**
 * Whether the commit that is being made replaces HEAD. Git does not tell its hook, so this asks the command line of the git
 * above us where the system shows it, else guesses; once the commit exists, its parents tell, and a wrong guess is mended.
 */
export function isAmending(source: string, object: string): boolean {
  const isLikely = source === "commit" && object === "HEAD";
  if (!isLikely && source !== "message") return false;
  const words = readGitCommand();
  if (words === undefined) return isLikely;
  return words.includes("--amend") || words.some((word) => /^--am(?:e|en|end)?$/.test(word));
}

function readGitCommand(): readonly string[] | undefined {
  const git = findAncestor(({ name }) => name === "git");
  if (git === undefined) return undefined;
  try {
    return readFileSync(`/proc/${git.pid}/cmdline`, "utf8").split("\0");
  } catch {
    return undefined;
  }
}
