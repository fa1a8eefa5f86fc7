// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf, literalOf, objectsIn, textsOf } from "../configuration-value.ts";
import type { Danger, DangerCode, DeclaredResource } from "../resource.ts";
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

interface ClusterRule {
  readonly code: DangerCode;
  readonly verb: string;
  /** Whether an object that is new can be dangerous so. */
  readonly isOfNew: boolean;
  readonly holds: (view: ChangeView, change: AttributeChange) => boolean;
}

const rule = (code: DangerCode, verb: string, holds: ClusterRule["holds"], isOfNew = false): ClusterRule => ({
  ...{ code, verb, holds, isOfNew },
});

const RULES: readonly ClusterRule[] = [
  rule("cidr-opened", "can be reached from outside the cluster:", (_, change) => isDoor(change), true),
  rule("cidr-opened", "can be reached from everywhere:", (_, change) => isUnlisted(change)),
  rule("protection-off", "lets in what is not checked:", (_, change) => isUnchecked(change)),
  rule("protection-off", "is less strict:", (_, change) => isLooser(change)),
  rule("protection-off", "may all stand in one place:", (_, change) => isUnspread(change)),
  rule(
    "protection-off",
    "asks the provider no longer:",
    ({ type }, { path, before, after }) =>
      type === "authorization_policy" &&
      path === "spec.action" &&
      before.includes("CUSTOM") &&
      !after.includes("CUSTOM"),
  ),
  rule("protection-off", "is switched off:", (_, change) => isGuardOff(change)),
  rule("protection-off", "may be disrupted further:", isDisrupted),
  rule(
    "data-store-replaced",
    "keeps its data no longer than itself:",
    (_, change) => isOff(change) && /persistence/.test(change.path),
  ),
  rule("route-changed", "sends traffic elsewhere:", isServed),
  rule("wildcard-principal", "no longer asks who calls:", isAnySource),
  rule("privilege-widened", "allows what it refused:", isTurned),
  rule("audit-off", "no longer logs:", isSilenced, true),
];

/** Objects of a cluster whose loss or loosening no attribute of a cloud tells: admission, meshes, doors of services, where pods may stand. */
export function findClusterDangers(view: ChangeView): readonly Danger[] {
  if (!isOfCluster(view)) return [];
  const isTakenAway = view.isDeleted || isPatchedAway(view);
  if (isTakenAway && GUARDIANS.test(view.type))
    return [{ code: "protection-off", reason: "what keeps others out is taken away" }];
  if (view.isDeleted) return [];
  const wide = view.type === "app_project" ? view.newAttributes.filter(({ text }) => text === "*") : [];
  const isRepository = ({ path }: Attribute) => path === "spec.source_repos";
  const anonymous = view.newAttributes.filter((each) => isAnonymous(view, each));
  const isOpen = hasOpenSource(view.pair.after) && !hasOpenSource(view.pair.before);
  return [
    ...RULES.flatMap(({ code, verb, holds, isOfNew }) => {
      const changes = view.isCreated && !isOfNew ? [] : view.changes;
      return describe(code, verb, changes.filter((change) => holds(view, change)).map(formatChange));
    }),
    ...describe(
      "untrusted-code",
      "delivers from everywhere:",
      wide.filter(isRepository).map(({ path }) => path),
    ),
    ...describe(
      "privilege-widened",
      "delivers to everywhere:",
      wide.filter((each) => !isRepository(each)).map(({ path }) => path),
    ),
    ...describe("wildcard-principal", "lets in everybody:", [
      ...anonymous.map(({ path, text }) => `${path} = ${text}`),
      ...(isOpen ? ["every source"] : []),
    ]),
  ];
}

const CLUSTER_KINDS: ReadonlySet<string> = new Set(["kubernetes", "helm", "mesh", "kustomize"]);

/** Objects of a cluster as Terraform and Pulumi make them. */
const OBJECTS = /^(?:kubernetes_\w+|kubectl_manifest|helm_release|(?:k8s|kubernetes)[.:].+)$/;

function isOfCluster({ pair: { before, after } }: ChangeView): boolean {
  const side = after ?? before;
  return side !== null && (CLUSTER_KINDS.has(side.kind) || OBJECTS.test(side.type));
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
  const isType =
    /^(?:(?:yaml_body\.|manifest\.)?spec\.|service\.)?type$/.test(path) ||
    /(?:^|\.)service\.type$/.test(path);
  return isType && after.some((text) => EXPOSED.test(text)) && !before.some((text) => EXPOSED.test(text));
}

