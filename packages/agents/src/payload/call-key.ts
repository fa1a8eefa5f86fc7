// SPDX-License-Identifier: Apache-2.0
import { AgentError } from "../agent-error.ts";
import { digest } from "./digest.ts";
import { isObject } from "./json-value.ts";

const MAX_DEPTH = 64;

/**
 * Key of a call that has no id of its own. Starts with `#`, which no id does: such a key comes back when the agent makes
 * the very same call again, so only a second `before` within an open call is a double.
 * @throws AgentError PAYLOAD_TOO_DEEP
 */
export function digestCall(
  session: string,
  subAgent: string | null,
  toolName: string,
  callArguments: unknown,
): string {
  const text = JSON.stringify([session, subAgent, toolName, canonical(callArguments, 0)]);
  return `#${digest(text)}`;
}

/** Keys in order; null and false left out, since agents fill in defaults between the two events of one call. */
export function canonical(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new AgentError("PAYLOAD_TOO_DEEP", `arguments nest deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) return value.map((item) => canonical(item, depth + 1));
  if (!isObject(value)) return value;
  return Object.keys(value)
    .filter((key) => value[key] !== null && value[key] !== false)
    .sort()
    .map((key) => [key, canonical(value[key], depth + 1)]);
}
