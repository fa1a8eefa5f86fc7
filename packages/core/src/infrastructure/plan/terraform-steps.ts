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
import type { PlannedStep, ReadSteps } from "./planned-step.ts";

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
  const problems: string[] = [];
  if (literalOf(plan, "errored") === "true") problems.push("the plan ended in an error and is not whole");
  if (literalOf(plan, "complete") === "false") problems.push("the plan leaves changes for a later one");
  const steps = changes.flatMap((change): readonly PlannedStep[] => {
    const [inner] = fieldsOf(change, "change");
    const word = fieldsOf(inner ?? change, "actions")
      .flatMap(textsOf)
      .join(" ");
    const action = ACTIONS.get(word);
    if (inner !== undefined && action !== undefined) return [toStep(change, inner, action)];
    if (!NOTHING_DONE.has(word))
      problems.push(
        `${literalOf(change, "address") ?? "a resource"}: the action ${JSON.stringify(word.slice(0, 40))} is not known`,
      );
    return [];
  });
  return { steps, problems };
}

function toStep(
  resource: ConfigurationValue,
  change: ConfigurationValue,
  action: ResourceAction,
): PlannedStep {
  const side = (name: string): ConfigurationValue | null => {
    const [value] = fieldsOf(change, name);
    if (value === undefined || value.literal === "null") return null;
    return hide(value, fieldsOf(change, `${name}_sensitive`)[0]);
  };
  const unknown = fieldsOf(change, "after_unknown").flatMap((value) =>
    value.fields.filter((field) => textsOf(field.value).includes("true")).map(({ name }) => name),
  );
  const after = side("after");
  return {
    address: literalOf(resource, "address") ?? "",
    kind: "terraform",
    type: `${literalOf(resource, "mode") === "data" ? "data." : ""}${literalOf(resource, "type") ?? ""}`,
    name: literalOf(resource, "name") ?? "",
    action,
    before: side("before"),
    after: after === null || action === "delete" ? null : withUnknown(after, unknown),
    unknown: [...new Set(unknown)].sort(),
  };
}

const SENSITIVE = "(sensitive)";

/** Attributes that are null are not set; what is sensitive is not repeated. */
function hide(value: ConfigurationValue, sensitive: ConfigurationValue | undefined): ConfigurationValue {
  if (sensitive?.literal === "true") return toExpression(SENSITIVE);
  return {
    ...value,
    fields: value.fields
      .filter((field) => field.value.literal !== "null")
      .map((field) => ({ ...field, value: hide(field.value, fieldsOf(sensitive ?? NONE, field.name)[0]) })),
    items: value.items.map((item, i) => hide(item, sensitive?.items[i])),
  };
}

const NONE = toLiteral("");

function withUnknown(value: ConfigurationValue, names: readonly string[]): ConfigurationValue {
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
