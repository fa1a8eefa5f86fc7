// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import {
  type Attribute,
  type AttributeChange,
  type ChangeView,
  describe,
  formatChange,
} from "./change-view.ts";

/** What keeps something out of a cluster, or in step; without it everything goes. */
const GUARDIANS =
  /^(?:network_policy|\w*network_policy|authorization_policy|peer_authentication|request_authentication|pod_security_policy|validating_\w+|mutating_webhook_configuration|resource_quota|limit_range|pod_disruption_budget|constraint|cluster_policy|server_authorization|mesh_tls_authentication)$/;
const EXPOSED = /^(?:LoadBalancer|NodePort)$/;
const INJECTION = /(?:istio_injection|istio\.io\/rev|linkerd\.io\/inject|sidecar\.istio\.io\/inject)$/;
const ENFORCED = /pod_security\.kubernetes\.io\/(?:enforce|warn|audit)$/;
const LEVELS = ["privileged", "baseline", "restricted"];
const SPREAD = /topology_spread_constraints|pod_anti_affinity|(?:^|\.)anti_affinity/;

/** Objects of a cluster whose loss or loosening no attribute of a cloud tells: admission, meshes, doors of services, where pods may stand. */
export function findClusterDangers(view: ChangeView): readonly Danger[] {
  const kind = (view.pair.after ?? view.pair.before)?.kind;
  if (kind === undefined || !["kubernetes", "helm", "mesh", "kustomize"].includes(kind)) return [];
  const isTakenAway = view.isDeleted || isPatchedAway(view);
  if (isTakenAway && GUARDIANS.test(view.type))
    return [{ code: "protection-off", reason: "what keeps others out is taken away" }];
  if (view.isDeleted) return [];
  const changes = view.isCreated ? [] : view.changes;
  return [
    ...describe(
      "cidr-opened",
      "can be reached from outside the cluster:",
      view.changes.filter(isDoor).map(formatChange),
    ),
    ...describe(
      "cidr-opened",
      "can be reached from everywhere:",
      changes.filter(isUnlisted).map(formatChange),
    ),
    ...describe(
      "protection-off",
      "lets in what is not checked:",
      changes.filter(isUnchecked).map(formatChange),
    ),
    ...describe("protection-off", "is less strict:", changes.filter(isLooser).map(formatChange)),
    ...describe(
      "protection-off",
      "may all stand in one place:",
      changes.filter(isUnspread).map(({ path }) => path),
    ),
    ...describe("protection-off", "is switched off:", changes.filter(isGuardOff).map(formatChange)),
    ...describe(
      "data-store-replaced",
      "keeps its data no longer than itself:",
      changes.filter((change) => isOff(change) && /persistence/.test(change.path)).map(formatChange),
    ),
    ...describe(
      "wildcard-principal",
      "lets in everybody:",
      view.newAttributes
        .filter((each) => isAnonymous(view, each))
        .map(({ path, text }) => `${path} = ${text}`),
    ),
    ...describe(
      "privilege-widened",
      "allows what it refused:",
      changes.filter((change) => isTurned(view, change)).map(formatChange),
    ),
    ...describe(
      "audit-off",
      "no longer logs:",
      view.changes.filter((change) => isSilenced(view, change)).map(formatChange),
    ),
  ];
}

function isPatchedAway({ after }: ChangeView): boolean {
  return after.some(({ path, text }) => path === "$patch" && text === "delete");
}

function isOff({ name, before, after }: AttributeChange): boolean {
  return name === "enabled" && before.includes("true") && after.includes("false");
}

function isGuardOff(change: AttributeChange): boolean {
  return isOff(change) && /network_policy|pod_disruption|pdb|tls|auth|rbac/.test(change.path);
}

/** The door stands in the type of a Service; what a chart calls `service.type` becomes it. */
function isDoor({ path, before, after }: AttributeChange): boolean {
  const isType = /^(?:spec\.|service\.)?type$/.test(path) || /(?:^|\.)service\.type$/.test(path);
  return isType && after.some((text) => EXPOSED.test(text)) && !before.some((text) => EXPOSED.test(text));
}

function isUnlisted({ path, before, after }: AttributeChange): boolean {
  return /load_balancer_source_ranges$/.test(path) && before.length > 0 && after.length === 0;
}

function isUnchecked({ name, path, before, after }: AttributeChange): boolean {
  if (name === "failure_policy") return before.includes("Fail") && !after.includes("Fail");
  if (/(?:validation_failure_action|enforcement_action)$/.test(name))
    return /enforce|deny/i.test(before.join()) && !/enforce|deny/i.test(after.join());
  if (INJECTION.test(path))
    return /^(?:enabled|true)$/.test(before[0] ?? "enabled") && /^(?:disabled|false|)$/.test(after[0] ?? "");
  return (
    /(?:^|\.)(?:m_?tls|tls)\.mode$/.test(path) &&
    /STRICT|MUTUAL/.test(before.join()) &&
    !/STRICT|MUTUAL/.test(after.join())
  );
}

function isLooser({ path, before, after }: AttributeChange): boolean {
  if (!ENFORCED.test(path)) return false;
  const [old, now] = [LEVELS.indexOf(before[0] ?? ""), LEVELS.indexOf(after[0] ?? "privileged")];
  return old > now;
}

function isUnspread({ path, before, after }: AttributeChange): boolean {
  return SPREAD.test(path) && before.length > 0 && after.length === 0;
}

function isAnonymous(view: ChangeView, { path, text }: Attribute): boolean {
  if (/(?:^|\.)unauthenticated$/.test(path)) return text === "true";
  const isRule =
    view.type === "authorization_policy" && /(?:^|\.)(?:rules|from)$/.test(path) && text === "{}";
  const isEverybody = /(?:principals|request_principals|namespaces)$/.test(path) && text === "*";
  return (
    !view.after.some(({ path: own, text: action }) => own === "spec.action" && action === "DENY") &&
    (isRule || isEverybody)
  );
}

function isTurned({ type }: ChangeView, { name, before, after }: AttributeChange): boolean {
  return (
    /authorization_policy/.test(type) &&
    name === "action" &&
    before.includes("DENY") &&
    !after.includes("DENY")
  );
}

/** An audit policy of the API server. */
function isSilenced({ type, after: now }: ChangeView, { path, before, after }: AttributeChange): boolean {
  const isAudit =
    type === "policy" &&
    now.some(({ path: own, text }) => own === "api_version" && text.startsWith("audit.k8s.io/"));
  return isAudit && /(?:^|\.)level$/.test(path) && after.filter(isNone).length > before.filter(isNone).length;
}

const isNone = (text: string) => text === "None";
