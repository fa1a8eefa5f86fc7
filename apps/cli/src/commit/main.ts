// SPDX-License-Identifier: Apache-2.0
import { readFileSync, realpathSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import {
  findWorkTree,
  parseTold,
  prepareCommit,
  toRepository,
  type WorkTreePlace,
} from "@countersign/recorder/commit";

// What Git's own hooks start around a commit, and only while something may be pending. Never in the way of the commit: exit
// code 0 and nothing on standard output, whatever happens.
process.on("uncaughtException", () => process.exit(0));

async function main([name = "", ...rest]: readonly string[]): Promise<void> {
  if (name === "prepare-commit-msg") await prepare(rest);
  else if (name === "flush") await flush(rest[0] === "behind-git");
}

/** Loaded only for this: nobody waits for it, and every commit of an agent's lines would wait for more to be loaded. */
async function flush(isBehindGit: boolean): Promise<void> {
  const place = findPlace();
  if (place === undefined) return;
  const { flushPresence } = await import("@countersign/recorder/flush");
  await flushPresence(toRepository(place), { patience: 0, isBehindGit });
}

/** A hook stands at the top of the work tree; Git names its directory where that is not `.git` there. */
function findPlace(): WorkTreePlace | undefined {
  const { GIT_DIR } = process.env;
  if (GIT_DIR === undefined || GIT_DIR === "") return findWorkTree(process.cwd());
  return { workTree: process.cwd(), gitDir: resolve(GIT_DIR) };
}

/** Git keeps the message in the work tree's own Git directory, whatever its name, and calls this hook at the work tree's top. */
async function prepare([messageFile, source = "", object = ""]: readonly string[]): Promise<void> {
  if (messageFile === undefined) return;
  const { env } = process;
  await prepareCommit({
    place: { workTree: process.cwd(), gitDir: realpathSync(dirname(messageFile)) },
    messageFile,
    source,
    object,
    indexFile: env.GIT_INDEX_FILE === undefined ? undefined : resolve(env.GIT_INDEX_FILE),
    isUnedited: env.GIT_EDITOR === ":",
    now: Math.floor(Date.now() / 1000),
    told: parseTold(readFileSync(0)),
  });
}

function say(error: unknown): void {
  const reason = String(error instanceof Error ? error.message : error).slice(0, 300);
  process.stderr.write(
    `countersign: this commit's record will be made later, from what was seen: ${reason}\n`,
  );
}

/** Whoever reads our output goes on from here, while Node is taken down; hooks of an older version do not read it. */
function sayDone(): void {
  if (process.env.COUNTERSIGN_WAITING !== undefined) writeSync(1, "\n");
}

main(process.argv.slice(2))
  .catch(say)
  .then(sayDone)
  .finally(() => process.exit(0));
