// SPDX-License-Identifier: Apache-2.0
import { homedir } from "node:os";
import { AgentError, readEvent } from "@countersign/agents";
import { findWorkTree, recordEvent, recorderFolder, writeLoss } from "@countersign/recorder/capture";

/** An agent waits for its hooks; past this it is let go, and what was not kept is written down. */
const DEADLINE_MS = 20_000;
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

const clock = { now: () => Math.floor(Date.now() / 1000) };

/** One hook call: payload from standard input to the journal. Resolves in any case; a loss is written into the repository. */
export async function record(tool: string): Promise<void> {
  const deadline = setTimeout(() => {
    lose("hook-timed-out", `a hook of ${tool} took longer than ${DEADLINE_MS / 1000} s`);
    process.exit(0);
  }, DEADLINE_MS);
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
    if (event !== undefined) await recordEvent(event, clock);
  } catch (error) {
    const code = error instanceof AgentError ? error.code.toLowerCase().replaceAll("_", "-") : "event-lost";
    lose(code, error instanceof Error ? error.message : String(error));
  }
}

function lose(code: string, message: string): void {
  const place = findWorkTree(process.cwd());
  if (place !== undefined) writeLoss(recorderFolder(place.gitDir), { code, message, at: clock.now() });
}

async function readPayload(): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_PAYLOAD_BYTES) throw new Error(`a payload is larger than ${MAX_PAYLOAD_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
