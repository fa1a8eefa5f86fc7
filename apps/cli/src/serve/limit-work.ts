// SPDX-License-Identifier: Apache-2.0

/** Runs work a few at a time; what waits too long in line or in work is answered with undefined. */
export type LimitWork = <T>(work: () => Promise<T>) => Promise<T | undefined>;

export interface WorkLimits {
  readonly atOnce: number;
  readonly inLine: number;
  /** Milliseconds from the question to the answer. */
  readonly wait: number;
}

/**
 * A caller waits for some seconds and then takes silence for an answer, so that an answer that comes later is work for nobody. Work
 * that is given up still ends, and keeps its place until then: otherwise slow answers would pile up without a bound.
 */
export function limitWork({ atOnce, inLine, wait }: WorkLimits): LimitWork {
  let running = 0;
  const waiting: (() => void)[] = [];
  const start = async <T>(work: () => Promise<T>, isWanted: () => boolean): Promise<T | undefined> => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return isWanted() ? await work() : undefined;
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
  return async (work) => {
    if (waiting.length >= inLine) return undefined;
    let isWanted = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        isWanted = false;
        resolve(undefined);
      }, wait);
    });
    try {
      return await Promise.race([start(work, () => isWanted), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
