// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AgentEvent } from "@countersign/core/attribution";
import { hasUnflushed } from "@countersign/recorder/capture";

interface Place {
  readonly gitDir: string;
  readonly workTree: string;
}

/**
 * Some agents run commands with Git's hooks switched off (Gemini CLI): no hook of ours sees what they commit. Where HEAD's log
 * has grown by the end of a command, its commits get their records and notes as post-commit would have made them, behind the
 * agent's back and without holding anything of its open. Only the trailer cannot be added any more.
 */
export function finishCommits({ phase, action }: AgentEvent, places: readonly Place[]): void {
  if (action !== "shell" || phase === "before") return;
  // As built: this file's code lies in a folder beside the programs.
  const program = fileURLToPath(new URL("../countersign-commit.cjs", import.meta.url));
  for (const { gitDir, workTree } of places) {
    if (!hasUnflushed(gitDir) || !existsSync(program)) continue;
    const env = { ...process.env, GIT_DIR: gitDir };
    const options = { cwd: workTree, env, detached: true, stdio: "ignore", windowsHide: true } as const;
    spawn(process.execPath, [program, "flush"], options)
      .on("error", () => undefined)
      .unref();
  }
}
