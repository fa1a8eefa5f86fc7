// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "../../ids/index.ts";
import type { RuleDefinition, RuleEffect } from "../policy.ts";
import type { Rule } from "../rule.ts";
import { cannotEvaluate } from "./cannot-evaluate.ts";
import { filesOf } from "./files-of.ts";
import { findHeldCommits } from "./find-held-commits.ts";

/** A rule whose `when` already held and whose `assert` must hold for the same change or commits. */
export function assertion(
  definition: RuleDefinition,
  effect: Extract<RuleEffect, { kind: "assert" }>,
  among: readonly ObjectId[],
): Rule {
  return {
    name: definition.id,
    evaluate(context) {
      const held = findHeldCommits(context, definition, effect.expression, new Set(among));
      if (held.problem !== null)
        return [cannotEvaluate(definition.id, "assert", effect.expression, held.problem)];
      const failing = definition.scope === "commit" ? held.others : held.holds ? [] : held.commits;
      const isMet = definition.scope === "commit" ? failing.length === 0 : held.holds;
      if (isMet) {
        const reason = `\`assert: ${effect.expression}\` holds`;
        return [{ rule: definition.id, status: "pass", reason, commits: among, files: [], missing: null }];
      }
      const files = filesOf(context, definition, failing);
      return [
        {
          rule: definition.id,
          status: "fail",
          reason: effect.message,
          commits: failing,
          files,
          missing: null,
        },
      ];
    },
  };
}
