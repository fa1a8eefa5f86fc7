// SPDX-License-Identifier: Apache-2.0
import {
  type ConfigurationValue,
  fieldsOf,
  flattenValue,
  literalOf,
  objectsIn,
  textsOf,
  toExpression,
} from "../configuration-value.ts";
import type { ResourceAction } from "../resource.ts";
import { findChangedAttributes } from "./changed-attributes.ts";
import type { PlannedStep, ReadSteps } from "./planned-step.ts";

const ACTIONS: ReadonlyMap<string, ResourceAction> = new Map([
  ["create", "create"],
  ["import", "create"],
  ["update", "update"],
  ["delete", "delete"],
  ["discard", "delete"],
  ["replace", "replace"],
]);
/** Halves of a replacement, which has a step of its own, and what changes nothing. */
const PASSED = new Set([
  "same",
  "read",
  "refresh",
  "create-replacement",
  "delete-replaced",
  "read-replacement",
  "discard-replaced",
  "read-discard",
  "remove-pending-replace",
  "import-replacement",
]);
/** What Pulumi writes for a value that nobody knows yet (sdk/go/common/resource/plugin, UnknownStringValue). */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** `steps` of `pulumi preview --json`. */
export function toPulumiSteps(preview: ConfigurationValue): ReadSteps {
  const problems: string[] = [];
  const errors = fieldsOf(preview, "diagnostics").flatMap((list) =>
    list.items.filter((item) => literalOf(item, "severity") === "error"),
  );
  if (errors.length > 0 || literalOf(preview, "maybeCorrupt") === "true")
    problems.push("the preview ended in an error and is not whole");
  if (fieldsOf(preview, "steps").some(({ text, literal }) => text !== "[]" && literal !== "null"))
    problems.push("steps is no list");
  const steps = fieldsOf(preview, "steps")
    .flatMap((list) => list.items)
    .flatMap((step): readonly PlannedStep[] => {
      const op = literalOf(step, "op") ?? "";
      const action = ACTIONS.get(op);
      if (action !== undefined) return [toStep(step, action)];
      if (!PASSED.has(op))
        problems.push(
          `${literalOf(step, "urn") ?? "a resource"}: the operation ${JSON.stringify(op.slice(0, 40))} is not known`,
        );
      return [];
    });
  return { steps, problems };
}

/** A secret, as a preview without `--show-secrets` writes it, and the key of one that it writes out (sdk/go/common/resource, SigKey). */
const SECRET = "[secret]";
const SIGNATURE = "4dabf18193072939515e22adb298388d";

function toStep(step: ConfigurationValue, action: ResourceAction): PlannedStep {
  const urn = literalOf(step, "urn") ?? "";
  const inputsOf = (state: string) =>
    fieldsOf(step, state).flatMap((value) => fieldsOf(value, "inputs"))[0] ?? null;
  const [before, after] = [inputsOf("oldState"), action === "delete" ? null : inputsOf("newState")];
  const type = fieldsOf(step, "newState", "oldState").flatMap((value) => literalOf(value, "type") ?? [])[0];
  const unknown = namesWhere(after, (value) => flattenValue(value).some(({ text }) => text === UNKNOWN));
  // Two secrets look alike, so what the engine itself gives for its reason counts too.
  const reasons = fieldsOf(step, "diffReasons", "replaceReasons").flatMap(({ items }) =>
    items.flatMap(textsOf),
  );
  const attributes = [...new Set([...findChangedAttributes(before, after), ...reasons])].sort();
  const secret = new Set([...namesWhere(before, isSecret), ...namesWhere(after, isSecret)]);
  return {
    address: urn,
    kind: "pulumi",
    type: type ?? urn.split("::").at(-2) ?? "",
    name: urn.split("::").at(-1) ?? "",
    action,
    before: before && hide(before),
    after: after && hide(after),
    unknown: unknown.sort(),
    attributes,
    hidden: attributes.filter((name) => secret.has(name)),
  };
}

function namesWhere(
  value: ConfigurationValue | null,
  holds: (value: ConfigurationValue) => boolean,
): string[] {
  return (value?.fields ?? []).filter((field) => holds(field.value)).map(({ name }) => name);
}

function isSecret(value: ConfigurationValue): boolean {
  return (
    textsOf(value).includes(SECRET) || objectsIn(value).some((each) => fieldsOf(each, SIGNATURE).length > 0)
  );
}

function hide(value: ConfigurationValue): ConfigurationValue {
  if (fieldsOf(value, SIGNATURE).length > 0) return toExpression(SECRET);
  return {
    ...value,
    fields: value.fields.map((field) => ({ ...field, value: hide(field.value) })),
    items: value.items.map(hide),
  };
}
