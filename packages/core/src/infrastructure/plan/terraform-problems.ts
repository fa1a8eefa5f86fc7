// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf, literalOf, textsOf } from "../configuration-value.ts";

const MOST_NAMED = 5;

/** What a plan of Terraform does or leaves out beside the changes of resources that it lists; a line each. */
export function findTerraformProblems(plan: ConfigurationValue): readonly string[] {
  const isLater =
    literalOf(plan, "complete") === "false" ||
    entriesOf(plan, "deferred_changes", "deferred_action_invocations").length > 0;
  return [
    ...toVersionProblem(literalOf(plan, "format_version") ?? ""),
    ...(literalOf(plan, "errored") === "true" ? ["the plan ended in an error and is not whole"] : []),
    ...(isLater ? ["the plan leaves changes for a later one"] : []),
    ...fieldsOf(plan, "resource_changes")
      .filter(({ text, literal }) => text !== "[]" && literal !== "null")
      .map(() => "resource_changes is no list"),
    ...toNamed(
      entriesOf(plan, "action_invocations"),
      "applying it also runs actions, whose effect no plan shows",
    ),
    ...toNamed(
      entriesOf(plan, "resource_drift").filter(isDrift),
      "changed by somebody else since it was last applied",
    ),
  ];
}

/** Another major version may mean something else by the same names. */
function toVersionProblem(version: string): readonly string[] {
  return /^[01]\.\d{1,4}$/.test(version)
    ? []
    : [`format version ${JSON.stringify(version.slice(0, 20))} is not known`];
}

function entriesOf(plan: ConfigurationValue, ...names: readonly string[]): readonly ConfigurationValue[] {
  return fieldsOf(plan, ...names).flatMap(({ items }) => items);
}

/** An address that only moved is listed as drift too, and nobody changed anything. */
function isDrift(entry: ConfigurationValue): boolean {
  const actions = fieldsOf(entry, "change").flatMap((change) => fieldsOf(change, "actions"));
  return actions.flatMap(textsOf).some((action) => action !== "no-op");
}

function toNamed(entries: readonly ConfigurationValue[], what: string): readonly string[] {
  if (entries.length === 0) return [];
  const names = entries.slice(0, MOST_NAMED).map((entry) => literalOf(entry, "address") ?? "a resource");
  const more = entries.length > MOST_NAMED ? `, and ${entries.length - MOST_NAMED} more` : "";
  return [`${what}: ${names.join(", ")}${more}`];
}
