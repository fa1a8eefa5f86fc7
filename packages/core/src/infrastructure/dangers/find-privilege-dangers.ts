// SPDX-License-Identifier: Apache-2.0
import { findStatements, type IamStatement } from "../find-statements.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type ChangeView, describe } from "./change-view.ts";
import { coversText } from "./covers-text.ts";
import { findClusterRules } from "./find-cluster-rules.ts";
import { findPathRules } from "./find-path-rules.ts";
import { findProductRules } from "./find-product-rules.ts";
import { isAskedFor } from "./is-asked-for.ts";

/** Actions by which whoever has them gives themselves all others (well-known paths of privilege escalation). */
const ESCALATING =
  /^(?:iam:(?:passrole|create(?:policyversion|accesskey|loginprofile)|setdefaultpolicyversion|attach\w+policy|put\w+policy|updateassumerolepolicy|addusertogroup)|sts:assumerole|secretsmanager:getsecretvalue|kms:decrypt|ssm:sendcommand)$/;

/** Privileges that are there after the change and were not before, as far as the text of one resource tells. */
export function findPrivilegeDangers({ pair, isCreated, isDeleted }: ChangeView): readonly Danger[] {
  const [old, now] = [statementsOf(pair.before), statementsOf(pair.after)];
  const grants = now.filter(({ isAllow }) => isAllow).flatMap(toGrants);
  const known = old.filter(({ isAllow }) => isAllow);
  const fresh = grants.filter((grant) => !known.some((statement) => isGranted(statement, grant)));
  // To others, or on more, what was allowed already is no new wildcard.
  const wild = fresh.filter(
    ({ action }) =>
      isWildcard(action) && !known.some(({ actions }) => actions.some((each) => coversText(each, action))),
  );
  const open = fresh.filter((grant) => isAnybody(grant.principal) && !isStillBound(known, grant));
  const escalating = fresh.filter(({ action, resource }) => ESCALATING.test(action) && resource === "*");
  const widened = isCreated ? [...wild, ...open, ...escalating] : fresh;
  return [
    ...describe(
      "wildcard-action",
      "allows",
      wild.map(({ action }) => action),
    ),
    ...describe(
      "wildcard-principal",
      "lets in everybody:",
      open.map(({ principal }) => principal),
    ),
    ...describe("privilege-widened", "newly allows", widened.map(formatGrant)),
    ...(isDeleted && known.length > 0 ? [] : findLiftedDenials(old, now)),
  ];
}

function statementsOf(resource: DeclaredResource | null): readonly IamStatement[] {
  if (resource === null) return [];
  const { type, name, body } = resource;
  return [
    ...findStatements(body),
    ...findClusterRules(body),
    ...findPathRules(type, name, body),
    ...findProductRules(type, body),
  ];
}

/** What one action on one resource by one principal is allowed; an empty name where the statement has none. */
interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly principal: string;
  readonly statement: IamStatement;
}

// A statement of 1,000 actions on 1,000 resources is not multiplied out.
const MOST_GRANTS = 2000;

function toGrants(statement: IamStatement): readonly Grant[] {
  const { actions, notActions, resources, notResources, principals, notPrincipals } = statement;
  const all = (plain: readonly string[], but: readonly string[]) => [
    ...plain,
    ...(but.length > 0 ? [`${BUT}${but.join(", ")}`] : []),
  ];
  const or = (names: readonly string[]) => (names.length > 0 ? names : [""]);
  const grants: Grant[] = [];
  for (const action of or(all(actions, notActions)))
    for (const resource of or(all(resources, notResources)))
      for (const principal of or(all(principals, notPrincipals)))
        if (grants.length < MOST_GRANTS) grants.push({ action, resource, principal, statement });
  return grants;
}

/** Whether an old statement allowed as much: its patterns cover the grant, and it asked for no condition that is gone. */
function isGranted(old: IamStatement, { action, resource, principal, statement }: Grant): boolean {
  return (
    covers(old.actions, old.notActions, action, statement.notActions) &&
    covers(old.resources, old.notResources, resource, statement.notResources) &&
    covers(old.principals, old.notPrincipals, principal, statement.notPrincipals) &&
    old.conditions.every((condition) => isAskedFor(condition, statement.conditions))
  );
}

const BUT = "everything but ";

/** Whether patterns, or all but those of a list, hold a name; a list of exceptions that grew holds less than it did. */
function covers(
  patterns: readonly string[],
  but: readonly string[],
  text: string,
  exceptions: readonly string[],
): boolean {
  if (text === "" || patterns.some((pattern) => coversText(pattern, text))) return true;
  if (but.length === 0) return false;
  const isIn = (list: readonly string[], name: string) =>
    list.some((each) => coversText(each.toLowerCase(), name.toLowerCase()));
  if (text.startsWith(BUT)) return but.every((each) => isIn(exceptions, each));
  return !isIn(but, text) && !but.some((each) => isIn([text], each));
}

function isWildcard(action: string): boolean {
  return action === "*" || /^[\w.-]+:\*$/.test(action) || /^(?:\* .*|.* \*)$/.test(action);
}

function isAnybody(principal: string): boolean {
  return principal === "*" || /^arn:aws[\w-]*:iam::\*/.test(principal) || principal.startsWith(BUT);
}

/** Conditions on who calls, or from where: by them everybody is somebody. */
const CALLER =
  /(?:calleraccount|principal(?:account|arn|orgid|orgpaths|tag\S*)|source(?:account|arn|owner|orgid|orgpaths|vpc|vpce|ip))\b/i;

/** Everybody was named before for as much, and is still asked who they are: something else is asked no longer. */
function isStillBound(known: readonly IamStatement[], grant: Grant): boolean {
  const bound = grant.statement.conditions.filter((condition) => CALLER.test(condition));
  return (
    bound.length > 0 &&
    known.some(
      (old) =>
        old.conditions.filter((each) => CALLER.test(each)).every((each) => isAskedFor(each, bound)) &&
        isGranted({ ...old, conditions: [] }, grant),
    )
  );
}

function formatGrant({ action, resource, principal, statement }: Grant): string {
  const on = resource === "" ? "" : ` on ${resource}`;
  const to = principal === "" ? "" : ` to ${principal}`;
  const under = statement.conditions.length === 0 ? "" : ` where ${statement.conditions.join(" and ")}`;
  return `${action}${on}${to}${under}`;
}

/** A Deny that is gone, or that asks for more before it denies, lets in what it kept out. */
function findLiftedDenials(old: readonly IamStatement[], now: readonly IamStatement[]): readonly Danger[] {
  const denials = now.filter(({ isAllow }) => !isAllow);
  const lost = old
    .filter(({ isAllow }) => !isAllow)
    .flatMap(toGrants)
    .filter((grant) => !denials.some((denial) => stillDenies(denial, grant)));
  return describe("privilege-widened", "no longer denies", lost.map(formatGrant));
}

function stillDenies(denial: IamStatement, grant: Grant): boolean {
  return isGranted(denial, grant);
}
