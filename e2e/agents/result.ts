// SPDX-License-Identifier: Apache-2.0
import type { Failure } from "./checks/failure.ts";

/** What came of one agent. Plain JSON: it is handed from the isolated process to the one that prints. */
export interface AgentResult {
  readonly agent: string;
  readonly story: string;
  /** Why it was not run at all. */
  readonly skipped?: string;
  readonly failures: readonly Failure[];
  /** Of the agent's whole conversation, in milliseconds. */
  readonly took: number;
  /** Where everything of a failed run is kept. */
  readonly folder?: string;
}
