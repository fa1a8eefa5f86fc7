// SPDX-License-Identifier: Apache-2.0
import type { HookEvent, JsonHooks } from "./hook-descriptor.ts";

/** How long an agent waits for us at most. A recorder that takes longer has failed, and the agent goes on. */
export const TIMEOUT_SECONDS = 10;

/** The form that Claude Code made common: a matcher and a list of handlers. */
export function matchedHooks(events: readonly HookEvent[], timeout: number = TIMEOUT_SECONDS): JsonHooks {
  return {
    kind: "json",
    events,
    entry: (command, event) => ({
      ...(event.matcher === undefined ? {} : { matcher: event.matcher }),
      hooks: [{ type: "command", command: command.shell, timeout }],
    }),
  };
}

/** Events around calls take the matcher; ends of turns and sessions have none. */
export function hookEvents(
  calls: readonly string[],
  matcher: string | undefined,
  ends: readonly string[],
): readonly HookEvent[] {
  const around = calls.map((name) => (matcher === undefined ? { name } : { name, matcher }));
  return [...around, ...ends.map((name) => ({ name }))];
}
