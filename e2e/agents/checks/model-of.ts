// SPDX-License-Identifier: Apache-2.0
import { toModelName } from "@countersign/core/trailers";
import type { AgentProgram } from "../programs/agent-program.ts";
import { isByAgent, type Writer } from "../scenario/expected-line.ts";

/** The model that evidence of a line must name, normalised; null for people and where nobody can know it. */
export function modelOf(writer: Writer, program: AgentProgram): string | null {
  if (!isByAgent(writer)) return null;
  const model = writer === "sub-agent" ? program.subAgentModel : program.recordedModel;
  return model === null ? null : toModelName(model);
}
