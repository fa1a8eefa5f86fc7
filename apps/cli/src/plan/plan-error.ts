// SPDX-License-Identifier: Apache-2.0

/**
 * TOOL_MISSING: install it; TOOL_FAILED, TOOL_TIMEOUT, OUTPUT_TOO_LARGE: mend what the message says. With any of them nobody can tell what a plan
 * does.
 */
export type PlanErrorCode = "TOOL_MISSING" | "TOOL_FAILED" | "TOOL_TIMEOUT" | "OUTPUT_TOO_LARGE";

/** What a saved plan does could not be told. */
export class PlanError extends Error {
  readonly code: PlanErrorCode;
  constructor(code: PlanErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PlanError";
    this.code = code;
  }
}
