// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatValues } from "./change-view.ts";
import { findGuard } from "./find-lost-guards.ts";
import { findSwitch } from "./find-switch.ts";
import { isScaled } from "./find-weakened.ts";

const COSMETIC =
  /^(?:tags|tags_all|description|labels|metadata\.labels|metadata\.annotations|comment|timeouts|lifecycle|depends_on|for_each|count|condition|creation_policy|update_policy|name|display_name)(?:\.|$)/;
/** Annotations by which a controller of ingresses is told where requests go. */
const STEERS =
  /^metadata\.annotations\.[^/]+\/(?:canary(?:_weight|_weight_total|_by_header\w*|_by_cookie)?|upstream_vhost|service_weights|actions\.[\w-]+)(?:\.|$)/;
const ORDER = /^(?:rule_no|rule_number|priority|preference|order)$/;
const FAILOVER =
  /weight|failover|health_?check|latency|geolocation|geoproximity|multivalue|set_identifier|evaluate_target_health|traffic_dial|routing_policy|traffic_routing_method|monitor_config|endpoint_location|outlier|retries|retry|locality|backup|priority_group|global_cluster|replication_role|automatic_failover|promotion_tier|threshold|request_interval|fallback|min_healthy|primary|origin_group/;
const WHERE_TO =
  /^(?:records?|value|values|content|rrdatas|alias|target|targets|cname|resource_records|alias_target|rdata|answers\.answer|addresses|ip_addresses)(?:\.|$)|alias\.(?:name|zone_id)|alias_target\.(?:dns_name|hosted_zone_id)|rrdata/;
const AUTOMATIC = /^(?:automatic_failover_enabled|failover_enabled|enable_automatic_failover)$/;
/** What makes a store the copy of another one in another region. */
const MEMBERSHIP =
  /^(?:global_cluster_identifier|replication_source_identifier|replicate_source_db|source_region|global_replication_group_id)$/;

/** Where traffic goes, and where it goes when something is down. */
export function findRouteDangers(view: ChangeView): readonly Danger[] {
  if (NAMED.has(view.type) && (view.pair.after ?? view.pair.before)?.kind !== "mesh") return findNamed(view);
  const changes = view.changes.filter(
    ({ path, name }) =>
      path !== "" &&
      (!COSMETIC.test(path) || STEERS.test(path)) &&
      !isBeside(path, name) &&
      (view.category === "failover" ||
        (LONE_ROUTE.test(view.type) && view.type.endsWith("route")) ||
        !ORDER.test(name)),
  );
  if (view.category === "routing") return findRouting(view, changes);
  if (view.category === "failover") return findFailover(view, changes);
  const switched = changes.filter(
    ({ name, before, after }) =>
      (AUTOMATIC.test(name) && before[0] === "true" && after[0] !== "true") ||
      (MEMBERSHIP.test(name) && before.length > 0 && !view.isCreated),
  );
  const networks =
    view.category === "network" &&
    /(?:^|_)routes?(?:_|$)|peering|gateway|(?:^|_)nat(?:_|$)|vpn|dx_|interconnect|express_route/.test(
      view.type,
    ) &&
    !/authorization_rule$/.test(view.type);
  return [
    ...(view.isDeleted
      ? []
      : describe("failover-changed", "no longer fails over by itself:", switched.map(formatValues))),
    ...(networks ? findRouting(view, changes) : []),
    ...(ENTRIES.test(view.type) && !view.isCreated
      ? describe(
          "route-changed",
          "sends traffic elsewhere:",
          changes.filter(({ path, after }) => ADDRESSES.test(path) && after.length > 0).map(formatValues),
        )
      : []),
  ];
}

/** Objects that say where what a mesh calls by a name is. */
const ENTRIES = /^(?:service_entry|workload_entry|endpoints|endpoint_slice)$/;
const ADDRESSES =
  /^(?:spec\.(?:endpoints\.)?address|spec\.resolution|subsets\.addresses\.ip|endpoints\.addresses)$/;

/** How traffic is encrypted, asked about, logged or slowed down, and not where it goes. */
const BESIDE =
  /(?:^|\.)(?:zones|capacity|min_capacity|max_capacity|sku)(?:\.|$)|http_filters|plugins|middlewares|timeout|deregistration|slow_start|cookie|certificate|(?:^|_)(?:ssl|m?tls)(?:_|\.|$)|auth|log(?:s|ging)?(?:_|\.|$)|compress|cach|cors|throttl|quota|burst|rate_limit|tracing|xray|metrics|http[23]|ipv6_enabled|xff|preserve_host|drop_invalid|desync|api_key|deletion_protection|waf|web_acl|price_class|body_size|buffer|access_control|security_headers|connection_pool|max_age|auto_accept|capacity_scaler|max_utilization|max_rate/;

/** Steps of a listener that ask who calls are told as such. */
const isLogin = (change: AttributeChange) =>
  change.name === "type" && change.before.some((text) => text.startsWith("authenticate"));

