// SPDX-License-Identifier: Apache-2.0
import type { CliContext } from "../cli-context.ts";
import type { Route } from "./reply.ts";

/** One thing that is served. */
export interface Door {
  readonly path: string;
  readonly route: Route;
  /** Resolves when what was taken has its answer. */
  readonly finish: () => Promise<void>;
}

export type DoorLog = (entry: Readonly<Record<string, unknown>>) => void;

/** One line of JSON on stdout for each answer. */
export function toDoorLog({ host }: CliContext, door: string): DoorLog {
  return (entry) => {
    host.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), door, ...entry })}\n`);
  };
}
