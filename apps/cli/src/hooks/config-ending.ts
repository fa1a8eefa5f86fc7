// SPDX-License-Identifier: Apache-2.0
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Repository } from "@countersign/git";

/**
 * Git ends the last line of its configuration when it adds a setting, and leaves it so when the setting goes. Keeps a configuration that
 * has no such end, before anything is added.
 */
export function keepEnding(repository: Repository): void {
  const text = readConfig(repository);
  if (text === undefined || text.length === 0 || text.at(-1) === NEWLINE) return;
  const file = endingFile(repository);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Once every setting of ours is gone: takes the line's end away again, if nothing else is there that was not there before. */
export function restoreEnding(repository: Repository): void {
  const file = endingFile(repository);
  const before = readIfThere(file);
  if (before === undefined) return;
  const config = join(repository.commonDir, "config");
  const lock = `${config}.lock`;
  // Git's own lock, so that nobody's setting is cut off; whoever holds it has something to add.
  const handle = openNew(lock);
  if (handle === undefined) return;
  try {
    // Where what Git added stood further up, the end was never touched.
    if (readConfig(repository)?.equals(before) === true) rmSync(file, { force: true });
    if (readConfig(repository)?.equals(Buffer.concat([before, Buffer.of(NEWLINE)])) !== true) return;
    truncateSync(config, before.length);
    rmSync(file, { force: true });
  } finally {
    closeSync(handle);
    rmSync(lock, { force: true });
  }
}

function openNew(path: string): number | undefined {
  try {
    return openSync(path, "wx");
  } catch {
    return undefined;
  }
}

const NEWLINE = 0x0a;

function endingFile({ commonDir }: Repository): string {
  return join(commonDir, "countersign", "config-before");
}

function readConfig({ commonDir }: Repository): Buffer | undefined {
  return readIfThere(join(commonDir, "config"));
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
