// SPDX-License-Identifier: Apache-2.0
export type { AgentAdapter } from "./agent-adapter.ts";
export { AgentError, type AgentErrorCode } from "./agent-error.ts";
export { AGENTS, findAgent } from "./agents.ts";
export {
  applyConfigEdits,
  ConfigWriteError,
  foreseeConfigEdits,
  restoreConfigEdits,
} from "./hooks/apply-config-edits.ts";
export { checkHooks } from "./hooks/check-hooks.ts";
export { type ConfigReader, diskReader } from "./hooks/config-reader.ts";
export { type FoundAgent, findAgents } from "./hooks/find-agents.ts";
export { type HookLocation, type HookScope, MARK } from "./hooks/hook-descriptor.ts";
export type { HookFinding, HookState } from "./hooks/hook-finding.ts";
export {
  type AppliedEdit,
  type ConfigEdit,
  type HookRequest,
  planHooks,
  planRemoval,
  planRestore,
} from "./hooks/plan-hooks.ts";
export { type ReadInput, readEvent } from "./read-event.ts";
