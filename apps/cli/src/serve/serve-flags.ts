// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import type { CliContext } from "../cli-context.ts";
import type { DeployFlags } from "../deploy/deploy-flags.ts";

export type ServeFlags = Omit<DeployFlags, "json" | "commit" | "artifact" | "since"> & {
  readonly admission: boolean;
  readonly runTask: boolean;
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
  readonly host: string;
  readonly port: number;
  readonly timeout: number;
  readonly ownNamespace: string;
  readonly foreign?: readonly string[];
  readonly runTaskKey?: string;
  readonly callbackHost?: readonly string[];
};

/** Files are meant from where the person stands. */
export function withPaths({ host }: CliContext, flags: ServeFlags): ServeFlags {
  const from = host.env.COUNTERSIGN_CWD ?? host.cwd();
  const { cert, key, clientCa, provenance, runTaskKey } = flags;
  return {
    ...flags,
    cert: resolve(from, cert),
    key: resolve(from, key),
    ...(clientCa !== undefined && { clientCa: resolve(from, clientCa) }),
    ...(provenance !== undefined && { provenance: provenance.map((path) => resolve(from, path)) }),
    ...(runTaskKey !== undefined && { runTaskKey: resolve(from, runTaskKey) }),
  };
}
