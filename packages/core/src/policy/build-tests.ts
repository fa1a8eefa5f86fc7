// SPDX-License-Identifier: Apache-2.0
import type { BuildContext } from "./build-context.ts";
import type { Known } from "./build-rules.ts";
import { didYouMean } from "./did-you-mean.ts";
import { factTypes } from "./fact-types.ts";
import { findFactProblems } from "./facts/check-partial-facts.ts";
import type { PolicyTest } from "./policy.ts";
import { BUILT_IN_CLASSES } from "./policy-names.ts";

/** Tests with their facts checked: a test that misspells a fact would pass for the wrong reason. */
export function buildTests(context: BuildContext, known: Known): readonly PolicyTest[] {
  const { change } = factTypes([...known.classes.keys(), ...BUILT_IN_CLASSES].sort());
  const names = new Set<string>();
  return (context.file.tests ?? []).map((file, i) => {
    const path = ["tests", i];
    if (names.has(file.name))
      context.fail(
        [...path, "name"],
        "the test's name is used twice",
        "every test name once",
        `${file.name} (2)`,
      );
    names.add(file.name);
    for (const problem of findFactProblems(file.change ?? {}, change, [...path, "change"])) {
      context.fail(problem.path, problem.message, problem.expected, problem.example);
    }
    for (const role of Object.keys(file.signOffs ?? {})) {
      if (known.roles.has(role)) continue;
      const message = `the role "${role}" is not defined${didYouMean(role, known.roles.keys())}`;
      context.fail([...path, "signOffs", role], message, "a role under `roles`", "signOffs: { senior: 1 }");
    }
    return { name: file.name, change: file.change ?? {}, signOffs: file.signOffs ?? {}, expect: file.expect };
  });
}
