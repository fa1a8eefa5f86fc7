// SPDX-License-Identifier: Apache-2.0

/**
 * Why an agent's payload or an agent's configuration could not be used. None is worth a retry: the recorder writes
 * down that an event was lost, and `doctor` names it.
 */
export type AgentErrorCode =
  | "AGENT_UNKNOWN"
  | "PAYLOAD_TOO_LARGE"
  | "PAYLOAD_TOO_DEEP"
  | "PAYLOAD_MALFORMED"
  | "FIELD_MISSING"
  | "FIELD_INVALID"
  | "TOO_MANY_FILES"
  | "CONFIG_MALFORMED"
  | "CONFIG_UNSUPPORTED"
  | "CONFIG_UNWRITABLE";

/** Callers branch on `code`. The message names fields, never their values: a payload holds prompts and whole files. */
export class AgentError extends Error {
  readonly code: AgentErrorCode;
  constructor(code: AgentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AgentError";
    this.code = code;
  }
}
