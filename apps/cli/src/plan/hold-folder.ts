// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENDING_SIGNALS } from "../deploy/ending-signals.ts";

/** A folder that only this user can enter; it goes away with whoever holds it. */
export interface HeldFolder extends Disposable {
  readonly path: string;
}

/**
 * Makes a temporary folder that is removed when it is let go, when the program ends, and when a signal ends it. Only SIGKILL and a
 * power cut leave it, readable by this user alone.
 */
export function holdFolder(prefix: string): HeldFolder {
  const path = mkdtempSync(join(tmpdir(), prefix));
  const remove = () => rmSync(path, { recursive: true, force: true });
  const letGo = () => {
    process.off("exit", remove);
    for (const signal of ENDING_SIGNALS) process.off(signal, end);
    remove();
  };
  const end = (signal: NodeJS.Signals) => {
    // Whoever else listens decides when the program ends, and the folder is still needed until then.
    if (process.listenerCount(signal) > 1) return;
    letGo();
    process.kill(process.pid, signal);
  };
  process.on("exit", remove);
  for (const signal of ENDING_SIGNALS) process.on(signal, end);
  return { path, [Symbol.dispose]: letGo };
}
