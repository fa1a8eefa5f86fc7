// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from "node:timers/promises";
import { formatTaskResult, type TaskResult } from "@countersign/core/admission";

export interface Callback {
  readonly url: string;
  readonly accessToken: string;
}

/** Milliseconds between the tries. */
const PAUSES = [500, 2_000, 8_000];
const MOST_WAIT = 10_000;
/** Refusals of this try alone: too slow, too early, too many. */
const COME_AGAIN: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Sends the answer to a run. A redirection is not followed: the token is for the host that was allowed. Throws where no try got
 * through; a mandatory task without an answer fails by itself.
 */
export async function sendResult(callback: Callback, result: TaskResult): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const problem = await trySend(callback, result);
    if (problem === undefined) return;
    const pause = PAUSES[attempt];
    if (problem.isFinal || pause === undefined) throw new Error(problem.reason);
    await setTimeout(pause);
  }
}

interface Problem {
  readonly reason: string;
  /** Another try would get the same. */
  readonly isFinal: boolean;
}

async function trySend({ url, accessToken }: Callback, result: TaskResult): Promise<Problem | undefined> {
  try {
    const response = await fetch(url, {
      method: "PATCH",
      redirect: "manual",
      signal: AbortSignal.timeout(MOST_WAIT),
      headers: { "content-type": "application/vnd.api+json", authorization: `Bearer ${accessToken}` },
      body: formatTaskResult(result),
    });
    await response.body?.cancel();
    if (response.ok) return undefined;
    const isFinal = response.status < 500 && !COME_AGAIN.has(response.status);
    return { reason: `the answer was refused with ${response.status}`, isFinal };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { reason: `the answer could not be sent: ${cause}`, isFinal: false };
  }
}
