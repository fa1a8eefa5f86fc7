// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf, flattenValue, literalOf } from "../configuration-value.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type ChangeView, describe, toSnake } from "./change-view.ts";

/** Rules by which a mesh refuses: one that asks for more, or leaves more out, refuses less than it did. */
export function findLiftedDenials({ type, pair: { before, after } }: ChangeView): readonly Danger[] {
  if (type !== "authorization_policy" || before === null || after === null) return [];
  if (!refuses(before) || !refuses(after)) return [];
  const now = rulesOf(after);
  const lifted = rulesOf(before).filter((rule) => !now.some((other) => refusesAsMuch(other, rule)));
  return describe(
    "privilege-widened",
    "no longer refuses all of",
    lifted.map((rule) => [...rule].map(([path, texts]) => `${path} ${texts.join(", ")}`).join(" and ")),
  );
}

const specOf = ({ body }: DeclaredResource) => fieldsOf(body, "spec");
const refuses = (resource: DeclaredResource) =>
  specOf(resource).some((spec) => literalOf(spec, "action") === "DENY");

// Each is compared with each.
const MOST_RULES = 300;

/** Texts by their path. */
type Rule = ReadonlyMap<string, readonly string[]>;

function rulesOf(resource: DeclaredResource): readonly Rule[] {
  return specOf(resource)
    .flatMap((spec) => fieldsOf(spec, "rules"))
    .flatMap(({ items }) => items.slice(0, MOST_RULES).map(toRule));
}

function toRule(rule: ConfigurationValue): Rule {
  const texts = new Map<string, string[]>();
  for (const { path, text } of flattenValue(rule)) {
    if (path === "") continue;
    const known = texts.get(toSnake(path));
    if (known === undefined) texts.set(toSnake(path), [text]);
    else known.push(text);
  }
  return texts;
}

const LEAVES_OUT = /(?:^|\.)not_\w+$/;

/** It asks for nothing that the other one does not, for as many values of each, and leaves no more out. */
function refusesAsMuch(rule: Rule, old: Rule): boolean {
  return [...rule].every(([path, texts]) => {
    const was = old.get(path);
    if (was === undefined) return false;
    return LEAVES_OUT.test(path)
      ? texts.every((text) => was.includes(text))
      : was.every((text) => texts.includes(text) || texts.includes("*"));
  });
}
