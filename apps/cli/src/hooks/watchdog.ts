// SPDX-License-Identifier: Apache-2.0
import { Worker } from "node:worker_threads";

/** Runs beside the main thread, so that even an endless loop there comes to an end. */
const BARK = `
const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
const { writeSync } = process.getBuiltinModule("node:fs");
let timer;
function wait({ seconds, message }) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    try { writeSync(2, message + "\\n"); } catch {}
    process.kill(process.pid, "SIGKILL");
  }, seconds * 1000);
}
wait(workerData);
parentPort.on("message", wait);
`;

export interface Patience {
  readonly seconds: number;
  /** One line, written to standard error before the end. */
  readonly message: string;
}

/**
 * Ends this process with SIGKILL when it takes too long, after saying why. Git takes a killed hook for a refusal: a push
 * that cannot be judged in time does not land. The watchdog itself keeps no process alive. Returns a way to start again
 * with another patience.
 */
export function startWatchdog(patience: Patience): (patience: Patience) => void {
  const worker = new Worker(BARK, { eval: true, workerData: patience, stdin: false });
  worker.unref();
  return (next) => worker.postMessage(next);
}
