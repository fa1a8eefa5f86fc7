// SPDX-License-Identifier: Apache-2.0
import {
  type ConfigurationValue,
  fieldsOf,
  literalOf,
  textsOf,
  toExpression,
  toLiteral,
} from "../configuration-value.ts";
import type { ResourceAction } from "../resource.ts";
import { findChangedAttributes } from "./changed-attributes.ts";
import type { PlannedStep, ReadSteps } from "./planned-step.ts";
import { findTerraformProblems } from "./terraform-problems.ts";

const ACTIONS: ReadonlyMap<string, ResourceAction> = new Map([
  ["create", "create"],
  ["update", "update"],
  ["delete", "delete"],
  ["delete create", "replace"],
  ["create delete", "replace"],
  // The object stays and Terraform forgets it: from then on nobody guards it.
  ["forget", "delete"],
  ["create forget", "replace"],
]);
const NOTHING_DONE = new Set(["no-op", "read", "open", "renew", "close"]);

/** `resource_changes` of Terraform's JSON output (developer.hashicorp.com/terraform/internals/json-format). */
export function toTerraformSteps(plan: ConfigurationValue): ReadSteps {
  const changes = fieldsOf(plan, "resource_changes").flatMap((list) => list.items);
  const problems = [...findTerraformProblems(plan)];
  const steps = changes.flatMap((change): readonly PlannedStep[] => {
    const [inner] = fieldsOf(change, "change");
    const word = fieldsOf(inner ?? change, "actions")
      .flatMap(textsOf)
      .join(" ");
    const action = ACTIONS.get(word) ?? toQuietAction(change, word);
    if (literalOf(inner ?? change, "after_unknown") === "true")
      problems.push(`${literalOf(change, "address") ?? "a resource"}: nothing of what it will be is known`);
    if (inner !== undefined && action !== undefined) return [toStep(change, inner, action)];
    if (!NOTHING_DONE.has(word))
      problems.push(
        `${literalOf(change, "address") ?? "a resource"}: the action ${JSON.stringify(word.slice(0, 40))} is not known`,
      );
    return [];
  });
  return { steps, problems };
}

/** What changes nothing that runs, and yet what stands under this configuration from then on. */
function toQuietAction(change: ConfigurationValue, word: string): ResourceAction | undefined {
  if (word !== "no-op") return undefined;
  const isImported = fieldsOf(change, "change")
    .flatMap((inner) => fieldsOf(inner, "importing"))
    .some(({ literal }) => literal !== "null");
  if (isImported) return "create";
  const previous = literalOf(change, "previous_address") ?? "null";
  return previous === "null" || previous === literalOf(change, "address") ? undefined : "rename";
}

function toStep(
  resource: ConfigurationValue,
  change: ConfigurationValue,
  action: ResourceAction,
): PlannedStep {
  const unknown = fieldsOf(change, "after_unknown").flatMap((value) => namesWhereTrue(value));
  const [before, after] = [
    action === "create" ? null : sideOf(change, "before"),
    action === "delete" ? null : withUnknown(sideOf(change, "after"), unknown),
  ];
  const attributes = findChangedAttributes(before, after);
  const marks = fieldsOf(change, "before_sensitive", "after_sensitive");
  const secret = new Set(marks.flatMap(namesWhereTrue));
  const isWhole = marks.some(({ literal }) => literal === "true");
  return {
    address: toAddress(resource),
    kind: "terraform",
    type: `${literalOf(resource, "mode") === "data" ? "data." : ""}${literalOf(resource, "type") ?? ""}`,
    name: literalOf(resource, "name") ?? "",
    action,
    before: before && hide(before, fieldsOf(change, "before_sensitive")[0]),
    after: after && hide(after, fieldsOf(change, "after_sensitive")[0]),
    unknown: [...new Set(unknown)].sort(),
    attributes,
    hidden: attributes.filter((name) => isWhole || secret.has(name)),
  };
}

/** What was left over of a replacement that failed half way stands under the address of what replaced it. */
function toAddress(resource: ConfigurationValue): string {
  const address = literalOf(resource, "address") ?? "";
  const deposed = literalOf(resource, "deposed") ?? "null";
  return deposed === "null" ? address : `${address} (deposed object ${deposed})`;
}

function namesWhereTrue({ fields }: ConfigurationValue): readonly string[] {
  return fields.filter(({ value }) => textsOf(value).includes("true")).map(({ name }) => name);
}

function sideOf(change: ConfigurationValue, name: "before" | "after"): ConfigurationValue | null {
  const [value] = fieldsOf(change, name);
  return value === undefined || value.literal === "null" ? null : withoutNulls(value);
}

/** Attributes that are null are not set. */
function withoutNulls(value: ConfigurationValue): ConfigurationValue {
  const fields = value.fields.filter((field) => field.value.literal !== "null");
  return {
    ...value,
    fields: fields.map((field) => ({ ...field, value: withoutNulls(field.value) })),
    items: value.items.map(withoutNulls),
  };
}

const SENSITIVE = "(sensitive)";

/** What is sensitive is not repeated. */
function hide(value: ConfigurationValue, sensitive: ConfigurationValue | undefined): ConfigurationValue {
  if (sensitive?.literal === "true") return toExpression(SENSITIVE);
  return {
    ...value,
    fields: value.fields.map((field) => ({
      ...field,
      value: hide(field.value, fieldsOf(sensitive ?? NONE, field.name)[0]),
    })),
    items: value.items.map((item, i) => hide(item, sensitive?.items[i])),
  };
}

const NONE = toLiteral("");

function withUnknown(value: ConfigurationValue | null, names: readonly string[]): ConfigurationValue | null {
  if (value === null) return null;
  const known = new Set(value.fields.map(({ name }) => name));
  const added = names
    .filter((name) => !known.has(name))
    .map((name) => ({
      name,
      value: toExpression("(known after apply)"),
      lines: [1, 1] as const,
    }));
  return { ...value, fields: [...value.fields, ...added] };
}