function isUnlisted({ path, before, after }: AttributeChange): boolean {
  return /load_balancer_source_ranges$/.test(path) && before.length > 0 && after.length === 0;
}

function isUnchecked({ name, path, before, after }: AttributeChange): boolean {
  if (name === "failure_policy") return before.includes("Fail") && !after.includes("Fail");
  if (
    /(?:validation_failure_action|enforcement_action|validation_actions|failure_action|spec\.mode)$/.test(
      path,
    )
  )
    return /enforce|deny/i.test(before.join()) && !/enforce|deny/i.test(after.join());
  if (INJECTION.test(path))
    return /^(?:enabled|true)$/.test(before[0] ?? "enabled") && /^(?:disabled|false|)$/.test(after[0] ?? "");
  // A port of its own says otherwise than the rest.
  if (/port_level_(?:mtls|settings)\..*mode$/.test(path))
    return after.some((text) => UNSAFE.test(text)) && !before.some((text) => UNSAFE.test(text));
  return (
    /(?:^|\.)(?:m_?tls|tls)\.mode$/.test(path) &&
    /STRICT|MUTUAL/.test(before.join()) &&
    !/STRICT|MUTUAL/.test(after.join())
  );
}

const UNSAFE = /^(?:DISABLE|PERMISSIVE)$/;

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
  // Of a backup the namespaces are what it keeps.
  const isEverybody =
    /(?:principals|request_principals|(?<!included_)namespaces)$/.test(path) && text === "*";
  return (
    !view.after.some(({ path: own, text: action }) => own === "spec.action" && action === "DENY") &&
    (isRule || isEverybody)
  );
}

/** Consul: every service is let in by a source that is called so and refuses nothing (developer.hashicorp.com/consul, service intentions). */
function hasOpenSource(resource: DeclaredResource | null): boolean {
  if (resource?.type !== "ServiceIntentions") return false;
  return objectsIn(resource.body).some(
    (each) => literalOf(each, "name") === "*" && isLetIn(each, "action", "permissions"),
  );
}

function isLetIn(source: ConfigurationValue, ...names: readonly string[]): boolean {
  const said = fieldsOf(source, ...names);
  return said.length > 0 && said.some((each) => textsOf(each).includes("allow"));
}

/** A budget that lets more of its pods go at once. */
function isDisrupted({ type }: ChangeView, { name, before, after }: AttributeChange): boolean {
  if (!type.includes("pod_disruption_budget") && type !== "values") return false;
  const [old, now] = [Number.parseInt(before[0] ?? "", 10), Number.parseInt(after[0] ?? "", 10)];
  if (name === "min_available") return before.length > 0 && (after.length === 0 || now < old);
  return name === "max_unavailable" && now > old;
}

/** What a Service selects is where its traffic goes. */
function isServed({ type }: ChangeView, { path, before }: AttributeChange): boolean {
  return (
    type === "service" &&
    before.length > 0 &&
    /^spec\.(?:selector\.|external_name$|ports\.target_port$)/.test(path)
  );
}

/** A rule that named its callers and names none. */
function isAnySource(view: ChangeView, { path, before, after }: AttributeChange): boolean {
  if (view.type !== "authorization_policy" || before.length === 0 || after.length > 0) return false;
  const isDenial = view.after.some(({ path: own, text }) => own === "spec.action" && text === "DENY");
  const stands = view.after.some(
    ({ path: own }) => FROM.test(own) || own === "spec.required_authentication_refs.name",
  );
  return !isDenial && !stands && (FROM.test(path) || path === "spec.required_authentication_refs.name");
}

const FROM = /^spec\.rules\.from\./;

function isTurned({ type }: ChangeView, { name, before, after }: AttributeChange): boolean {
  return (
    /authorization_policy|service_intentions|traffic_permission/.test(type) &&
    /(?:^|_)action$/.test(name) &&
    /^deny/i.test(before.join()) &&
    !/^deny/i.test(after.join())
  );
}

/** An audit policy of the API server. */
function isSilenced({ type, after: now }: ChangeView, { path, before, after }: AttributeChange): boolean {
  const isAudit =
    type === "policy" &&
    now.some(({ path: own, text }) => own === "api_version" && text.startsWith("audit.k8s.io/"));
  if (!isAudit || !/(?:^|\.)level$/.test(path)) return false;
  const levels = before.map((text) => AUDITED.indexOf(text));
  return before.length === after.length
    ? after.some((text, at) => AUDITED.indexOf(text) < (levels[at] ?? 0))
    : after.filter(isNone).length > before.filter(isNone).length;
}

const AUDITED = ["None", "Metadata", "Request", "RequestResponse"];
const isNone = (text: string) => text === "None";
