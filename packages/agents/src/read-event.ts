// SPDX-License-Identifier: Apache-2.0
import type { AgentEvent } from "@countersign/core/attribution";
import type { HookInput } from "./agent-adapter.ts";
import { AgentError } from "./agent-error.ts";
import { findAgent } from "./agents.ts";
import { identifyAgent } from "./identify-agent.ts";
import { parsePayload } from "./payload/parse-payload.ts";

/** What `record <tool>` was given. */
export interface ReadInput extends Omit<HookInput, "payload"> {
  /** Name or alias of an agent; the hook's own configuration says it. */
  readonly tool: string;
  /** The payload as it came, UTF-8 decoded. Hostile. */
  readonly payload: string;
}

/**
 * What one hook call reports. Undefined: an event of no interest, such as a file being read. Reads at most 4 MiB of the
 * agent's transcript, for the model's name, and writes nothing.
 * @throws AgentError, and nothing else: the event is lost, and whoever called writes that down.
 */
export async function readEvent(input: ReadInput): Promise<AgentEvent | undefined> {
  const named = findAgent(input.tool);
  if (named === undefined)
    throw new AgentError("AGENT_UNKNOWN", `no agent is called ${JSON.stringify(input.tool.slice(0, 60))}`);
  try {
    const payload = parsePayload(input.payload);
    const { environment, cwd, home } = input;
    const actual = findAgent(identifyAgent(named.name, payload, environment)) ?? named;
    const agent = await actual.load();
    return agent.read({ payload, environment, cwd, home });
  } catch (error) {
    if (error instanceof AgentError) throw error;
    throw new AgentError("PAYLOAD_MALFORMED", `the payload of ${named.title} cannot be read`, {
      cause: error,
    });
  }
}
