// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";
import { deriveSettings } from "./derive-settings.ts";

/** Scopes of Google by which an account's token may do all that its roles allow. */
const BROAD_SCOPES =
  /^(?:https:\/\/www\.googleapis\.com\/auth\/)?(?:cloud-platform|compute|compute-rw|devstorage\.full_control|storage-full|cloud-source-repos|service\.management)$/;
/** Lists of what somebody may do, by the databases and services that have them; what joins them is more. */
const PRIVILEGES =
  /^(?:privileges|\w+_permissions|privs?|priv|role_attr_flags|database_roles|db_roles|grants?|capabilities|scopes|allowed_operations|operations|allowed_policies|token_policies|policies|commands|org_role|organization_role|user_roles?|role_names?|permission_groups|admin_roles|permissions)$/;
const GRANTING =
  /(?:^|_)(?:api_token|admin_roles|permission_target|permissions?|grants?|privileges?|default_privileges|role|user|users|account|membership|token|token_role|auth_backend_role|identity_entity|identity_group|approle\w*|acl)(?:_v?\d+)?$|[._](?:mysql|postgresql|mongodb|mssql|rabbitmq|clickhouse)_\w+$|kafka_user|key_vault(?:_access_policy)?$/;
const POWERS: readonly (readonly [path: RegExp, now: RegExp, why: string])[] = [
  [/(?:^|\.)(?:authorization_mode|authorization\.mode)$/, /AlwaysAllow/, "every request is allowed"],
  [/(?:^|\.)enable_legacy_abac$/, /^true$/, "accounts have what no role gives them"],
  [/(?:^|\.)(?:policy\.default|policy_default)$/, /^(?!role:readonly$|$)/, "whoever logs in has the role"],
  [
    /(?:^|\.)(?:rbac\.)?authorization\.k8s\.io\/aggregate_to_(?:view|edit|admin|cluster_\w+)$/,
    /^true$/,
    "whoever has the other role has this one",
  ],
  [/(?:^|\.)aggregate_to_(?:view|edit|admin)$/, /^true$/, "whoever has the other role has this one"],
  [/(?:^|\.)aggregation_rule\./, /./, "the role has what others have"],
];

/** What no path without one of these words is about. */
const POWER_WORDS = /authorization|abac|policy|aggregat/;

/** Privileges that have names of their own, which no statement spells out. */
export function findNamedGrantDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const changes = [...view.changes, ...deriveSettings(view)];
  const powers = changes.flatMap((change) => toPower(view, change));
  const isOfGrants =
    GRANTING.test(view.type) || (view.category === "iam" && view.pair.after?.kind === "ansible");
  const grown = view.isCreated || !isOfGrants ? [] : view.changes.filter(isGrown);
  return [
    ...describe("privilege-widened", "widens what is allowed:", powers),
    ...describe("privilege-widened", "newly grants", grown.map(formatChange)),
    ...describe(
      "privilege-widened",
      "asks for less:",
      view.isCreated ? [] : view.changes.filter((change) => isLooserRule(view, change)).map(formatChange),
    ),
    ...findOpenProject(view),
    ...findLines(view),
    ...findBoundEverywhere(view),
    ...(isPolicyGone(view)
      ? [{ code: "privilege-widened" as const, reason: "without a policy of its own everything is allowed" }]
      : []),
  ];
}

function toPower({ isCreated }: ChangeView, { path, before, after }: AttributeChange): readonly string[] {
  if (/(?:^|\.)(?:oauth_)?scopes$/.test(path))
    return after.filter(
      (text) =>
        BROAD_SCOPES.test(text) && !before.includes(text) && !(isCreated && /cloud-platform$/.test(text)),
    );
  if (!POWER_WORDS.test(path)) return [];
  return POWERS.flatMap(([own, now, why]) =>
    own.test(path) && after.some((text) => now.test(text) && !before.includes(text))
      ? [`${path} ${after.join(", ")}: ${why}`]
      : [],
  );
}

/** A list of privileges that has what it had not; a text of them counts by its words. */
function isGrown({ path, name, before, after }: AttributeChange): boolean {
  const isNamed =
    PRIVILEGES.test(name) || /(?:^|\.)(?:permissions?|permission_groups)\.(?:id|name)$/.test(path);
  if (!isNamed || before.length === 0) return false;
  const [old, now] = [toWords(before), toWords(after)];
  return now.some((word) => !old.includes(word)) && !old.some((word) => /^ALL(?:$|\s)/i.test(word));
}

