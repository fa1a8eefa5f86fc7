// SPDX-License-Identifier: Apache-2.0
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { run } from "@countersign/testkit";
import { createPlace } from "./create-place.ts";
import { driveAgent } from "./drive-agent.ts";
import { installRecorder } from "./install-recorder.ts";
import { serveModel } from "./model/serve-model.ts";
import type { AgentPlace, AgentProgram } from "./programs/agent-program.ts";
import { createScript, editAsAuthor, type Progress } from "./scenario/script.ts";
import { AUTHOR_TITLE, LAST_EDIT } from "./scenario/steps.ts";

export interface Session {
  readonly place: AgentPlace;
  readonly progress: Progress;
  /** Of the whole conversation, in milliseconds. */
  readonly took: number;
}

/** The whole story of one agent in a fresh repository: what its lines are is then asked of the repository. */
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
    if (problem !== undefined) progress.problems.push(problem);
    if (!progress.isDone) progress.problems.push("the script was not played to its end");
    await editAsAuthor(workTree, LAST_EDIT);
    const git = (...words: string[]) => run("git", words, { cwd: workTree, environment: place.bare });
    await git("commit", "-q", "-a", "-m", AUTHOR_TITLE);
    return { place, progress, took };
  } finally {
    server.close();
  }
}
