// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type Attribute, type ChangeView, describe } from "./change-view.ts";

const POWERFUL =
  /\b(?:AdministratorAccess|PowerUserAccess|IAMFullAccess|roles\/(?:owner|editor|iam\.\w*[aA]dmin|iam\.serviceAccount\w+|resourcemanager\.\w*[aA]dmin)|cluster-admin|system:masters|AmazonEKSClusterAdminPolicy|AmazonEKSAdminPolicy|Privileged Role Administrator|Global Administrator|Role Based Access Control Administrator)\b|^(?:Owner|Contributor|User Access Administrator|\w+FullAccess)$|policy\/\w*FullAccess$/;
const ROLE_NAMES = /polic|role|managed|group|arn|permission/;
const ANYBODY = /^(?:allUsers|allAuthenticatedUsers|system:(?:anonymous|unauthenticated|authenticated))$/;
const MEMBERS =
  /^(?:members?|subjects\.name|subject\.name|principal|grantee|principal_ids?|client_id_list|allowed_audiences|\w+_permissions)$/;
const PUBLIC_ACL = /^(?:public-?read(?:-?write)?|authenticated-?read|container|blob)$/i;

/** Roles, members and boundaries, which widen privileges without a statement to be seen. */
export function findRoleDangers(view: ChangeView): readonly Danger[] {
  const fresh = newAttributes(view);
  const anybody = fresh.filter(({ text }) => ANYBODY.test(text)).map(({ text }) => text);
  const acl = fresh.filter(
    ({ name, text }) => /acl|access_type|access_control|public_access/.test(name) && PUBLIC_ACL.test(text),
  );
  const everybody =
    view.type.includes("lambda_permission") || view.type.includes("lambda::permission")
      ? fresh.filter(({ name, text }) => name === "principal" && text === "*").map(({ text }) => text)
      : [];
  const open = [...anybody, ...everybody, ...acl.map(({ name, text }) => `${name} ${text}`)];
  return [
    ...describe("wildcard-principal", "lets in everybody:", open),
    ...describe("privilege-widened", "lets in everybody:", open),
    ...describe("privilege-widened", "gives the powerful role", findPowerful(fresh)),
    ...describe("privilege-widened", "newly lets in", view.isCreated ? [] : findNewMembers(view, fresh)),
    ...describe("privilege-widened", "newly gives", view.isCreated ? [] : findNewInstances(view)),
    ...findRoleChange(view),
    ...findLostCondition(view),
    ...findLostBoundary(view),
  ];
}

function newAttributes({ before, after }: ChangeView): readonly Attribute[] {
  const known = new Set(before.map(({ name, text }) => `${name}\0${text}`));
  return after.filter(({ name, text }) => !known.has(`${name}\0${text}`));
}

function findPowerful(fresh: readonly Attribute[]): readonly string[] {
  return fresh
    .filter(({ path, text }) => text.length < 300 && ROLE_NAMES.test(path) && POWERFUL.test(text))
    .map(({ text }) => text);
}

function findNewMembers(view: ChangeView, fresh: readonly Attribute[]): readonly string[] {
  if (view.category !== "iam") return [];
  return fresh.filter(({ path, name }) => MEMBERS.test(path) || MEMBERS.test(name)).map(({ text }) => text);
}

const GIVEN = /^(?:policy_arn|role|roles|permission_set_arn|managed_policy_name)$/;
const OF_INSTANCE = /^each\s*\.\s*(?:key|value)$/;

/** A binding for each of a list, which has somebody or something more. */
function findNewInstances(view: ChangeView): readonly string[] {
  if (view.category !== "iam") return [];
  const isForEach = view.after.some(
    ({ name, text }) => (MEMBERS.test(name) || GIVEN.test(name)) && OF_INSTANCE.test(text),
  );
  if (!isForEach || !view.before.some(({ path }) => path === "for_each")) return [];
  return view.newTexts
    .filter(({ path, text, isLiteral }) => path === "for_each" && isLiteral && text !== "")
    .map(({ text }) => text);
}

/** A binding that held under a condition alone, and holds without one. */
function findLostCondition(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted || !BINDINGS.test(view.type)) return [];
  const isCondition = ({ path }: { readonly path: string }) => /^condition(?:\.expression)?$/.test(path);
  const lost = view.before.filter(isCondition);
  return lost.length > 0 && !view.after.some(isCondition)
    ? describe(
        "privilege-widened",
        "no longer asks for",
        lost.map(({ text }) => text),
      )
    : [];
}

const BINDINGS =
  /iam_(?:member|binding)|role_assignment|policy_attachment|policy_association|membership$|collaborators?$|role_binding|account_assignment/;

/** A binding that gives another role, or the same one on a wider scope. */
function findRoleChange(view: ChangeView): readonly Danger[] {
  if (view.category !== "iam" || view.isCreated || view.isDeleted) return [];
  const isBinding = BINDINGS.test(view.type);
  const changes = view.changes.filter(({ name }) =>
    isBinding
      ? /^(?:role|roles|role_definition_name|role_definition_id|role_id|app_role_id|permission_set_arn|policy_arn|scope|role_ref|name|kind)$/.test(
          name,
        )
      : /^(?:role_arn|gcp_service_account|managed_policy_arns|managed_policies|assignable_scopes|max_session_duration)$/.test(
          name,
        ),
  );
  const isShorter = (change: (typeof changes)[number]) =>
    change.after.length === 0 || change.after.every((text) => change.before.includes(text));
  return describe(
    "privilege-widened",
    "changes what is given:",
    changes
      .filter((change) => change.before.length > 0 && !isShorter(change))
      .map(({ name, before, after }) => `${name} ${before.join(", ")} → ${after.join(", ")}`),
  );
}

function findLostBoundary(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted) return [];
  const lost = view.changes.filter(
    ({ name, before }) => name === "permissions_boundary" && before.length > 0,
  );
  return lost.map(({ before, after }) => ({
    code: "privilege-widened",
    reason: `the permissions boundary ${before.join()} ${after.length === 0 ? "no longer holds" : `becomes ${after.join()}`}`,
  }));
}
