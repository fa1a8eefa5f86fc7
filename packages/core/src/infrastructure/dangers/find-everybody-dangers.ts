// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type Attribute, type ChangeView, describe } from "./change-view.ts";

/** Groups of an ACL of S3 that are everybody, and everybody who has an account. */
const GROUPS = /acs\.amazonaws\.com\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/;
/** Switches by which whoever comes is let in without a name. */
const SWITCHES =
  /^(?:everyone|any_valid_service_token|allow_unauthenticated_identities|unauthenticated|allow_unauthenticated|unauthenticated_access|anonymous_access|anonymous_access_enabled|anonymous_pull_enabled|anonymous_auth|anonymous_auth_enabled|enable_anonymous_access|allow_anonymous|allow_anonymous_access|anonymous_enabled|container_access_anonymous|invoker_iam_disabled|public_access)$/;
/** Places where a star, or `all`, is everybody. */
const NAMED: readonly (readonly [types: RegExp, names: RegExp, text: RegExp])[] = [
  [
    /launch_permission|snapshot_create_volume|\bami\b/,
    /^(?:group|group_names?|user_group|user_groups|launch_permission)$/,
    /^all$/,
  ],
  [/snapshot/, /^(?:shared_accounts|values_to_add|account_ids?)$/, /^all$/],
  [/ssm_document|ssm::document/, /account_ids$/, /^all$/i],
  [
    /vpc_endpoint_service|endpoint_service_permissions/,
    /^(?:allowed_principals?|principal_arn|allowed_principals\.\w+)$/,
    /^\*$/,
  ],
  [
    /event_permission|event_bus_policy|events::event_bus_policy|layer_version_permission|lambda_permission|lambda::permission/,
    /^principals?$/,
    /^\*$/,
  ],
  [
    /auth_backend_role|(?:^|_)vault_/,
    /^(?:bound_service_account_names|bound_service_account_namespaces)$/,
    /^\*$/,
  ],
  [/kafka_acl|(?:^|_)acl$/, /^(?:acl_principal|principal|acl_host)$/, /^(?:User:)?\*$/],
  [/kafka_user/, /^(?:principal|host)$/, /^User:\*$/],
  [/(?:postgresql|redshift)_(?:default_privileges|grant)/, /^(?:role|user|group)$/, /^public$/i],
  [/private_link_service|endpoint_service/, /visibility_subscription_ids$/, /^\*$/],
  [/mysql_user/, /^host$/, /^%$/],
];

/** Everybody, by names that no policy's grammar tells. */
export function findEverybodyDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const named = NAMED.filter(([types]) => types.test(view.type));
  const everybody = view.newAttributes.filter(
    (each) => isEverybody(view, each) || isNamed(named, view, each),
  );
  return describe(
    "wildcard-principal",
    "lets in everybody:",
    everybody.map(({ path, text }) => `${path} = ${text}`),
  );
}

/** Of packages it says who signed them. */
const PACKAGES = /(?:^|\.)(?:apt|yum|dnf\d?|zypper|package|apk|pacman)$/;

function isEverybody({ category, type }: ChangeView, { path, name, text }: Attribute): boolean {
  if (GROUPS.test(text)) return true;
  if (PACKAGES.test(type)) return false;
  // A block that is there and empty is on: `everyone {}`.
  const isOn = text === "true" || (text === "{}" && name === "everyone");
  const own = name === "enabled" ? (path.split(".").at(-2) ?? "") : name;
  if (!isOn || !SWITCHES.test(own) || /^(?:deny|exclude|require)\b/.test(path)) return false;
  return own !== "public_access" || category === "iam";
}

function isNamed(named: typeof NAMED, { before }: ChangeView, { path, name, text }: Attribute): boolean {
  return (
    named.some(([, names, says]) => names.test(name) && says.test(text)) &&
    !before.some((each) => each.path === path && each.text === text)
  );
}
