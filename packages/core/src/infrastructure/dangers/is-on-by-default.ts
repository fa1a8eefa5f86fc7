// SPDX-License-Identifier: Apache-2.0
import type { ChangeView } from "./change-view.ts";

/** Switches that are on where nothing is written, for some types only (the providers' documentation of each type). */
const BY_TYPE: readonly (readonly [name: RegExp, type: RegExp])[] = [
  [
    /^deletion_protection$/,
    /^google_(?:sql_database_instance|container_cluster|bigquery_table|spanner_database|bigtable_instance|cloud_run_v2_(?:service|job|worker_pool)|folder|workflows_workflow|privateca_certificate_authority)$/,
  ],
  [/^deletion_protection_enabled$/, /^google_(?:redis_cluster|memorystore_instance)$/],
];

/** Whether the provider switches it on by itself, the name in snake case: to leave it out changes nothing, to write that it is off does. */
export function isOnByDefault({ type, after }: ChangeView, name: string): boolean {
  // ingress-nginx sends on to HTTPS where there is a certificate.
  if (type === "ingress" && name === "ssl_redirect")
    return after.some(({ path }) => path.startsWith("spec.tls"));
  return BY_TYPE.some(([own, types]) => own.test(name) && types.test(type));
}
