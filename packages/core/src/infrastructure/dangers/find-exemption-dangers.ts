// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** What refuses by rules, and can be told for whom not. */
const GUARDS =
  /policy|waf|web_acl|constraint|rule_?set|branch_protection|^k8s_|webhook|detector|scan|conditional_access|security_|guardrail|block_public_access|admission_configuration|pod_security_configuration/;
const NO_GUARDS =
  /network_policy|authorization_policy|iam_policy|bucket_policy|queue_policy|topic_policy|role_policy|scaling_policy|lifecycle_policy|cache_policy|retry_policy|backup_policy|routing_policy|policy_attachment|key_policy|resource_policy/;
/** Names of lists that hold whom or what a guard leaves alone. */
const EXEMPTIONS =
  /(?:^|\.)(?:exclu(?:ded?|sions?)\w*|exempt\w*|not_scopes|bypass\w*|exceptions?|excepted\w*|ignored_\w+|disabled_rules?|rule_group_override\.disabled_rules|rule_action_override|scope_down_statement|force_push_bypassers|pull_request_bypassers|bypass_pull_request_allowances|dismissal_restrictions)(?:\.|$)/;
/** Lists of what a guard looks at. */
const GUARDED_LISTS =
  /(?:^|\.)(?:restricted_services|contexts|required_checks|required_check\.context|denied_values|blocked_\w+|block_?list|deny_?list|signed_headers|enabled_policy_types|built_in_controls|custom_authentication_factors|terms_of_use|managed_rule_set|managed_rule_group_statement\.name)$/;
const EXEMPTING_TYPES =
  /^policy_exception$|policy_exemption$|security_center_\w*exemption|binary_authorization_\w*exempt/;
const SKIPS = /^(?:skip|bypass)$/i;
const DENIES = /^(?:deny|block|drop|reject)(?:\(\d+\))?$/i;

/** Guards that leave more alone than they did: exemptions, shorter lists, rules that refuse no longer. */
export function findExemptionDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  if (view.isCreated)
    return EXEMPTING_TYPES.test(view.type)
      ? [{ code: "protection-off", reason: "exempts from a policy" }]
      : [];
  const isGuard = GUARDS.test(view.type) && !NO_GUARDS.test(view.type);
  return [
    ...describe(
      "protection-off",
      "looks at less:",
      view.changes.filter((change) => isShorter(view, change)).map(formatChange),
    ),
    ...(isGuard
      ? [
          ...describe(
            "protection-off",
            "no longer asks for:",
            view.changes.filter((change) => isUnrequired(view, change)).map(formatChange),
          ),
          ...describe("protection-off", "exempts:", view.changes.filter(isExempted).map(formatChange)),
          ...describe(
            "protection-off",
            "no longer refuses:",
            view.changes.filter(isLetThrough).map(formatChange),
          ),
        ]
      : []),
  ];
}

/** What Cloudflare's Access asks for beside whom it lets in. */
function isUnrequired({ type, after: now }: ChangeView, { path, after }: AttributeChange): boolean {
  return (
    /access_(?:policy|group)$/.test(type) &&
    /^(?:require|exclude)(?:\.|$)/.test(path) &&
    after.length === 0 &&
    !now.some((each) => each.path.startsWith(path.split(".")[0] ?? ""))
  );
}

function isExempted({ path, before, after }: AttributeChange): boolean {
  return (
    EXEMPTIONS.test(path) && after.some((text) => !before.includes(text) && !/^(?:false|\{\})$/.test(text))
  );
}

function isShorter({ type }: ChangeView, { path, before, after }: AttributeChange): boolean {
  return (
    (GUARDED_LISTS.test(path) || (/backup_selection/.test(type) && /(?:^|\.)resources$/.test(path))) &&
    before.length > after.length &&
    after.every((text) => before.includes(text))
  );
}

function isLetThrough({ path, name, before, after }: AttributeChange): boolean {
  if (name === "preview") return after.includes("true") && !before.includes("true");
  if (/(?:^|\.)rules?\.enabled$/.test(path)) return count(after, /^false$/) > count(before, /^false$/);
  if (name === "action" && count(after, SKIPS) > count(before, SKIPS)) return true;
  if (name === "action")
    return count(before, DENIES) > count(after, DENIES) && after.some((text) => /^allow$/i.test(text));
  if (/(?:^|\.)(?:allow_all|allow\.all)$/.test(path)) return after.some(isTrue) && !before.some(isTrue);
  return /(?:^|\.)override_action\.count$/.test(path) && after.length > before.length;
}

const isTrue = (text: string) => /^true$/i.test(text);
const count = (texts: readonly string[], pattern: RegExp) =>
  texts.filter((text) => pattern.test(text)).length;
