// SPDX-License-Identifier: Apache-2.0
import type { BuildContext } from "./build-context.ts";
import { buildDuration } from "./build-interval.ts";
import type { Environment } from "./policy.ts";

/** Environments by name; each stage that one waits for must be named here too, and no two may wait for each other. */
export function buildEnvironments(context: BuildContext): ReadonlyMap<string, Environment> {
  const file = context.file.deployments ?? {};
  const environments = Object.entries(file).map(([id, own]): readonly [string, Environment] => {
    const path = ["deployments", id];
    const { after, minimum, rollback = "allow" } = own;
    if (after !== undefined && !Object.hasOwn(file, after)) {
      const known = Object.keys(file).join(", ");
      context.fail(
        [...path, "after"],
        `no environment "${after}" is named here`,
        `one of ${known}`,
        `${after}: {}`,
      );
    }
    if (after === undefined && minimum !== undefined) {
      const message = "a shortest time without `after`, the environment in which it is spent";
      context.fail([...path, "minimum"], message, "both, or neither", "{ after: staging, minimum: 1h }");
    }
    const shortest = minimum === undefined ? 0 : (buildDuration(context, minimum, [...path, "minimum"]) ?? 0);
    return [id, { id, after: after ?? null, minimum: shortest, rollback }];
  });
  const found = new Map(environments);
  for (const id of found.keys()) {
    if (!isInCircle(found, id)) continue;
    const message = `${id} waits for itself, so nothing could ever be deployed there`;
    context.fail(["deployments", id, "after"], message, "an order without circles", "{ after: staging }");
  }
  return found;
}

function isInCircle(environments: ReadonlyMap<string, Environment>, start: string): boolean {
  let at = environments.get(start)?.after ?? null;
  for (let steps = 0; at !== null && steps <= environments.size; steps++) {
    if (at === start) return true;
    at = environments.get(at)?.after ?? null;
  }
  return false;
}
