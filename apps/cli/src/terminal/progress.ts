// SPDX-License-Identifier: Apache-2.0
import type { WriteStream } from "node:tty";

/** A line on stderr that says how far long work is; nothing where no person looks at stderr. */
export interface Progress {
  readonly setTotal: (total: number) => void;
  readonly advance: () => void;
  /** Removes the line. */
  readonly clear: () => void;
}

const PATIENCE_MS = 500;
const PERIOD_MS = 100;
const BAR = 30;

export function createProgress(
  stream: WriteStream | NodeJS.WritableStream,
  isShown: boolean,
  label: string,
): Progress {
  if (!isShown) return { setTotal: () => {}, advance: () => {}, clear: () => {} };
  const started = Date.now();
  let done = 0;
  let total: number | undefined;
  let drawnAt = started + PATIENCE_MS - PERIOD_MS;
  let isDrawn = false;
  function draw(now: number): void {
    drawnAt = now;
    isDrawn = true;
    stream.write(`\r\u001b[K${formatProgress(label, done, total, (now - started) / 1000)}`);
  }
  return {
    setTotal: (count) => {
      total = count;
    },
    advance: () => {
      done++;
      // Looking at the clock for every commit would show in the benchmark.
      if ((done & 0xff) !== 0) return;
      const now = Date.now();
      if (now - drawnAt >= PERIOD_MS) draw(now);
    },
    clear: () => {
      if (isDrawn) stream.write("\r\u001b[K");
    },
  };
}

export function formatProgress(
  label: string,
  done: number,
  total: number | undefined,
  seconds: number,
): string {
  const speed = seconds > 0 ? Math.round(done / seconds) : 0;
  if (total === undefined || total < done) return `${label} ${done} · ${speed}/s`;
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * BAR);
  const left = speed > 0 ? Math.ceil((total - done) / speed) : 0;
  return `${label} ${"█".repeat(filled)}${"░".repeat(BAR - filled)} ${Math.floor(share * 100)} % · ${done} of ${total} · ${left} s left`;
}
