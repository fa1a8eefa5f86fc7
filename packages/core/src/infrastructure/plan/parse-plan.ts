// SPDX-License-Identifier: Apache-2.0
import { categorize } from "../categorize.ts";
import { type ConfigurationValue, fieldsOf, toExpression } from "../configuration-value.ts";
import { toChangeView } from "../dangers/change-view.ts";
import { findDangers } from "../dangers/find-dangers.ts";
import { isStore } from "../dangers/find-replacement-dangers.ts";
import type { Category, Danger, DeclaredResource, InfrastructureKind, ResourceAction } from "../resource.ts";
import { readJsonValue } from "../text/json-value.ts";
import type { PlannedStep } from "./planned-step.ts";
import { toPulumiSteps } from "./pulumi-steps.ts";
import { toTerraformSteps } from "./terraform-steps.ts";

/** A resource as a tool says that it will change it, which knows what no text tells: counts, modules, what is there already. */
export interface PlannedResource {
  /** The whole address: `module.vpc.aws_route.default["a"]`, or a Pulumi URN. */
  readonly address: string;
  readonly kind: InfrastructureKind;
  readonly type: string;
  readonly name: string;
  readonly category: Category;
  readonly action: ResourceAction;
  /** Top-level attributes that differ, sorted. */
  readonly attributes: readonly string[];
  /** Those whose value nobody knows until it is applied, sorted: no danger of theirs can be ruled out. */
  readonly unknown: readonly string[];
  /** Attributes that differ and whose value the tool calls secret, sorted: no danger of theirs can be ruled out either. */
  readonly hidden: readonly string[];
  readonly dangers: readonly Danger[];
}

export interface Plan {
  readonly tool: "terraform" | "pulumi";
  readonly resources: readonly PlannedResource[];
  /** Why the plan does not tell everything, a line each; empty where it does. */
  readonly problems: readonly string[];
}

/** Plans of thousands of resources are a few megabytes. Bytes, and so characters. */
export const LARGEST_PLAN = 64 * 1024 * 1024;

/**
 * Reads `terraform show -json PLAN` or `pulumi preview --json`. Values that the tool marks as sensitive appear in no reason. Undefined where
 * the text is neither.
 */
export function parsePlan(text: string): Plan | undefined {
  if (text.length > LARGEST_PLAN) return undefined;
  const { value, problems } = readJsonValue(text);
  const isTerraform =
    fieldsOf(value, "format_version").length > 0 &&
    fieldsOf(value, "resource_changes", "planned_values").length > 0;
  const isPulumi = fieldsOf(value, "steps").length > 0;
  if (!isTerraform && !isPulumi) return undefined;
  const { steps, problems: own } = isTerraform ? toTerraformSteps(value) : toPulumiSteps(value);
  return {
    tool: isTerraform ? "terraform" : "pulumi",
    resources: steps.map(toPlanned),
    problems: [...problems, ...own],
  };
}

function toPlanned(step: PlannedStep): PlannedResource {
  const { address, kind, type, name, action, before, after, attributes, unknown, hidden } = step;
  const declare = (body: ConfigurationValue): DeclaredResource => ({ kind, type, name, lines: [1, 1], body });
  const pair = {
    before: before === null ? null : declare(before),
    after: after === null ? null : declare(after),
  };
  const category = categorize(declare(after ?? before ?? NOTHING));
  const view = toChangeView(pair, category);
  const dangers = findDangers(view);
  const isLost =
    action === "replace" && isStore(view) && !dangers.some(({ code }) => code === "data-store-replaced");
  const lost: Danger = {
    code: "data-store-replaced",
    reason: "the plan deletes the data store and makes it anew",
  };
  return {
    ...{ address, kind, type, name, category, action, attributes, unknown, hidden },
    dangers: isLost ? [...dangers, lost] : dangers,
  };
}

const NOTHING: ConfigurationValue = toExpression("{}");
