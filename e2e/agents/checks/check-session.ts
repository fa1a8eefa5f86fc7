// SPDX-License-Identifier: Apache-2.0
import type { AgentPlace, AgentProgram } from "../programs/agent-program.ts";
import { AFTER_AGENT, AFTER_AUTHOR } from "../scenario/expected-lines.ts";
import { AGENT_TITLE, AUTHOR_TITLE } from "../scenario/steps.ts";
import { checkCommit, findAdded } from "./check-commit.ts";
import { checkLines } from "./check-lines.ts";
import type { Failure } from "./failure.ts";

/** What must be true once the agent is gone: its commit is the newest, and another edit of it waits. */
export async function checkAgentCommit(
  program: AgentProgram,
  place: AgentPlace,
): Promise<readonly Failure[]> {
  return [
    ...(await checkLines(program, place, "HEAD", AFTER_AGENT)),
    ...(await checkCommit(program, place, {
      step: "agent's commit",
      commit: "HEAD",
      title: AGENT_TITLE,
      claims: program.ownCommitClaims,
      added: findAdded(AFTER_AGENT, {}),
    })),
  ];
}

/** And once the author has committed the rest: both commits say what they must. */
export async function checkAuthorCommit(
  program: AgentProgram,
  place: AgentPlace,
): Promise<readonly Failure[]> {
  return [
    ...(await checkLines(program, place, "HEAD~1", AFTER_AGENT)),
    ...(await checkLines(program, place, "HEAD", AFTER_AUTHOR)),
    ...(await checkCommit(program, place, {
      step: "author's commit",
      commit: "HEAD",
      title: AUTHOR_TITLE,
      added: findAdded(AFTER_AUTHOR, AFTER_AGENT),
    })),
  ];
}
