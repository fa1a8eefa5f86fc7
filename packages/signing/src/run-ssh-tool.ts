// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { SigningError } from "./signing-error.ts";
import { type Environment, toSshEnvironment } from "./ssh-environment.ts";

export interface SshToolRun {
  readonly exitCode: number;
  readonly stdout: Buffer;
}

export interface SshToolOptions {
  readonly input?: Uint8Array;
  readonly environment: Environment;
  /** `ignore` for a probe whose complaint would only confuse; prompts need `inherit`. */
  readonly stderr: "inherit" | "ignore";
}

const MOST_OUTPUT = 1024 * 1024;

/**
 * Runs ssh-keygen or ssh-add. Standard error is handed on, not captured: ssh-keygen asks for a touch only where its
 * standard error is a terminal, and for a passphrase on the controlling terminal, which the child keeps.
 */
export function runSshTool(
  tool: string,
  args: readonly string[],
  options: SshToolOptions,
): Promise<SshToolRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, {
      env: toSshEnvironment(options.environment),
      stdio: ["pipe", "pipe", options.stderr],
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let length = 0;
    child.stdout?.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MOST_OUTPUT) chunks.push(chunk);
    });
    child.on("error", (cause: NodeJS.ErrnoException) => reject(toStartError(tool, cause)));
    child.on("close", (code) => resolve({ exitCode: code ?? -1, stdout: Buffer.concat(chunks) }));
    // The tool may end before it has read everything; its exit code tells the story, EPIPE does not.
    child.stdin?.on("error", () => {});
    child.stdin?.end(options.input ?? "");
  });
}

function toStartError(tool: string, cause: NodeJS.ErrnoException): SigningError {
  if (cause.code !== "ENOENT") return new SigningError("SIGNING_FAILED", `cannot start ${tool}`, { cause });
  const message = `${tool} was not found. It comes with OpenSSH (8.2 or later): install openssh-client (Debian, Ubuntu), openssh-clients (Fedora), openssh (Alpine, Arch, Homebrew) or the OpenSSH Client feature (Windows)`;
  return new SigningError("SSH_KEYGEN_MISSING", message, { cause });
}
