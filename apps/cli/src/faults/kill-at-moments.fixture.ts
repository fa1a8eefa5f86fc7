// SPDX-License-Identifier: Apache-2.0
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createTemporaryFolder } from "@countersign/testkit";
import { expect } from "vitest";

/** Without its types, once: each program that loads it would have to strip them anew. */
const PRELOAD = stripOnce(fileURLToPath(new URL("./kill-at.fixture.ts", import.meta.url)));

function stripOnce(path: string): string {
  const stripped = join(tmpdir(), `countersign-test-kill-at-${process.pid}.mjs`);
  writeFileSync(stripped, stripTypeScriptTypes(readFileSync(path, "utf8")));
  process.once("exit", () => rmSync(stripped, { force: true }));
  return pathToFileURL(stripped).href;
}

/** Variables by which a program whose command holds `program` is killed at its n-th moment; see kill-at.fixture.ts. */
export function killAt(program: string, moment: number): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import=${PRELOAD}`,
    COUNTERSIGN_TEST_PROGRAM: program,
    COUNTERSIGN_TEST_KILL_AT: String(moment),
  };
}

/** How many moments there are in what `play` starts, which is to hand the variables on. */
export async function countMoments(
  program: string,
  play: (environment: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<number> {
  await using folder = await createTemporaryFolder();
  const file = join(folder.path, "count");
  await play({ ...killAt(program, 0), COUNTERSIGN_TEST_COUNT_FILE: file });
  const counts = (await readFile(file, "latin1")).trim().split("\n").map(Number);
  expect(counts).toHaveLength(1);
  return counts[0] ?? 0;
}

/** All of them where `COUNTERSIGN_FAULTS=all` says so; else every second, of which the others are a half write or a call beside it. */
const STEP = process.env.COUNTERSIGN_FAULTS === "all" ? 1 : 2;

/** One after the other, two at a time: most of the time is spent waiting for processes. */
export async function forEachMoment(
  count: number,
  first: number,
  work: (moment: number) => Promise<void>,
): Promise<void> {
  let next = first;
  const lane = async () => {
    for (let moment = next; moment <= count; moment = next) {
      next += STEP;
      try {
        await work(moment);
      } catch (cause) {
        throw new Error(`killed at moment ${moment} of ${count}`, { cause });
      }
    }
  };
  await Promise.all([lane(), lane()]);
}
