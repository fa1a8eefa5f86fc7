// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../../ids/index.ts";

/** Something in a bundle that is not what it says. */
export interface BundleFault {
  /** Where: `log.checkpoint`, `entries.12`, `evidence.<name>`, `report.totals`. */
  readonly part: string;
  readonly code: string;
  readonly message: string;
}

/** A CoreError as a fault; anything else is a mistake of ours and goes on. */
export function toFault(error: unknown): Omit<BundleFault, "part"> {
  if (error instanceof CoreError) return { code: error.code, message: error.message };
  throw error;
}
