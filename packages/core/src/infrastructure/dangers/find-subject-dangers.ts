// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";
import { coversText } from "./covers-text.ts";
import { isLooserCondition } from "./is-looser-condition.ts";

/** What lets pipelines and workloads of elsewhere in by what their token says. */
const FEDERATED =
  /federated_identity_credential|workload_identity|identity_provider|identity_pool|jwt_auth|oidc|pod_identity|auth_backend_role|federatedidentity|trust_relationship/;
const SUBJECTS =
  /(?:^|\.)(?:subjects?|bound_subject|bound_claims\.\w+|service_account|namespace|allowed_repositories)$/;
const CONDITIONS =
  /(?:^|\.)(?:attribute_condition|conditional_access|claims_matching_expression(?:\.value)?)$/;

/** What looks at tokens by who issued them. */
const CHECKS_TOKENS =
  /request_authentication|authorizer$|security_policy$|auth_backend$|identity_provider_config$/;
const ISSUERS =
  /(?:^|\.)(?:jwt_rules|jwt\.providers|jwt_configuration|oidc|identity_provider_config|remote_jwks)?\.?(?:issuer|bound_issuer|issuer_url|issuer_uri|oidc_discovery_url|jwks_uri|jwks_url|remote_jwks\.uri)$/;

/** Whose token is taken: another subject's, or that of more of them. */
export function findSubjectDangers(view: ChangeView): readonly Danger[] {
  const type = view.type.replaceAll(/[.:]+/g, "_");
  if (view.isCreated || view.isDeleted || !(FEDERATED.test(type) || CHECKS_TOKENS.test(type))) return [];
  return describe(
    "privilege-widened",
    "may be taken by others:",
    view.changes.filter(isTaken).map(formatChange),
  );
}

function isTaken({ path, before, after }: AttributeChange): boolean {
  if (before.length === 0 || after.length === 0) return false;
  if (CONDITIONS.test(path)) return isLooserCondition(before.join(" && "), after.join(" && "));
  if (ISSUERS.test(path)) return after.some((text) => !before.includes(text));
  return SUBJECTS.test(path) && after.some((text) => !before.some((old) => isCovered(old, text)));
}

function isCovered(old: string, text: string): boolean {
  if (coversText(old, text)) return true;
  const [was, is] = [toRun(old), toRun(text)];
  return was !== undefined && is !== undefined && was.repository === is.repository && is.rank < was.rank;
}

/** Runs of GitHub, from those that somebody has to let through to those that anybody may start. */
const RUNS: readonly RegExp[] = [
  /^environment:[^*]+$/,
  /^ref:[^*]+$/,
  /^(?:environment|ref):/,
  /^pull_request$/,
  /\*/,
];

function toRun(subject: string): { readonly repository: string; readonly rank: number } | undefined {
  const [, repository, run] = /^repo:([^:*]+):(.+)$/.exec(subject) ?? [];
  if (repository === undefined || run === undefined) return undefined;
  return { repository, rank: RUNS.findIndex((pattern) => pattern.test(run)) };
}
