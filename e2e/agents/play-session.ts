// SPDX-License-Identifier: Apache-2.0
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { checkCommits } from "./checks/check-commits.ts";
import type { Failure } from "./checks/failure.ts";
import { runGit } from "./checks/run-countersign.ts";
import { createPlace } from "./create-place.ts";
import { driveAgent } from "./drive-agent.ts";
import { installRecorder } from "./install-recorder.ts";
import { serveModel } from "./model/serve-model.ts";
import type { AgentProgram } from "./programs/agent-program.ts";
import { createScript, editAsAuthor, type Progress } from "./scenario/script.ts";
import type { Story } from "./scenario/story.ts";

export interface Session {
  readonly failures: readonly Failure[];
  /** Of the whole conversation, in milliseconds. */
  readonly took: number;
}

export interface SessionRequest {
  readonly program: AgentProgram;
  readonly story: Story;
  /** Empty folder for everything of this run. */
  readonly folder: string;
  /** Root of the agent's installation. */
  readonly installed: string;
}

/** One story with one agent in a fresh repository; what its lines are is asked before and after the author's own commit. */
export async function playSession(request: SessionRequest): Promise<Session> {
  const { program, story, folder, installed } = request;
  const workTree = join(folder, "repo");
  const log = join(folder, "log");
  await mkdir(log, { recursive: true });
  const { play, progress } = createScript(story, workTree, program.subAgentType);
  const server = await serveModel({ play, models: [program.model], log });
  try {
    const place = await createPlace(program, { base: story.base, folder, installed, url: server.url });
    await program.setUp(place);
    await installRecorder(program, place);
    const started = performance.now();
    const problem = await driveAgent(program, place);
    const took = performance.now() - started;
    const problems = [...(problem === undefined ? [] : [problem]), ...findProblems(story, progress)];
    if (problems.length > 0) return { took, failures: problems.map((message) => ({ step: null, message })) };
    const early = await checkCommits(program, place, story.afterAgent);
    await editAsAuthor(workTree, story.ending.edit);
    await runGit(place, ["commit", "-q", "-a", "-m", story.ending.title]);
    return { took, failures: [...early, ...(await checkCommits(program, place, story.afterAuthor))] };
  } finally {
    server.close();
  }
}

function findProblems(story: Story, { problems, ordered, isDone }: Progress): readonly string[] {
  const missing = story.steps.filter(({ name }) => !ordered.has(name));
  return [
    ...problems,
    ...missing.map(({ name }) => `${name}: never came up`),
    ...(isDone ? [] : ["the script was not played to its end"]),
  ];
}
