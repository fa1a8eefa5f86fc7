// SPDX-License-Identifier: Apache-2.0
import { run } from "@countersign/testkit";
import type { AgentPlace } from "../programs/agent-program.ts";

const BUNDLE = new URL("../../../apps/cli/dist/countersign.mjs", import.meta.url).pathname;

/** Runs the command as it is shipped, in the repository, as the author would; returns its output. */
export async function runCountersign(place: AgentPlace, words: readonly string[]): Promise<string> {
  const options = { cwd: place.workTree, environment: place.bare };
  return (await run(process.execPath, [BUNDLE, ...words], options)).toString("utf8");
}

export async function runGit(place: AgentPlace, words: readonly string[]): Promise<string> {
  return (await run("git", words, { cwd: place.workTree, environment: place.bare })).toString("utf8");
}
