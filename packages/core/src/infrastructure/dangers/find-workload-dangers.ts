// SPDX-License-Identifier: Apache-2.0
import { literalOf, objectsIn, textsOf } from "../configuration-value.ts";
import type { Danger, DangerCode, DeclaredResource } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

const SANDBOXES = /gvisor|runsc|kata|firecracker|sandbox|confidential/i;
const POWERFUL_ACCOUNT =
  /(?:^|[-_.])(?:admin|administrator|cluster-admin|root|privileged|deployer|tiller|superuser)(?:$|[-_.])/i;
/** Those that a node lets every pod set (kubernetes.io, Using sysctls in a cluster). */
const SAFE_SYSCTLS =
  /^(?:kernel\.shm_rmid_forced|net\.ipv4\.(?:ip_local_port_range|tcp_syncookies|ping_group_range|ip_unprivileged_port_start|ip_local_reserved_ports|tcp_keepalive_(?:time|intvl|probes)|tcp_fin_timeout|tcp_rmem|tcp_wmem))$/;
const UNCONFINED_TYPES = /^(?:spc_t|unconfined_t|container_runtime_t|super_t)$/;
const ROLES = /^(?:cluster_)?role$/;
const DELIVERIES = /toolkit\.fluxcd\.io\//;

interface WorkloadRule {
  readonly code: DangerCode;
  readonly verb: string;
  readonly holds: (change: AttributeChange, view: ChangeView) => boolean;
}

const rule = (code: DangerCode, verb: string, holds: WorkloadRule["holds"]): WorkloadRule => ({
  code,
  verb,
  holds,
});
const hasNew = ({ before, after }: AttributeChange, pattern: RegExp) =>
  after.some((text) => pattern.test(text) && !before.includes(text));

const RULES: readonly WorkloadRule[] = [
  rule("isolation-lost", "is less isolated:", isLooser),
  rule("privilege-widened", "acts as a more powerful account:", isMorePowerful),
  rule(
    "privilege-widened",
    "holds for every group of the API:",
    (change, { type }) =>
      ROLES.test(type) &&
      /(?:^|\.)api_groups$/.test(change.path) &&
      change.before.length > 0 &&
      hasNew(change, /^\*$/),
  ),
  rule("route-changed", "finds others under their names:", isNamedOtherwise),
  rule(
    "failover-changed",
    "gets traffic before it is ready:",
    ({ name, before, after }) =>
      name === "publish_not_ready_addresses" && after.includes("true") && !before.includes("true"),
  ),
  rule(
    "cidr-opened",
    "can be reached under another address:",
    (change, { type }) =>
      type === "service" && /^spec\.external_i_?ps$/.test(change.path) && hasNew(change, /./),
  ),
  rule(
    "cidr-opened",
    "can be reached from outside the cluster:",
    (change) =>
      /(?:^|\.)listeners\.type$/.test(change.path) &&
      change.before.includes("internal") &&
      hasNew(change, /^(?:loadbalancer|nodeport|ingress|route)$/),
  ),
  rule(
    "failover-changed",
    "is healed no longer:",
    (change) =>
      change.name === "suspended_processes" &&
      hasNew(change, /^(?:HealthCheck|ReplaceUnhealthy|Launch|Terminate|AddToLoadBalancer|AZRebalance)$/),
  ),
  rule(
    "protection-off",
    "takes as many as come:",
    ({ name, before, after }) =>
      /^throttling_(?:rate|burst)_limit$/.test(name) &&
      after.includes("-1") &&
      before.length > 0 &&
      !before.includes("-1"),
  ),
  rule(
    "untrusted-code",
    "takes code of another account:",
    ({ name, before, after }) =>
      name === "layers" && before.length > 0 && after.some((text) => isOfAnother(text, before)),
  ),
  rule("protection-off", "goes on without a pause or a look:", isUnwatched),
  rule(
    "protection-off",
    "may be disrupted further:",
    ({ path, before, after }) =>
      /(?:^|\.)disruption\.budgets\.nodes$/.test(path) && share(after) > share(before),
  ),
  rule(
    "protection-off",
    "may be pruned:",
    ({ name, before, after }) =>
      name === "sync_options" && KEPT.test(before.join()) && !KEPT.test(after.join()),
  ),
];

const ACCOUNT = /^arn:aws[\w-]*:lambda:[\w-]*:(\d+):layer:/;

function isOfAnother(text: string, before: readonly string[]): boolean {
  const account = ACCOUNT.exec(text)?.[1];
  return account !== undefined && !before.some((old) => ACCOUNT.exec(old)?.[1] === account);
}

