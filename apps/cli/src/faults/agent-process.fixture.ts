// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

export interface AgentRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that is an agent as far as the system tells: hooks and commands that it starts stand below it. */
export interface AgentProcess extends AsyncDisposable {
  /** Runs one line of shell below the agent. */
  readonly run: (line: string, options?: { readonly input?: string }) => Promise<AgentRun>;
}

/** `word` for a POSIX shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * What was just written cannot be started as long as a process that others start at that moment still holds it open (ETXTBSY), which is
 * over when that one has become its own program.
 */
async function spawnWritten<T>(start: () => T): Promise<T> {
  for (let left = 100; ; left--) {
    try {
      return start();
    } catch (error) {
      if (left === 0 || !(error instanceof Error) || !("code" in error) || error.code !== "ETXTBSY")
        throw error;
      await setTimeout(5);
    }
  }
}

/** A shell under another name, which reads its commands from us: it lives as long as the conversation does. */
export async function startAgent(
  folder: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<AgentProcess> {
  const program = join(folder, "coding-agent");
  await copyFile(await realpath("/bin/sh"), program);
  const child = await spawnWritten(() =>
    spawn(program, [], { cwd, env: environment, stdio: ["pipe", "pipe", "ignore"] }),
  );
  const ended = once(child, "close");
  let told = "";
  let wake: () => void = () => undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    told += chunk.toString("latin1");
    wake();
  });
  let runs = 0;
  const run: AgentProcess["run"] = async (line, { input = "" } = {}) => {
    const [given, out, err] = ["in", "out", "err"].map((name) => join(folder, `${name}.${runs}`));
    runs += 1;
    await writeFile(given as string, input);
    told = "";
    const files = `< ${quote(given as string)} > ${quote(out as string)} 2> ${quote(err as string)}`;
    child.stdin.write(
      `( ${line} ) ${files}; echo "ended $?"; cat ${quote(out as string)}; echo; echo "${END}";`,
    );
    child.stdin.write(`cat ${quote(err as string)}; echo; echo "${END}"\n`);
    while (told.split(`${END}\n`).length < 3)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    const [first = "", stderr = ""] = told.split(`${END}\n`);
    const [, exitCode = "", stdout = ""] = /^ended (\d+)\n(.*)$/s.exec(first) ?? [];
    return { exitCode: Number(exitCode), stdout: stdout.slice(0, -1), stderr: stderr.slice(0, -1) };
  };
  return {
    run,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

const END = "-- end of what was said --";