function toWords(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split(/[,:/|]+/).map((word) => word.trim())).filter(Boolean);
}

const RULE_PATH = /^spec\.rules\.(?:from|to|when)\./;
const SAYS_NOT = /(?:^|\.)not_\w+$/;

/** A rule of a mesh that lets in by fewer conditions, or by more values of one. */
function isLooserRule({ type, after: now }: ChangeView, { path, before, after }: AttributeChange): boolean {
  if (type !== "authorization_policy" || !RULE_PATH.test(path)) return false;
  const action = now.find(({ path: own }) => own === "spec.action")?.text;
  // What a refusal leaves out is told rule by rule.
  if (action === "AUDIT" || action === "DENY") return false;
  if (SAYS_NOT.test(path)) return before.some((text) => !after.includes(text));
  // Where nobody is named any more, everybody is let in: that is told as such.
  if (before.length === 0 || (after.length === 0 && path.startsWith("spec.rules.from."))) return false;
  return after.length === 0
    ? !now.some(({ path: own }) => own === path)
    : after.length > before.length ||
        ((path.endsWith("paths") || path.endsWith("methods")) && after.includes("*"));
}

/** What a project of Argo CD may take and write; a star is everything. */
function findOpenProject(view: ChangeView): readonly Danger[] {
  if (view.type !== "app_project") return [];
  const stars = view.newAttributes.filter(
    ({ path, text }) =>
      text === "*" &&
      /^spec\.(?:source_namespaces|destinations\.|(?:cluster|namespace)_resource_whitelist\.)/.test(path),
  );
  const lifted = view.changes.filter(
    ({ path, before, after }) => /_resource_blacklist\./.test(path) && before.length > after.length,
  );
  return describe("privilege-widened", "applications may do more:", [
    ...stars.map(({ path }) => `${path} = *`),
    ...(view.isCreated ? [] : lifted.map(formatChange)),
  ]);
}

/** Lines of a policy that stands as a text: Argo CD's `p, …, allow` and `g, …`, and entries of aws-auth. */
function findLines(view: ChangeView): readonly Danger[] {
  const name = view.pair.after?.name ?? "";
  if (view.isCreated || (view.type !== "config_map" && view.type !== "app_project" && view.type !== "values"))
    return [];
  if (name === "aws-auth") {
    const fresh = view.newAttributes.filter(({ name: own }) => /^(?:rolearn|userarn|groups)$/.test(own));
    return describe(
      "privilege-widened",
      "newly lets in",
      fresh.map(({ text }) => text),
    );
  }
  const lines = (side: ChangeView["before"]) =>
    side
      .filter(({ path }) => /policy\.csv$|policy_csv$|roles\.policies$/.test(path))
      .flatMap(({ text }) => text.split("\n").map((line) => line.replace(/\s+/g, "")));
  const known = new Set(lines(view.before));
  const fresh = lines(view.after).filter((line) => /^(?:p,.*,allow|g,.*)$/.test(line) && !known.has(line));
  return describe("privilege-widened", "newly allows", fresh);
}

/** A role that writes, bound in the whole cluster at once. */
function findBoundEverywhere({ isCreated, type, after }: ChangeView): readonly Danger[] {
  if (!isCreated || !/cluster_role_binding(?:_v1)?$/.test(type)) return [];
  const role = after.find(({ path }) => /role_ref\.name$/.test(path))?.text ?? "";
  return /^(?:edit|admin|cluster-admin)$|admin$/.test(role)
    ? [{ code: "privilege-widened", reason: `gives the role ${role} in the whole cluster` }]
    : [];
}

/** Where no policy is set everything goes: endpoints of a network. */
function isPolicyGone({ type, isCreated, before, after }: ChangeView): boolean {
  if (isCreated || !/vpc_endpoint$|vpcendpoint$/.test(type)) return false;
  const has = (side: ChangeView["before"]) =>
    side.some(({ path }) => /^policy(?:_document)?(?:\.|$)/.test(path));
  return has(before) && !has(after);
}
