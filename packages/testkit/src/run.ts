// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";

export interface RunOptions {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code. */
export function tryRun(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...(options.environment ?? process.env) },
      stdio: "pipe",
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on("error", () => undefined);
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({
        exitCode: code ?? 128,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString("utf8"),
      }),
    );
    child.stdin.end(options.input ?? "");
  });
}

/** Runs a program and returns what it wrote; throws when it fails. */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<Buffer> {
  const result = await tryRun(program, args, options);
  if (result.exitCode === 0) return result.stdout;
  throw new Error(
    `${program} ${args.join(" ")} failed with ${result.exitCode}: ${result.stderr}${result.stdout}`,
  );
}
