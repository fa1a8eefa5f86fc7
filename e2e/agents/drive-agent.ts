// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import type { AgentPlace, AgentProgram } from "./programs/agent-program.ts";

const LIMIT_MS = 150_000;

/** Runs one agent to its end; returns what went wrong with it as a process, if anything. */
export function driveAgent(program: AgentProgram, place: AgentPlace): Promise<string | undefined> {
  const child = spawn(place.program, program.arguments(place), {
    cwd: place.workTree,
    env: { ...place.bare, ...program.environment(place) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.pipe(createWriteStream(join(place.log, "stdout")));
  child.stderr.pipe(createWriteStream(join(place.log, "stderr")));
  return new Promise((resolve) => {
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      resolve(`it did not end within ${LIMIT_MS / 1000} s`);
    }, LIMIT_MS);
    const end = (problem: string | undefined) => {
      clearTimeout(limit);
      resolve(problem);
    };
    child.once("error", (error) => end(error.message));
    // Not "close": what the agent leaves running may hold its output open.
    child.once("exit", (code, signal) => end(code === 0 ? undefined : `it ended with ${code ?? signal}`));
  });
}
