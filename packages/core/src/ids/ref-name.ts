// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "./core-error.ts";

/** A full reference name such as refs/heads/main. Never a short name: `main` may be a tag (T31). */
export type RefName = string;

const FORBIDDEN = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.lock(?:\/|$)|\/\.|\.$|\/$/;

/** Throws CoreError REF_NAME_MALFORMED; the rules are those of git-check-ref-format(1). */
export function parseRefName(text: string): RefName {
  if (!text.startsWith("refs/") || FORBIDDEN.test(text) || text.split("/").length < 3) {
    const hint = /^[\w.-]+$/.test(text) ? `; write refs/heads/${text}` : "; for example refs/heads/main";
    throw new CoreError(
      "REF_NAME_MALFORMED",
      `expected a full ref name, got ${JSON.stringify(text.slice(0, 80))}${hint}`,
    );
  }
  return text;
}
