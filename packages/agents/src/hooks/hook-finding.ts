// SPDX-License-Identifier: Apache-2.0

/**
 * - `installed`: all is well.
 * - `missing`: not installed. `partial`: not on every event. `outdated`: another command than `init` would write now.
 * - `twice`: twice on one event. `doubled`: in two scopes; every call is reported twice.
 * - `command-gone`: the hook runs something that is not there any more.
 * - `untrusted`, `disabled`: the agent does not run it. `unreadable`: the configuration is not what it should be.
 * - `no-place`: the agent has no configuration that hooks could be written to.
 */
export type HookState =
  | "installed"
  | "missing"
  | "partial"
  | "outdated"
  | "twice"
  | "doubled"
  | "command-gone"
  | "untrusted"
  | "disabled"
  | "unreadable"
  | "no-place";

export interface HookFinding {
  readonly agent: string;
  readonly state: HookState;
  /** Empty where no file is concerned. */
  readonly path: string;
  /** For people: what is wrong, and what to do. */
  readonly message: string;
}
