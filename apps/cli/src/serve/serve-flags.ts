// SPDX-License-Identifier: Apache-2.0
import type { DeployFlags } from "../deploy/deploy-flags.ts";

export type ServeFlags = Omit<DeployFlags, "json" | "commit" | "artifact" | "since"> & {
  readonly admission: boolean;
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
  readonly host: string;
  readonly port: number;
  readonly timeout: number;
  readonly ownNamespace: string;
  readonly foreign?: readonly string[];
};
