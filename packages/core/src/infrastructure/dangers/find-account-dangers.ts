// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import {
  type Attribute,
  type AttributeChange,
  type ChangeView,
  describe,
  formatChange,
} from "./change-view.ts";
import { coversText } from "./covers-text.ts";

/** Who belongs to a group, whatever provider keeps it. */
const MEMBERSHIP =
  /(?:group_?member(?:ship)?s?|user_?to_?group_?addition|(?:team|org|organization|project)_?member(?:ship)?s?|^github_membership|group_users?|user_groups?|^group)(?:_v?\d)?$/;
const MEMBER_NAMES =
  /^(?:users?|user_?names?|groups?|group_?ids?|members?|member_?ids?|user_?ids?|team_?ids?)$/;
const ADMINISTRATORS =
  /(?:^|[^a-z])(?:administrators?|admins?|owners?|root|sudo|wheel|superusers?|maintainers?)(?:$|[^a-z])/i;
/** Policies of an organisation hold for an account by being attached to it. */
const ATTACHED_DENIALS = /organizations?[_:.]+policy_?attachment$/;
/** Data stores that take connections from everywhere when nothing says from where. */
const STORE_FIREWALLS =
  /^(?:digitalocean_database_firewall|scaleway_(?:rdb|redis)_acl|linode_database_access_controls|ovh_cloud_project_database_ip_restriction|digital_ocean:\w*\/?database_firewall)$|(?:^|[/:])database_firewall$/;
/** Inputs of modules that say which pipelines and accounts may take a role. */
const SUBJECTS =
  /(?:^|_)(?:oidc_\w*subjects\w*|subjects?|sub_claims?|subject_claims|trusted_(?:role|user|principal|account)\w*|github_repos\w*|oidc_repos\w*|(?:\w+_)?admin(?:istrator)?_(?:\w+_)?(?:arns|users|groups|emails|principals|members)|allowed_(?:repos\w*|subjects?|principals?))$/;
/** Where keys that let in by SSH stand. */
const KEYS =
  /(?:^|[._/])(?:ssh_authorized_keys?|authorized_keys?|ssh_public_keys?|admin_ssh_key\.public_key|ssh_keys?|ssh_key_(?:data|ids?|names?)|ssh_fingerprints|ssh_keys?\.key_data)$/;
const PUBLIC_KEYS = /(?:^|[._/])public_keys?$/;
const HOLDS_LOGINS = /key_?pair|ssh|os_?login|virtual_?machine|instance|server|droplet/;
const KEY_TYPES = /(?:^|[._])authorized_key$/;

/** Who gets into accounts, groups and machines, where the provider has an attribute of its own for it. */
export function findAccountDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return findDetached(view);
  const changes = view.isCreated ? [] : view.changes;
  return [
    ...describe("privilege-widened", "newly lets in", findMembers(view)),
    ...describe(
      "privilege-widened",
      "is open to every group:",
      view.changes.filter(isForAll).map(formatChange),
    ),
    ...describe("privilege-widened", "may be taken by more:", findSubjects(view, changes)),
    ...describe("privilege-widened", "lets in by another key:", findKeys(view, changes)),
    ...describe("privilege-widened", "no longer holds for", findMoved(view, changes)),
    ...(isDoorOfNodes(view)
      ? [{ code: "cidr-opened" as const, reason: "opens SSH to all, as no group is named beside the key" }]
      : []),
  ];
}

function findDetached({ type }: ChangeView): readonly Danger[] {
  if (ATTACHED_DENIALS.test(type))
    return [{ code: "privilege-widened", reason: "what the policy refuses is allowed there again" }];
  return STORE_FIREWALLS.test(type)
    ? [{ code: "cidr-opened", reason: "the store takes connections from everywhere again" }]
    : [];
}

/** A policy that refuses, and holds elsewhere now. */
function findMoved({ type }: ChangeView, changes: readonly AttributeChange[]): readonly string[] {
  if (!ATTACHED_DENIALS.test(type)) return [];
  return changes
    .filter(({ name, before }) => name === "target_id" && before.length > 0)
    .flatMap(({ before }) => before);
}

/** A group that has more members; a new membership where the group's own name says what it may. */
function findMembers({ type, isCreated, changes, after }: ChangeView): readonly string[] {
  if (!MEMBERSHIP.test(type.replace(/^.*[/:]/, ""))) return [];
  if (isCreated)
    return after
      .filter(
        ({ name, text }) => /^(?:groups?|group_?ids?|role|team_?id)$/.test(name) && ADMINISTRATORS.test(text),
      )
      .map(({ path, text }) => `${path} ${text}`);
  return changes.filter((change) => MEMBER_NAMES.test(change.name) && hasNew(change)).map(formatChange);
}

const hasNew = ({ before, after }: Pick<AttributeChange, "before" | "after">) =>
  after.some((text) => !before.includes(text));

function isForAll({ name, before, after }: AttributeChange): boolean {
  return (
    /^(?:authorize_all_groups|allow_all_users|all_users)$/.test(name) &&
    after.includes("true") &&
    !before.includes("true")
  );
}

/** What an old pattern covers is no wider. */
function findSubjects(
  { type, category }: ChangeView,
  changes: readonly AttributeChange[],
): readonly string[] {
  if (category !== "iam" || !/^(?:module|variable|local|values)$/.test(type)) return [];
  return changes
    .filter(({ path, before, after }) => {
      const isNamed = path.split(".").some((name) => SUBJECTS.test(name));
      const fresh = after.filter((text) => !before.some((old) => coversText(old, text)));
      return isNamed && fresh.length > 0 && before.length > 0;
    })
    .map(formatChange);
}

/** A key that is taken out of the list lets nobody in. */
function findKeys({ type }: ChangeView, changes: readonly AttributeChange[]): readonly string[] {
  const isKey = ({ path, name }: AttributeChange) =>
    KEY_TYPES.test(type)
      ? name === "key"
      : KEYS.test(path) || (PUBLIC_KEYS.test(path) && HOLDS_LOGINS.test(type));
  const toLines = (texts: readonly string[]) =>
    texts.flatMap((text) => text.split(/\s*[\n,]\s*/)).filter(Boolean);
  return changes
    .filter((change) => isKey(change) && change.before.length > 0)
    .filter(({ before, after }) => hasNew({ before: toLines(before), after: toLines(after) }))
    .map(({ path }) => path);
}

/** Nodes of EKS: a key with no group named beside it opens port 22 to the internet. */
function isDoorOfNodes({ type, before, after }: ChangeView): boolean {
  if (!/node_?group$/.test(type)) return false;
  const isOpen = (side: readonly Attribute[]) =>
    side.some(({ path }) => /remote_access\.ec2_?ssh_key$/.test(path)) &&
    !side.some(({ path }) => /remote_access\.source_security_groups?(?:_ids)?$/.test(path));
  return isOpen(after) && !isOpen(before);
}
