// SPDX-License-Identifier: Apache-2.0
import picomatch from "picomatch";

const MAX_BRACES = 8;
const MAX_WILDCARDS = 16;

/**
 * Matches a repository path against globs. Case and Unicode spelling never matter: `INFRA/IAM.TF` and a decomposed
 * `é` reach the same file on some of the machines that will use it (T43).
 */
export function createPathMatcher(globs: readonly string[]): (foldedPath: string) => boolean {
  const matchers = globs.map((glob) => picomatch(foldPath(glob.replace(/^\.?\//, "")), OPTIONS));
  return (path) => matchers.some((matches) => matches(path));
}

/**
 * Dotfiles count like all others; extglobs and leading `!` are off. The `s` flag lets `*` and `**` cross the line feeds
 * that Git allows in names; without it `infra/a\n/x.tf` would escape `**\/*.tf`. `deploy/**` also matches `deploy`
 * itself, which a symbolic link or a submodule may replace (T42).
 */
const OPTIONS = {
  dot: true,
  noextglob: true,
  nonegate: true,
  posix: false,
  windows: false,
  flags: "s",
} as const;

// Code points that HFS+ and APFS leave out when they compare names.
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/**
 * The form in which paths and globs are compared: NFC and full case folding, so that a long s (U+017F), a Kelvin sign or
 * a dotless i is the letter that some file system takes it for. Over-matching only makes a class stricter.
 */
export function foldPath(path: string): string {
  // Windows drops full stops and blanks at the end of a name: `main.tf.` is `main.tf` there.
  const trimmed = path.replace(TRAILING, "");
  // Without letters outside ASCII one pass is enough, and nearly every path is such.
  if (ASCII.test(trimmed)) return trimmed.toLowerCase();
  let folded = trimmed;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const next = folded.replace(IGNORED, "").normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
    if (next === folded) break;
    folded = next;
  }
  return folded;
}

const TRAILING = /(?<=[^/])[. ]+(?=\/|$)/g;
const ASCII = /^[ -~]*$/;
// Some letters take two passes, such as those that fold to a letter and a mark; none is known to take three.
const MAX_PASSES = 4;

/** Why a glob cannot be used, or undefined. Bounds what a match can cost: picomatch compiles to a backtracking regex. */
export function findGlobProblem(glob: string): string | undefined {
  if (glob.replace(/^\.?\//, "").trim() === "") return "the glob is empty";
  if (glob.startsWith("!")) return `"${glob}" begins with !, which has no meaning here`;
  if (/[!?@*+]\(/.test(glob)) return `"${glob}" holds an extended glob such as !(…)`;
  if ((glob.match(/\{/g)?.length ?? 0) > MAX_BRACES || (glob.match(/\*+/g)?.length ?? 0) > MAX_WILDCARDS) {
    return "the glob has too many wildcards";
  }
  if (/(?:^|\/)\.\.?(?:\/|$)/.test(glob.replace(/^\.\//, ""))) return `"${glob}" holds a . or .. segment`;
  try {
    picomatch.makeRe(foldPath(glob), OPTIONS);
    return undefined;
  } catch {
    return `"${glob}" is not a glob`;
  }
}
