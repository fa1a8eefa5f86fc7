// SPDX-License-Identifier: Apache-2.0
import { compileOwnerPattern, type OwnerPattern } from "./owner-pattern.ts";

export interface OwnerRule {
  readonly matches: OwnerPattern;
  /** As written: `@org/team`, `@login`, an e-mail; empty for a rule that says that nobody owns it. */
  readonly owners: readonly string[];
}

export interface Codeowners {
  /** In the file's order; the last that matches a path decides. */
  readonly rules: readonly OwnerRule[];
  /** 1-based lines that say nothing, since GitHub would skip them: a pattern that CODEOWNERS does not have, or an owner that is none. */
  readonly skipped: readonly number[];
}

/** GitHub's own limit is 3 MB; more rules than this are nobody's that was written by hand, and each path may be compared with all. */
export const MOST_OWNER_RULES = 10_000;

/**
 * Reads a CODEOWNERS file as GitHub does (docs.github.com, "About code owners"): a pattern, owners behind blanks, `#` begins a comment. Never
 * throws; rules beyond {@link MOST_OWNER_RULES} are skipped.
 */
export function parseCodeowners(text: string): Codeowners {
  const rules: OwnerRule[] = [];
  const skipped: number[] = [];
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const [pattern, ...owners] = splitLine(line);
    if (pattern === undefined) continue;
    const matches = compileOwnerPattern(pattern);
    if (matches === undefined || !owners.every(isOwner) || rules.length >= MOST_OWNER_RULES)
      skipped.push(at + 1);
    else rules.push({ matches, owners });
  }
  return { rules, skipped };
}

/** Words; a blank behind a backslash belongs to its word, and what follows a `#` that begins a word is a comment. */
function splitLine(line: string): readonly string[] {
  const words = line.match(/(?:\\.|[^\s\\]|\\$)+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith("#"));
  return comment < 0 ? words : words.slice(0, comment);
}

/** GitLab's `@group/subgroup/team` and roles such as `@@maintainers` are owners too. */
const OWNER = /^(?:@{1,2}[\w.-]+(?:\/[\w.-]+)*|[^@\s]+@[^@\s]+)$/;

function isOwner(word: string): boolean {
  return OWNER.test(word);
}
