// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "../../ids/index.ts";
import { type CompiledExpression, compileExpression } from "../cel/compile-expression.ts";
import type { RuleDefinition } from "../policy.ts";
import type { RuleContext } from "../rule.ts";

/** Where an expression is true: for the change, or for each of its commits. */
export interface HeldAnswer {
  /** True where it holds at least once. */
  readonly holds: boolean;
  /** Commits for which it holds; all of the change's where it looks at the change. */
  readonly commits: readonly ObjectId[];
  /** Commits for which it is false; empty where it looks at the change. */
  readonly others: readonly ObjectId[];
  /** Why it could not be evaluated somewhere; the rule then fails, whatever else it found. */
  readonly problem: string | null;
}

const COMPILED = new Map<string, CompiledExpression>();
const MAX_COMPILED = 1_000;

/** Evaluates an expression of a rule in the rule's scope. */
export function findHeldCommits(
  context: RuleContext,
  definition: Pick<RuleDefinition, "scope">,
  expression: string,
  among?: ReadonlySet<ObjectId>,
): HeldAnswer {
  const evaluate = compiled(expression);
  const { change } = context.policyFacts;
  if (definition.scope === "change") {
    const answer = evaluate({ change });
    const commits = change.commits.map((commit) => commit.id);
    if ("problem" in answer) return { holds: false, commits, others: [], problem: answer.problem };
    return { holds: answer.value, commits, others: [], problem: null };
  }
  const commits: ObjectId[] = [];
  const others: ObjectId[] = [];
  let problem: string | null = null;
  for (const commit of change.commits) {
    if (among !== undefined && !among.has(commit.id)) continue;
    const answer = evaluate({ change, commit });
    if ("problem" in answer) problem ??= `${answer.problem} (commit ${commit.id.slice(0, 12)})`;
    else (answer.value ? commits : others).push(commit.id);
  }
  return { holds: commits.length > 0, commits, others, problem };
}

/** Expressions compiled once: a policy evaluates the same few for every change. */
function compiled(expression: string): CompiledExpression {
  const known = COMPILED.get(expression);
  if (known !== undefined) return known;
  if (COMPILED.size >= MAX_COMPILED) COMPILED.clear();
  const fresh = compileExpression(expression);
  COMPILED.set(expression, fresh);
  return fresh;
}
