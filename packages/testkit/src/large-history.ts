// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { TestRepository } from "./create-repository.ts";
import { START, TICK } from "./test-environment.ts";

export interface LargeHistoryOptions {
  readonly commits: number;
  /** Files that each commit changes. */
  readonly filesPerCommit: number;
  /** Files that exist in all; default: ten times filesPerCommit. */
  readonly files?: number;
  /** Branch to write; default `main`. It must not exist unless `from` names its tip. */
  readonly branch?: string;
  readonly from?: string;
  /** Message of the n-th commit, 0-based. */
  readonly message?: (n: number) => string;
  /** Path of the n-th file, 0-based. */
  readonly path?: (n: number) => string;
  /** Name and e-mail of the n-th commit's author, 0-based. */
  readonly author?: (n: number) => { readonly name: string; readonly email: string };
}

/** Writes a long history through one `git fast-import`; the same options give the same ids. Returns the tip. */
export async function buildLargeHistory(repo: TestRepository, options: LargeHistoryOptions): Promise<string> {
  const ref = `refs/heads/${options.branch ?? "main"}`;
  const child = spawn("git", ["fast-import", "--quiet", "--force"], {
    cwd: repo.path,
    env: repo.environment,
    stdio: ["pipe", "ignore", "inherit"],
  });
  const closed = once(child, "close");
  for (let n = 0; n < options.commits; n++) {
    if (!child.stdin.write(formatCommit(ref, n, options))) await once(child.stdin, "drain");
  }
  child.stdin.end();
  const [exitCode] = await closed;
  if (exitCode !== 0) throw new Error(`git fast-import failed with ${exitCode}`);
  return repo.id(ref);
}

function formatCommit(ref: string, n: number, options: LargeHistoryOptions): string {
  const message =
    options.message?.(n) ?? `area: change number ${n}\n\nWhy it was needed, in a line or two of prose.\n`;
  const { name, email } = options.author?.(n) ?? {
    name: `author ${n % 17}`,
    email: `author${n % 17}@example.com`,
  };
  const who = `${name} <${email}> ${START + n * TICK} +0000`;
  const from = n === 0 && options.from !== undefined ? `from ${options.from}\n` : "";
  const head = `commit ${ref}\nauthor ${who}\ncommitter ${who}\ndata ${Buffer.byteLength(message)}\n${message}\n${from}`;
  return head + formatFiles(n, options);
}

function formatFiles(n: number, options: LargeHistoryOptions): string {
  const count = options.files ?? options.filesPerCommit * 10;
  const rows = Array.from({ length: options.filesPerCommit }, (_, i) => {
    const file = (n * options.filesPerCommit + i) % Math.max(count, 1);
    const path = options.path?.(file) ?? `src/part${file % 100}/file${file}.txt`;
    const content = `line of commit ${n}\nsecond line of file ${file}\n`;
    return `M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
  });
  return `${rows.join("")}\n`;
}
