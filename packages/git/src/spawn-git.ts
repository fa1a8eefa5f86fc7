// SPDX-License-Identifier: Apache-2.0
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { GitError } from "./git-error.ts";

/** One git process to run. */
export interface GitCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Bytes for standard input, or another process whose output flows in without passing through us. */
  readonly input?: Uint8Array | GitProcess;
  /** The caller writes to `stdin` itself and ends the process. */
  readonly keepInputOpen?: boolean;
}

export interface GitProcess {
  readonly call: GitCall;
  readonly stdin: Writable | null;
  /** Unread output holds the process back: the pipe is the back-pressure. */
  readonly stdout: Readable;
  /** Resolves with the exit code once the process has ended; never rejects except when git cannot start. */
  readonly exit: Promise<number>;
  /** First bytes of what it said on standard error, for messages to people only. */
  readonly complaint: () => string;
  readonly kill: () => void;
}

const COMPLAINT_LIMIT = 4096;
const EXIT_BY_SIGNAL = 128;

/** The only place that starts git. */
export function spawnGit(call: GitCall): GitProcess {
  const source = call.input !== undefined && "stdout" in call.input ? call.input.stdout : ("pipe" as const);
  const child = spawn("git", call.args, {
    cwd: call.cwd,
    env: call.environment,
    stdio: [source, "pipe", "pipe"],
    windowsHide: true,
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  // The child holds its own copy of the pipe; ours must go, or the producer would never notice a dead consumer.
  if (source !== "pipe") source.destroy();
  feed(child.stdin, call);
  return {
    call,
    stdin: child.stdin,
    stdout: child.stdout,
    exit: exitOf(child),
    complaint: collectComplaint(child.stderr),
    kill: () => void child.kill(),
  };
}

function feed(stdin: Writable | null, { input, keepInputOpen }: GitCall): void {
  // A process that ends without reading everything closes the pipe; its exit code tells, EPIPE does not.
  stdin?.on("error", () => undefined);
  if (input instanceof Uint8Array) stdin?.end(input);
  else if (keepInputOpen !== true) stdin?.end();
}

function exitOf(child: ChildProcessByStdio<Writable | null, Readable, Readable>): Promise<number> {
  const exit = new Promise<number>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(
        new GitError(
          "GIT_NOT_FOUND",
          `cannot start git: ${cause.message}; install Git 2.38 or newer and put it on PATH`,
          {
            cause,
          },
        ),
      ),
    );
    child.once("close", (code) => resolve(code ?? EXIT_BY_SIGNAL));
  });
  // Whoever reads the output first finds out; an unread rejection must not end the whole program.
  exit.catch(() => undefined);
  return exit;
}

function collectComplaint(stderr: Readable): () => string {
  let text = "";
  stderr.on("data", (chunk: Buffer) => {
    if (text.length < COMPLAINT_LIMIT) text += chunk.toString("utf8");
  });
  // Git repeats names from the outside; a terminal must not obey them.
  return () =>
    text
      .slice(0, COMPLAINT_LIMIT)
      .replace(/[^\P{Cc}\n\t]/gu, "?")
      .trim();
}

/** What a failed process is reported as; `args` are ours and hold no secrets. */
export function gitFailure(process: GitProcess, exitCode: number): GitError {
  const command = process.call.args.slice(0, 12).join(" ");
  const said = process.complaint();
  return new GitError(
    "GIT_FAILED",
    `git ${command} failed with exit code ${exitCode}${said === "" ? "" : `: ${said}`}`,
  );
}

export interface GitOutput {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly complaint: string;
}

/** Runs git to its end and returns all it wrote; throws GIT_FAILED on an exit code that is not expected. */
export async function runGit(call: GitCall, expected: readonly number[] = [0]): Promise<GitOutput> {
  const process = spawnGit(call);
  const chunks: Buffer[] = [];
  process.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const exitCode = await process.exit;
  if (!expected.includes(exitCode)) throw gitFailure(process, exitCode);
  return { exitCode, stdout: Buffer.concat(chunks), complaint: process.complaint() };
}

/**
 * Passes on what is parsed from processes and ends them when the consumer stops early or the parser throws. After
 * the last item they are left to end by themselves: git closes its output before it exits, and a signal in between
 * would turn its success into a failure.
 */
export async function* endingEarly<T>(
  processes: readonly GitProcess[],
  items: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  let isDone = false;
  try {
    for await (const item of items) yield item;
    isDone = true;
  } finally {
    if (!isDone) for (const process of processes) process.kill();
  }
}
