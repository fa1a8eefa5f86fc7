// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type ChangeView, describe, formatChange } from "./change-view.ts";

/** Stores of secrets for a whole cluster name who may take from them; without that everybody may. */
const SHARED_STORES = /^cluster_(?:secret_store|external_secret|push_secret|issuer)$/;

/** Objects of operators that say for which namespaces they are there. */
export function findOperatorDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted || !SHARED_STORES.test(view.type)) return [];
  const isConditioned = view.after.some(({ path }) => path.startsWith("spec.conditions."));
  const lifted = view.changes.filter(
    ({ path, before, after }) =>
      path.startsWith("spec.conditions.") &&
      before.length > 0 &&
      (!isConditioned || (after.length > before.length && before.every((text) => after.includes(text)))),
  );
  return describe("privilege-widened", "may be used from more namespaces:", lifted.map(formatChange));
}
