// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** What a cluster asks before it takes an object. */
export const ADMISSION =
  /^(?:validating|mutating)_(?:webhook_configuration|admission_policy(?:_binding)?)$|^(?:cluster_policy|policy|namespaced_\w*policy|validating_policy|image_validating_policy)$/;
const CONSTRAINTS = /^constraints\.gatekeeper\.sh\//;
/** Which objects are asked about, where a list that is empty or has a star means all of them. */
const ASKED =
  /(?:^|\.)(?:rules?\.(?:operations|resources|api_groups|api_versions|scope)|resource_rules\.(?:operations|resources|api_groups|api_versions)|match\.(?:\w+\.)*(?:kinds|namespaces|names|operations|api_groups|scope)|validations\.expression|rules\.name|webhooks?\.name)$/;
/** Of these an empty list is nothing that was left out, but a rule that is new. */
const RULES = /(?:^|\.)(?:validations\.expression|rules\.name|webhooks?\.name|operations|resources|kinds)$/;
const WORDED = /(?:^|\.)(?:validations\.expression|rules\.name|webhooks?\.name|api_versions)$/;
const SELECTORS =
  /(?:^|\.)(?:\w*namespace_selector|\w*object_selector|label_selector|selector|match_conditions|preconditions)\./;

/** Admission that asks about fewer objects than it did. */
export function findAdmissionDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted || !isAdmission(view)) return [];
  const isGrown = countRules(view.after) > countRules(view.before);
  const narrowed = view.changes.filter(
    (change) => isNarrowed(change, isGrown) || isSelected(view, change, isGrown) || isExact(change),
  );
  return describe("protection-off", "asks about fewer objects:", narrowed.map(formatChange));
}

function isAdmission({ type, after }: ChangeView): boolean {
  const group = after.find(({ path }) => path === "api_version")?.text ?? "";
  if (CONSTRAINTS.test(group)) return true;
  // Of what is called a policy only these refuse objects.
  return (
    ADMISSION.test(type) &&
    (/_(?:configuration|policy_binding|admission_policy)$/.test(type) || /kyverno\.io\//.test(group))
  );
}

const countRules = (side: ChangeView["before"]) =>
  side.filter(({ path }) => /(?:^|\.)(?:webhooks?\.name|rules\.name)$/.test(path)).length;

function isNarrowed({ path, before, after }: AttributeChange, isGrown: boolean): boolean {
  if (!ASKED.test(path) || /(?:^|\.)exclude/.test(path) || after.includes("*")) return false;
  if (before.length === 0) return !isGrown && !RULES.test(path);
  // Another name, version or wording is another rule; only fewer of them are less.
  if (WORDED.test(path)) return after.length < before.length;
  return after.length > 0 && before.some((text) => !after.includes(text));
}

/** A selector that asks for more; of a list of what may stand there more is wider, of what must not fewer. */
function isSelected(
  { after: now }: ChangeView,
  { path, before, after }: AttributeChange,
  isGrown: boolean,
): boolean {
  if (!SELECTORS.test(path) || /(?:^|\.)exclude/.test(path) || (isGrown && before.length === 0)) return false;
  const fresh = after.filter((text) => !before.includes(text));
  if (!path.endsWith(".values")) return fresh.length > 0;
  const parent = path.slice(0, -"values".length);
  const operators = now.filter((each) => each.path === `${parent}operator`).map(({ text }) => text);
  const isListed = operators.every((text) => text === "In");
  return isListed ? before.some((text) => !after.includes(text)) : fresh.length > 0;
}

/** What asks about one version of an object only, and what lets pass where the rule's settings are missing. */
function isExact({ name, after, before }: AttributeChange): boolean {
  if (name === "match_policy") return after.includes("Exact") && !before.includes("Exact");
  return name === "parameter_not_found_action" && after.includes("Allow") && !before.includes("Allow");
}