const KEPT = /(?:Prune|Delete)=(?:false|confirm)/;

/** What pods, their accounts and their roll-outs are told, which no cloud's attribute says. */
export function findWorkloadDangers(view: ChangeView): readonly Danger[] {
  const { before, after } = view.pair;
  if (before === null || after === null || !KINDS.has(after.kind)) return [];
  return [
    ...RULES.flatMap(({ code, verb, holds }) =>
      describe(code, verb, view.changes.filter((change) => holds(change, view)).map(formatChange)),
    ),
    ...(view.changes.some(({ name }) => name === "values")
      ? describe("capacity-removed", "stands in fewer places:", findLostPlaces(before, after))
      : []),
  ];
}

const KINDS: ReadonlySet<string> = new Set([
  "kubernetes",
  "helm",
  "mesh",
  "terraform",
  "pulumi",
  "kustomize",
]);

function isLooser(change: AttributeChange): boolean {
  const { path, name, before, after } = change;
  if (name === "runtime_class_name")
    return before.some((text) => SANDBOXES.test(text)) && !after.some((text) => SANDBOXES.test(text));
  if (/security_context\.sysctls?\.name$/.test(path))
    return after.some((text) => !before.includes(text) && !SAFE_SYSCTLS.test(text));
  return /se_linux_options\.type$/.test(path) && hasNew(change, UNCONFINED_TYPES);
}

function isMorePowerful(change: AttributeChange, { after: now }: ChangeView): boolean {
  const { path, name, before, after } = change;
  if (path === "spec.project") return before.length > 0 && after.includes("default");
  if (!/^service_account(?:_name)?$/.test(name)) return false;
  // What is applied under no account of its own is applied with the controller's rights.
  const isDelivery = now.some((each) => each.path === "api_version" && DELIVERIES.test(each.text));
  if (isDelivery && path === "spec.service_account_name" && before.length > 0 && after.length === 0)
    return true;
  return (
    before.length > 0 &&
    hasNew(change, POWERFUL_ACCOUNT) &&
    !before.some((text) => POWERFUL_ACCOUNT.test(text))
  );
}

function isNamedOtherwise({ path, before, after }: AttributeChange): boolean {
  if (/(?:^|\.)host_aliases\.ip$/.test(path))
    return before.length > 0 && after.some((text) => !before.includes(text));
  if (/^(?:dns_servers|domain_name_servers)$/.test(path))
    return before.length > 0 && after.some((text) => !before.includes(text));
  return /(?:^|\.)dns_config\.nameservers$/.test(path) && after.some((text) => !before.includes(text));
}

/** Steps of a roll-out at which somebody, or a measurement, says whether it goes on. */
function isUnwatched({ path, before, after }: AttributeChange): boolean {
  if (/(?:^|\.)auto_promotion_enabled$/.test(path)) return after.includes("true") && !before.includes("true");
  return (
    /(?:^|\.)(?:canary|blue_green)\.(?:(?:pre_promotion_|post_promotion_)?analysis\.|steps\.(?:pause|analysis))/.test(
      `${path}.`,
    ) && before.length > after.length
  );
}

function share(texts: readonly string[]): number {
  return Math.max(0, ...texts.filter((text) => text.endsWith("%")).map((text) => Number.parseInt(text, 10)));
}

const PLACES = /(?:^|\/)(?:zone|region|hostname)$|availability-zone/;

/** `{ key: topology.kubernetes.io/zone, operator: In, values: [a, b] }`. */
function findLostPlaces(before: DeclaredResource, after: DeclaredResource): readonly string[] {
  const now = placesOf(after);
  return [...placesOf(before)].flatMap(([key, values]) => {
    const left = now.get(key);
    const isFewer =
      left !== undefined && left.length < values.length && left.every((each) => values.includes(each));
    return isFewer ? [`${key} ${values.join(", ")} → ${left.join(", ")}`] : [];
  });
}

function placesOf({ body }: DeclaredResource): ReadonlyMap<string, readonly string[]> {
  return new Map(
    objectsIn(body).flatMap((each) => {
      const [key, operator] = [literalOf(each, "key"), literalOf(each, "operator")];
      if (key === undefined || operator !== "In" || !PLACES.test(key)) return [];
      return [
        [
          key,
          each.fields.filter(({ name }) => name === "values").flatMap(({ value }) => textsOf(value)),
        ] as const,
      ];
    }),
  );
}
