// SPDX-License-Identifier: Apache-2.0
import type { Session } from "../play-session.ts";
import type { AgentProgram } from "../programs/agent-program.ts";
import { AFTER_AGENT, AFTER_AUTHOR } from "../scenario/expected-lines.ts";
import { AGENT_TITLE, AUTHOR_TITLE, STEPS } from "../scenario/steps.ts";
import { checkCommit, findAdded } from "./check-commit.ts";
import { checkLines } from "./check-lines.ts";
import type { Failure } from "./failure.ts";

/** Everything that must be true of the repository once the story is told. */
export async function checkSession(program: AgentProgram, session: Session): Promise<readonly Failure[]> {
  const { place, progress } = session;
  const unordered = STEPS.filter(({ name }) => !progress.ordered.has(name));
  const problems = [...progress.problems, ...unordered.map(({ name }) => `${name}: never came up`)];
  if (problems.length > 0) return problems.map((message) => ({ step: null, message }));
  return [
    ...(await checkLines(program, place, "HEAD~1", AFTER_AGENT)),
    ...(await checkLines(program, place, "HEAD", AFTER_AUTHOR)),
    ...(await checkCommit(program, place, {
      step: "agent's commit",
      commit: "HEAD~1",
      title: AGENT_TITLE,
      added: findAdded(AFTER_AGENT, {}),
    })),
    ...(await checkCommit(program, place, {
      step: "author's commit",
      commit: "HEAD",
      title: AUTHOR_TITLE,
      added: findAdded(AFTER_AUTHOR, AFTER_AGENT),
    })),
  ];
}
