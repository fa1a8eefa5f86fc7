// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** Whether a machine is one that its cloud takes back when it likes. */
const SWITCHES = /^(?:spot|preemptible|enable_spot|use_spot|spot_enabled|spot_instances?)$/;
const WORDS =
  /^(?:capacity_type|capacity_types|capacity_provider|default_capacity_provider|market_type|provisioning_model|priority|purchase_option|lifecycle|capacity_rebalance_type)$/;
const SPOT = /^(?:spot|SPOT|Spot|FARGATE_SPOT|Low|LowPriority|preemptible)$/;
const LASTING =
  /^(?:on_demand_base_capacity|on_demand_percentage_above_base_capacity|base_on_demand_capacity)$/;
const REGION = /^[a-z]{2,20}-[a-z]{4,20}\d{1,2}$/;

/** Machines that are fewer whenever their cloud wants them back, and clusters that stand in one zone of a region. */
export function findSpotDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted) return [];
  return [
    ...describe(
      "capacity-removed",
      "may be taken back at any time:",
      view.changes.filter(isSpot).map(formatChange),
    ),
    ...describe("capacity-removed", "stands in one zone:", view.changes.filter(isZonal).map(formatChange)),
  ];
}

function isSpot({ name, before, after }: AttributeChange): boolean {
  if (SWITCHES.test(name)) return after.includes("true") && !before.includes("true");
  if (LASTING.test(name)) return Number(after[0] ?? Number.NaN) < Number(before[0] ?? Number.NaN);
  const isLasting = (texts: readonly string[]) => texts.some((text) => !SPOT.test(text));
  return (
    WORDS.test(name) &&
    before.length > 0 &&
    after.some((text) => SPOT.test(text) && !before.includes(text)) &&
    isLasting(before) &&
    !isLasting(after)
  );
}

/** `europe-west4` becomes `europe-west4-a`. */
function isZonal({ name, before, after }: AttributeChange): boolean {
  const [old, now] = [before[0] ?? "", after[0] ?? ""];
  return /^(?:location|region)$/.test(name) && REGION.test(old) && now.startsWith(`${old}-`);
}