function isBeside(path: string, name: string): boolean {
  return (
    BESIDE.test(path) ||
    isScaled(path, name) ||
    findSwitch(name) !== undefined ||
    !/^(?:failover-changed|undefined)$/.test(String(findGuard(path)?.code))
  );
}

/** What holds a value for others, or speaks of the state alone. */
const NAMED: ReadonlySet<string> = new Set(
  "variable local output module moved import removed check parameter config mapping condition rule".split(
    " ",
  ),
);

/** Of these only what the value says counts: whoever takes it is told by itself. */
function findNamed(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted || !["routing", "failover", "network"].includes(view.category))
    return [];
  const changes = view.changes.filter(
    ({ path, name, before, after }) =>
      before.length > 0 &&
      after.length > 0 &&
      !UNSAID.test(path) &&
      !isBeside(path, name) &&
      !before.every((text) => after.includes(text)),
  );
  const failover = changes.filter(({ path }) => FAILOVER.test(path));
  const routes = changes.filter((change) => !failover.includes(change) && TARGETS.test(change.path));
  return [
    ...describe("route-changed", "sends traffic elsewhere:", routes.map(formatValues)),
    ...describe("failover-changed", "fails over otherwise:", failover.map(formatValues)),
  ];
}

const UNSAID =
  /^(?:validation|description|type|source|version|nullable|sensitive|condition|from|to|id)(?:\.|$)/;
const TARGETS =
  /(?:^|[._])(?:routes?|target|targets|next_hop|gateway_id|records?|rrdatas|cname|default_gateway|origin_domain|backend_service)(?:_|\.|$)/;

const RETRIES = /(?:^|\.)retr(?:y|ies)(?:[._]|$)/;

/** One route of its own joins a table that is in use; a table that is new with its routes is not used yet. */
const LONE_ROUTE =
  /(?:^|_|::)route$|route_propagation|gateway_route|listener_rule|vpc_peering_connection_options|tgw_route/;

function findRouting(view: ChangeView, changes: readonly AttributeChange[]): readonly Danger[] {
  if (view.isDeleted) return [{ code: "route-changed", reason: "the route is taken away" }];
  if (view.isCreated)
    return LONE_ROUTE.test(view.type)
      ? [{ code: "route-changed", reason: "a route joins those in use" }]
      : [];
  // To try again what failed is nothing that was there before and is gone.
  const failover = changes.filter(
    ({ path, before }) => FAILOVER.test(path) && !(before.length === 0 && RETRIES.test(path)),
  );
  const routes = changes.filter(
    (change) => (!FAILOVER.test(change.path) || /weight/.test(change.path)) && !isLogin(change),
  );
  return [
    ...describe("route-changed", "sends traffic elsewhere:", routes.map(formatValues)),
    ...describe(
      "failover-changed",
      "reacts otherwise when something is down:",
      failover.filter(({ path }) => !/weight/.test(path)).map(formatValues),
    ),
  ];
}

function findFailover(view: ChangeView, changes: readonly AttributeChange[]): readonly Danger[] {
  const isPolicied =
    [...view.before, ...view.after].some(({ path }) => FAILOVER.test(path)) ||
    /health|failover|traffic|accelerator/.test(view.type);
  if (view.isDeleted)
    return isPolicied
      ? [{ code: "failover-changed", reason: "what takes over when something is down is taken away" }]
      : /dnssec|signing|query_log|safety_rule/.test(view.type)
        ? []
        : [{ code: "route-changed", reason: "the name is taken away" }];
  if (view.isCreated) return [];
  const isRecord = /record|dns|recordset/.test(view.type);
  const routes = changes.filter(
    ({ path, name }) =>
      isRecord &&
      WHERE_TO.test(path.replace(/^spec\.(?:endpoints\.)?/, "")) &&
      name !== "evaluate_target_health",
  );
  // Of several answers that a name has those that are left carry all.
  const fewer = routes.filter(({ before, after }) => after.length > 0 && after.length < before.length);
  const rest = changes.filter((change) => !routes.includes(change));
  const failover = rest.filter(({ path, name, before, after }) =>
    ORDER.test(name) && before.length > 0
      ? true
      : name === "ttl"
        ? Number(after[0]) > Number(before[0])
        : !isRecord || FAILOVER.test(path) || CHOOSES.test(path),
  );
  return [
    ...describe("route-changed", "the name leads elsewhere:", routes.map(formatValues)),
    ...describe("failover-changed", "fails over otherwise:", [...failover, ...fewer].map(formatValues)),
  ];
}

/** By what a provider's DNS picks one of several answers. */
const CHOOSES =
  /^(?:filters?|answers\.(?:meta|region)|meta|regions?|rules|pools?|steering_policies)(?:\.|$)|(?:^|\.)provider_specific(?:\.|$)/;
