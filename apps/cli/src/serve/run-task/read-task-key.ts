// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { displayText } from "@countersign/core/render";
import { UsageError } from "../../exit-code.ts";

/** Shorter ones can be guessed. Bytes. */
const LEAST_KEY = 16;

/** The HMAC key that the run task was made with; a line break at the end is the editor's. Throws UsageError. */
export async function readTaskKey(path: string | undefined): Promise<Buffer> {
  if (path === undefined)
    throw new UsageError(
      "--run-task needs --run-task-key FILE, the HMAC key that the run task was made with",
    );
  const shown = displayText(path, 500);
  const text = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`--run-task-key ${shown} cannot be read (${cause.code})`, { cause });
  });
  const key = Buffer.from(text.toString("latin1").replace(/\r?\n$/, ""), "latin1");
  if (key.length >= LEAST_KEY) return key;
  throw new UsageError(
    `--run-task-key ${shown} has ${key.length} bytes, expected at least ${LEAST_KEY}: openssl rand -hex 32`,
  );
}
