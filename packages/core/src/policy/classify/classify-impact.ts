// SPDX-License-Identifier: Apache-2.0
import { CATEGORIES, type Impact } from "../../infrastructure/index.ts";
import type { ChangedFile } from "../change.ts";
import { IMPACT_FACTS, TESTED_FACTS } from "../fact-types.ts";
import type { Policy } from "../policy.ts";
import { CONTENT_DETECTORS } from "./content-detectors.ts";

/** Categories of resources that no detector looks for; in `content` they mean files that hold a touched resource of the category. */
export const IMPACT_CONTENT: readonly string[] = CATEGORIES.filter(
  (category) => category !== "other" && !CONTENT_DETECTORS.has(category),
);

/** Whether the verdict depends on which infrastructure the change touches. */
export function asksForImpact({ rules, classes }: Pick<Policy, "rules" | "classes">): boolean {
  const isNamed = [...classes.values()].some(({ content }) =>
    content.some((name) => IMPACT_CONTENT.includes(name)),
  );
  return isNamed || isWritten(IMPACT_FACTS, rules);
}

/** Whether a rule asks if anything tests what is touched. */
export function asksForTested({ rules }: Pick<Policy, "rules">): boolean {
  return isWritten(TESTED_FACTS, rules);
}

function isWritten(word: RegExp, rules: Policy["rules"]): boolean {
  return rules.some(({ when, effect }) =>
    word.test(`${when} ${effect.kind === "assert" ? effect.expression : ""}`),
  );
}

/**
 * The files with the classes that follow from what they hold: by the categories of the resources that the change touches there, and of a
 * file that is not understood every class that asks about content.
 */
export function withImpactClasses(
  policy: Pick<Policy, "classes">,
  files: readonly ChangedFile[],
  { resources, unparsed }: Impact,
): readonly ChangedFile[] {
  const asking = [...policy.classes.values()].filter(({ content }) => content.length > 0);
  if (asking.length === 0) return files;
  const found = new Map<string, Set<string>>();
  const add = (path: string | null, id: string) => {
    if (path !== null) found.set(path, (found.get(path) ?? new Set()).add(id));
  };
  for (const { id, content } of asking) {
    for (const { path, oldPath, category } of resources)
      if (content.includes(category)) for (const each of [path, oldPath]) add(each, id);
    for (const { path } of unparsed) add(path, id);
  }
  return files.map((file) => {
    const more = found.get(file.path);
    return more === undefined ? file : { ...file, classes: [...new Set([...file.classes, ...more])].sort() };
  });
}
