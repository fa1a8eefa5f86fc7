// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";

/** What is asked of an API server, as its admission plugins get it. */
export interface PluginRequest {
  readonly operation: "CREATE" | "UPDATE";
  readonly resource: string;
  readonly subresource?: string;
  readonly object: object;
  readonly oldObject?: object;
}

export interface PluginAnswer {
  readonly allowed: boolean;
  readonly message: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Answers of e2e/kubernetes/ask-plugin.go, in the order of the requests; `objects` is what the API server has stored. */
export function askPlugin(
  program: string,
  objects: readonly object[],
  requests: readonly PluginRequest[],
): readonly PluginAnswer[] {
  const { status, stdout, stderr } = spawnSync(program, {
    input: JSON.stringify({ objects, requests }),
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}
