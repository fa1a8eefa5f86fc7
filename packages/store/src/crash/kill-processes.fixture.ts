// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openFolderBackend } from "../folder-backend.ts";
import { createLedger, openLedgerWriter } from "../ledger-writer.ts";
import { KEYS } from "../test-log.fixture.ts";
import { checkPromises, createRandom, noPromises } from "./crash-run.fixture.ts";

// For tests and `npm run fuzz:ledger`; no product code imports this file.

const WRITER = fileURLToPath(new URL("./dying-process.fixture.ts", import.meta.url));
/** More file calls than one writer makes before it is done, so that some are never killed. */
const MOST_CALLS = 3000;

export interface ProcessRun {
  readonly dir: string;
  readonly seed: number;
  readonly kills: number;
  /** Writers at once. */
  readonly writers: number;
  readonly onKill?: (done: number, entries: number) => void;
}

export interface ProcessResult {
  readonly killed: number;
  readonly entries: number;
}

/** Starts real processes that write to one log and kill themselves; checks every promise after each. */
export async function killProcesses({
  dir,
  seed,
  kills,
  writers,
  onKill,
}: ProcessRun): Promise<ProcessResult> {
  const random = createRandom(seed);
  const promises = noPromises();
  await createLedger(openFolderBackend(dir), KEYS);
  let killed = 0;
  let entries = 0;
  for (let round = 0; killed < kills; round++) {
    const ends = await Promise.all(
      Array.from({ length: writers }, (_, w) => {
        const at = Math.floor(random() ** 2 * MOST_CALLS);
        return runWriter([dir, String(at), random() < 0.5 ? "before" : "after", `r${round}w${w}`]);
      }),
    );
    for (const { lines, signal, stderr } of ends) {
      if (signal === "SIGKILL") killed++;
      else if (stderr !== "") throw new Error(stderr);
      for (const line of lines) {
        const [index = "", ...rest] = line.split(" ");
        promises.acknowledged.set(Number(index), `entry ${rest.join(" ")}`);
      }
    }
    // A reader first, who must find a sound log; then a writer, who recovers what was left half done.
    if (promises.acknowledged.size > 0 || promises.shown.size > 0)
      await checkPromises(openFolderBackend(dir), promises);
    await openLedgerWriter(openFolderBackend(dir), KEYS);
    entries = await checkPromises(openFolderBackend(dir), promises);
    onKill?.(killed, entries);
  }
  return { killed, entries };
}

interface End {
  readonly lines: readonly string[];
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

async function runWriter(args: readonly string[]): Promise<End> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", WRITER, ...args]);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const signal = await new Promise<NodeJS.Signals | null>((resolve) =>
    child.on("close", (_, by) => resolve(by)),
  );
  // A last line without its end was cut off in the middle: nobody was told anything.
  return { lines: stdout.split("\n").slice(0, -1), signal, stderr };
}
