// SPDX-License-Identifier: Apache-2.0
export type { AgentAdapter } from "./agent-adapter.ts";
export { AgentError, type AgentErrorCode } from "./agent-error.ts";
export { AGENTS, findAgent } from "./agents.ts";
export { type ReadInput, readEvent } from "./read-event.ts";
