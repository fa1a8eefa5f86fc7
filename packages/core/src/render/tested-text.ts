// SPDX-License-Identifier: Apache-2.0
import type { Tested } from "../infrastructure/index.ts";
import { displayText } from "./display-text.ts";

/** Whether anything tests a resource, in a word or two after others; nothing where nobody knows how it would be tested. */
export function testedSuffix({ tested, testedBy }: Tested): string {
  if (tested === "yes") return ", tested";
  if (tested === "no") return ", no test";
  return testedBy.length === 0 ? "" : ", perhaps tested";
}

/** The same with the files that say so, a line each. */
export function testedLines({ tested, testedBy }: Tested): readonly string[] {
  if (tested === "no") return ["no test of it was found"];
  const word = tested === "yes" ? "tested by" : "perhaps tested by";
  return testedBy.map(({ path, reason }) => `${word} ${displayText(path, 200)}: ${displayText(reason, 300)}`);
}
