// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "../../ids/index.ts";
import type { RuleDefinition, RuleEffect } from "../policy.ts";
import type { Rule } from "../rule.ts";
import { filesOf } from "./files-of.ts";

/** A rule whose `when` already held and that denies. */
export function denial(
  definition: RuleDefinition,
  effect: Extract<RuleEffect, { kind: "deny" }>,
  commits: readonly ObjectId[],
): Rule {
  return {
    name: definition.id,
    evaluate(context) {
      const files = filesOf(context, definition, commits);
      return [{ rule: definition.id, status: "fail", reason: effect.message, commits, files, missing: null }];
    },
  };
}
