// SPDX-License-Identifier: Apache-2.0
import type { BuildContext } from "./build-context.ts";
import { buildDuration } from "./build-interval.ts";
import { checkSignOffRole } from "./build-roles.ts";
import { checkExpression } from "./cel/check-expression.ts";
import { didYouMean } from "./did-you-mean.ts";
import type {
  CarryOver,
  ClassDefinition,
  Person,
  Role,
  RuleDefinition,
  RuleEffect,
  SignOffRequirement,
} from "./policy.ts";
import { BUILT_IN_CLASSES } from "./policy-names.ts";
import type { RuleFile } from "./schema.ts";
import type { Path, Position } from "./yaml-source.ts";

/** What rules may refer to. */
export interface Known {
  readonly people: ReadonlyMap<string, Person>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly classes: ReadonlyMap<string, ClassDefinition>;
}

/** Names of rules that the evaluator itself uses in findings. */
const RESERVED = new Set([
  "signalled",
  "unknown-provenance",
  "undeclared",
  "contradictory-claim",
  "incomplete-history",
  "too-large",
  "suspicious-path",
  "no-changes",
  "policy-change",
  "unknown-author",
  "break-glass",
  "post-review",
  "rejected",
]);

/** A rule as written, with where it stands; profile rules stand in no file of the user's. */
export interface RuleOrigin {
  readonly file: RuleFile;
  readonly path: Path;
  readonly position: Position | null;
  readonly asker: string;
}

export function buildRules(
  context: BuildContext,
  origins: readonly RuleOrigin[],
  known: Known,
): readonly RuleDefinition[] {
  const seen = new Set<string>();
  return origins.map((origin) => {
    const { file, path } = origin;
    if (seen.has(file.id))
      context.fail(
        [...path, "id"],
        `the rule id "${file.id}" is used twice`,
        "every rule id once",
        `${file.id}-2`,
      );
    if (RESERVED.has(file.id))
      context.fail([...path, "id"], `the rule id "${file.id}" is built in`, "another id", `our-${file.id}`);
    seen.add(file.id);
    const scope = file.forEach ?? "change";
    const when = file.when ?? "true";
    checkCel(context, when, [...path, "when"], scope, known);
    return {
      id: file.id,
      description: file.description ?? null,
      when,
      scope,
      effect: buildEffect(context, origin, scope, known),
      position: origin.position,
    };
  });
}

function buildEffect(
  context: BuildContext,
  origin: RuleOrigin,
  scope: "change" | "commit",
  known: Known,
): RuleEffect {
  const { file, path } = origin;
  const effects = (["require", "deny", "assert"] as const).filter((name) => file[name] !== undefined);
  if (effects.length !== 1) {
    const message = effects.length === 0 ? "the rule does nothing" : `the rule has ${effects.join(" and ")}`;
    context.fail(
      path,
      message,
      "exactly one of require, deny, assert",
      "require: { role: senior, count: 1 }",
    );
  }
  if ((file.message !== undefined) !== (file.assert !== undefined)) {
    const message = file.message === undefined ? "`assert` has no message" : "`message` without `assert`";
    context.fail(
      path,
      message,
      "`assert` and `message` together",
      'assert: commit.signedOffByAuthor\nmessage: "sign off your commits"',
    );
  }
  if (file.require !== undefined) return buildRequirement(context, origin, file.require, known);
  if (file.assert === undefined) return { kind: "deny", message: file.deny ?? "" };
  checkCel(context, file.assert, [...path, "assert"], scope, known);
  return { kind: "assert", expression: file.assert, message: file.message ?? "" };
}

function buildRequirement(
  context: BuildContext,
  origin: RuleOrigin,
  file: NonNullable<RuleFile["require"]>,
  known: Known,
): SignOffRequirement {
  const path = [...origin.path, "require"];
  checkSignOffRole(context, file.role, [...path, "role"], known, origin.asker);
  return {
    kind: "sign-off",
    role: file.role,
    count: file.count ?? 1,
    maxAge: buildDuration(context, file.maxAge, [...path, "maxAge"]),
    minReviewTime: buildDuration(context, file.minReviewTime, [...path, "minReviewTime"]),
    carryOver: buildCarryOver(context, file.carryOver, [...path, "carryOver"], known),
    keys: file.keys ?? "any",
  };
}

type CarryOverFile = NonNullable<RuleFile["require"]>["carryOver"];

function buildCarryOver(context: BuildContext, file: CarryOverFile, path: Path, known: Known): CarryOver {
  if (file === undefined) return { kind: "always" };
  if (file === "always" || file === "never") return { kind: file };
  const className = typeof file === "string" ? file.replace(/^unless: ?/, "") : file.unless;
  const names = [...known.classes.keys(), ...BUILT_IN_CLASSES];
  if (!names.includes(className)) {
    const message = `the class "${className}" is not defined${didYouMean(className, names)}`;
    context.fail(
      path,
      message,
      "a class under `classes`",
      `classes: { ${className}: { paths: ["**/*.tf"] } }`,
    );
  }
  return { kind: "unless", className };
}

function checkCel(
  context: BuildContext,
  text: string,
  path: Path,
  scope: "change" | "commit",
  known: Known,
): void {
  const classes = [...known.classes.keys(), ...BUILT_IN_CLASSES].sort();
  for (const problem of checkExpression(text, { scope, classes })) {
    const at = context.source.positionInside(path, problem.line, problem.column);
    context.fail(path, problem.message, problem.expected, problem.example, at);
  }
}
