// SPDX-License-Identifier: Apache-2.0
import type { AgentPlace, AgentProgram } from "../programs/agent-program.ts";
import type { ExpectedCommit } from "../scenario/story.ts";
import { checkCommit } from "./check-commit.ts";
import { checkLines } from "./check-lines.ts";
import type { Failure } from "./failure.ts";

/** Everything that must be true of these commits, lines first. */
export async function checkCommits(
  program: AgentProgram,
  place: AgentPlace,
  expected: readonly ExpectedCommit[],
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const commit of expected) {
    failures.push(...(await checkLines(program, place, commit)));
    failures.push(...(await checkCommit(program, place, commit)));
  }
  return failures;
}
