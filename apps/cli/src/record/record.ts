// SPDX-License-Identifier: Apache-2.0
import { read } from "node:fs";
import { homedir } from "node:os";
import { AgentError, readEvent } from "@countersign/agents";
import { findWorkTree, recordEvent, recorderFolder, writeLoss } from "@countersign/recorder/capture";
import { finishCommits } from "./finish-commits.ts";

/** An agent waits for its hooks; past this it is let go, and what was not kept is written down. */
const DEADLINE_MS = 20_000;
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

const clock = { now: () => Math.floor(Date.now() / 1000) };

/**
 * One hook call: payload from standard input to the journal. Resolves in any case; a loss is written into the repository, and
 * one that can be kept nowhere is at least said. Past the deadline the process is no more: a read that nobody answers, of an input that
 * is never closed, cannot be taken back, and process.exit() would wait for it. The hook's command ends well all the same.
 */
export async function record(tool: string, deadlineMs: number = DEADLINE_MS): Promise<void> {
  const deadline = setTimeout(() => {
    lose("hook-timed-out", `a hook of ${tool} took longer than ${deadlineMs / 1000} s`);
    process.kill(process.pid, "SIGKILL");
  }, deadlineMs);
  deadline.unref();
  try {
    const payload = await readPayload();
    const event = await readEvent({
      tool,
      payload,
      environment: process.env,
      cwd: process.cwd(),
      home: homedir(),
    });
    if (event !== undefined) finishCommits(event, await recordEvent(event, clock));
  } catch (error) {
    const code = error instanceof AgentError ? error.code.toLowerCase().replaceAll("_", "-") : "event-lost";
    lose(code, error instanceof Error ? error.message : String(error));
  }
}

function lose(code: string, message: string): void {
  const place = findWorkTree(process.cwd());
  if (place === undefined || writeLoss(recorderFolder(place.gitDir), { code, message, at: clock.now() }))
    return;
  process.stderr.write(`countersign: ${message}; this could be written down nowhere\n`);
}

const CHUNK_BYTES = 64 * 1024;

/** By the file descriptor: `process.stdin` loads streams and terminals, which takes as long as all the rest. */
async function readPayload(): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const chunk = await readChunk();
    if (chunk.length === 0) return Buffer.concat(chunks).toString("utf8");
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_PAYLOAD_BYTES) throw new Error(`a payload is larger than ${MAX_PAYLOAD_BYTES} bytes`);
  }
}

/** Waits without holding up the deadline. Empty at the end; a closed pipe on Windows says so by an error. */
function readChunk(): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.allocUnsafe(CHUNK_BYTES);
    read(0, bytes, 0, bytes.length, null, (error, count) => {
      if (error === null) resolve(bytes.subarray(0, count));
      else if (error.code === "EOF") resolve(bytes.subarray(0, 0));
      else if (error.code === "EAGAIN") setTimeout(() => readChunk().then(resolve, reject), RETRY_MS);
      else reject(error);
    });
  });
}

/** Somebody gave us an input that does not wait; nothing is there yet. */
const RETRY_MS = 5;
