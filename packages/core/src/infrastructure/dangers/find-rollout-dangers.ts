// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

const ROLLS =
  /deployment|daemon_?set|stateful_?set|replica_?set|^rollout$|^values$|node_?(?:pool|group)|ecs_?service|ecs::service|autoscaling_?group|instance_group_manager|scale_set|^clone_set$/;
const HEALTHY = /^(?:deployment_)?min(?:imum)?_healthy_percent(?:age)?$/;
/** Per cent: fewer than half of what serves is left. */
const HALF = 50;

/** A roll-out that may take everything that serves away at once. */
export function findRolloutDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted || !ROLLS.test(view.type)) return [];
  const replicas = Number(view.after.find(({ name }) => name === "replicas")?.text ?? Number.NaN);
  const all = view.changes.filter((change) => takesAll(change, replicas));
  return describe("protection-off", "may be taken away all at once:", all.map(formatChange));
}

function takesAll({ path, name, before, after }: AttributeChange, replicas: number): boolean {
  const [old, now] = [before[0] ?? "", after[0] ?? ""];
  if (HEALTHY.test(name)) return Number(old) >= HALF && now !== "" && Number(now) < HALF;
  if (/(?:^|\.)strategy\.type$/.test(path)) return old === "RollingUpdate" && now === "Recreate";
  if (!/^max_unavailable(?:_percentage)?$/.test(name) || /disruption|pdb/.test(path)) return false;
  const isAll = (text: string) =>
    /^100%?$/.test(text) && (text.endsWith("%") || name.endsWith("percentage"))
      ? true
      : /^\d+$/.test(text) && replicas > 1 && Number(text) >= replicas;
  return isAll(now) && !isAll(old);
}
