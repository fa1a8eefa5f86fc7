// SPDX-License-Identifier: Apache-2.0
import type { Project, Stage } from "./stage.ts";

/** One row of the table: something played on a repository, and what must come of it. */
export interface Scene {
  readonly id: string;
  readonly what: string;
  readonly play: (stage: Stage) => Promise<unknown>;
  readonly project?: Project;
  /** One sentence: why each rule decides as it does. */
  readonly why: string;
}

/** A scene that must be stopped, and stopped for its own reason: a gate that fails at something else proves nothing. */
export interface Attack extends Scene {
  readonly ours: RegExp;
  /** Dates decide nothing in the threat itself, so the scene has true ones; played again with the lie of T21. */
  readonly canBackdate?: true;
  /** Ours leans on what the server recorded of pushes; played again in a clone that has none of it. */
  readonly needsRecords?: true;
}

/** The scene is not what it claims to be unless this holds on the repository that was really made. */
export function requirePremise(holds: boolean, premise: string): void {
  if (!holds) throw new Error(`the scene is not played: ${premise}`);
}
