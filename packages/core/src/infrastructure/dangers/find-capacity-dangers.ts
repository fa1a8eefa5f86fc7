// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatValues } from "./change-view.ts";
import { deriveSettings } from "./derive-settings.ts";
import { isStore } from "./find-replacement-dangers.ts";

const COUNTS =
  /^(?:count|reserved_concurrent_executions|min_scale|max_scale|min_instance_count|\w*_count|desired_\w+|min_size|min_capacity|max_size|max_capacity|min_instances|min_instances_in_service|max_instances|min_replicas|max_replicas|replicas|instances|node_count|num_\w+|number_of_\w+|minimum_\w*nodes|min_available|read_capacity|write_capacity|provisioned_\w+|replicas_per_node_group|target_size|capacity_scaler|size|shard_count|members|capacity|cpu|memory)$/;
const PLACES =
  /^(?:availability_zones?|azs|zones|subnets|subnet_ids|vpc_zone_identifier|node_locations|locations|geo_locations?|regions|replica_regions?|replica|replicas|read_replicas|topology_spread_constraints|secondary_\w+|failover_locations?)(?:\.|$)/;
const STANDBYS =
  /replica|cluster_instance|nat_gateway|autoscaling|scaling|instance_group|node_group|node_pool|horizontal_pod|read_|secondary|standby|_instance$|deployment|stateful_set|ecs_service|global_cluster|pod_disruption/;

/** Machines, copies and places that are fewer afterwards. */
export function findCapacityDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated) return [];
  if (view.isDeleted && isStore(view)) return [];
  if (view.isDeleted)
    return STANDBYS.test(view.type) && view.category !== "iam"
      ? [{ code: "capacity-removed", reason: "it is taken away" }]
      : [];
  // A chart's values, handed over one by one.
  const changes = view.type === "helm_release" ? [...view.changes, ...deriveSettings(view)] : view.changes;
  return [
    ...describe(
      "capacity-removed",
      "is fewer:",
      changes.filter((change) => isFewer(view, change)).map(formatValues),
    ),
    ...describe(
      "capacity-removed",
      "stands in fewer places:",
      changes.filter((change) => isInFewerPlaces(view, change)).map(formatValues),
    ),
  ];
}

/** What is handed to others, and says first whose places or copies they are: `nat_zones`, `api_replicas`. */
const HANDED: ReadonlySet<string> = new Set(["variable", "local", "values", "config", "module"]);
const NAMED_PLACES =
  /^(?!.*(?:dns|hosted|forward|private|domain|allow|den[iy]|block|trust|geo)).*_(?:zones|azs|availability_zones|regions)(?:\.|$)/;
const NAMED_COUNTS =
  /_(?:replicas|min_size|desired_size|desired_capacity|min_capacity|min_nodes|min_instances|min_replicas|node_count|instance_count|replica_count|desired_count)$/;

/** Numbers of what is kept or asked for, and not of what works. */
const NO_MACHINES =
  /retention|review|approv|backup|snapshot|attempt|retr(?:y|ies)|threshold|expiration|_size_limit|insync|private_key|key_size/;

function isFewer({ type }: ChangeView, { path, name, before, after }: AttributeChange): boolean {
  if (NO_MACHINES.test(path)) return false;
  const isCount = COUNTS.test(name) || (HANDED.has(type) && NAMED_COUNTS.test(name));
  if (!isCount || before.length !== after.length) return false;
  const [old, now] = [before, after].map((side) => side.map(toNumber).sort((a = 0, b = 0) => b - a));
  return old?.some((each, at) => each !== undefined && (now?.[at] ?? each) < each) === true;
}

/** `500m`, `2Gi` and `50%` compare only with their like. */
function toNumber(text: string | undefined): number | undefined {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)(m|Ki|Mi|Gi|Ti|%)?$/.exec(text ?? "") ?? [];
  if (digits === undefined) return undefined;
  const factor = UNITS.get(unit);
  return factor === undefined ? undefined : Number(digits) * factor;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["%", 1],
  ["m", 0.001],
  ["Ki", 2 ** 10],
  ["Mi", 2 ** 20],
  ["Gi", 2 ** 30],
  ["Ti", 2 ** 40],
]);

function isInFewerPlaces({ type }: ChangeView, { path, name, before, after }: AttributeChange): boolean {
  return (
    (PLACES.test(path) ||
      (PLACES.test(name) && after.length > 0) ||
      (HANDED.has(type) && NAMED_PLACES.test(path) && after.length > 0)) &&
    after.length < before.length &&
    after.every((text) => before.includes(text))
  );
}
