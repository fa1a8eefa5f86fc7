// SPDX-License-Identifier: Apache-2.0
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checkAgentCommit, checkAuthorCommit } from "./checks/check-session.ts";
import type { Failure } from "./checks/failure.ts";
import { runGit } from "./checks/run-countersign.ts";
import { createPlace } from "./create-place.ts";
import { driveAgent } from "./drive-agent.ts";
import { installRecorder } from "./install-recorder.ts";
import { serveModel } from "./model/serve-model.ts";
import type { AgentProgram } from "./programs/agent-program.ts";
import { createScript, editAsAuthor, type Progress } from "./scenario/script.ts";
import { AUTHOR_TITLE, LAST_EDIT, STEPS } from "./scenario/steps.ts";

export interface Session {
  readonly failures: readonly Failure[];
  /** Of the whole conversation, in milliseconds. */
  readonly took: number;
}

/** The whole story of one agent in a fresh repository: what its lines are is asked after each of the two commits. */
export async function playSession(
  program: AgentProgram,
  folder: string,
  installed: string,
): Promise<Session> {
  const workTree = join(folder, "repo");
  const log = join(folder, "log");
  await mkdir(log, { recursive: true });
  const { play, progress } = createScript(workTree, program.subAgentType);
  const server = await serveModel({ play, models: [program.model], log });
  try {
    const place = await createPlace(program, { folder, installed, url: server.url });
    await program.setUp(place);
    await installRecorder(program, place);
    const started = performance.now();
    const problem = await driveAgent(program, place);
    const took = performance.now() - started;
    const problems = [...(problem === undefined ? [] : [problem]), ...findProblems(progress)];
    if (problems.length > 0) return { took, failures: problems.map((message) => ({ step: null, message })) };
    // At once, before a later commit could make good what this one lacks.
    const early = await checkAgentCommit(program, place);
    await editAsAuthor(workTree, LAST_EDIT);
    await runGit(place, ["commit", "-q", "-a", "-m", AUTHOR_TITLE]);
    return { took, failures: [...early, ...(await checkAuthorCommit(program, place))] };
  } finally {
    server.close();
  }
}

function findProblems({ problems, ordered, isDone }: Progress): readonly string[] {
  const missing = STEPS.filter(({ name }) => !ordered.has(name)).map(({ name }) => `${name}: never came up`);
  return [...problems, ...missing, ...(isDone ? [] : ["the script was not played to its end"])];
}
