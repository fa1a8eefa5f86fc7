// SPDX-License-Identifier: Apache-2.0
import { type Repository, readSetting } from "@countersign/git";
import { UsageError } from "../exit-code.ts";

/** The value of one of our own settings; the first one allowed is the default. Throws UsageError on any other. */
export async function readMode<T extends string>(
  repository: Repository,
  key: string,
  allowed: readonly [T, ...T[]],
): Promise<T> {
  const value = await readSetting(repository, key);
  if (value === undefined) return allowed[0];
  const mode = allowed.find((known) => known === value.toLowerCase());
  if (mode !== undefined) return mode;
  throw new UsageError(
    `the setting ${key} is ${JSON.stringify(value)}; expected one of ${allowed.join(", ")}, for example: git config ${key} ${allowed[0]}`,
  );
}

/** A number of seconds between 1 and 3600. */
export async function readSeconds(repository: Repository, key: string, fallback: number): Promise<number> {
  const value = await readSetting(repository, key);
  if (value === undefined) return fallback;
  const seconds = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (seconds >= 1 && seconds <= 3600) return seconds;
  throw new UsageError(
    `the setting ${key} is ${JSON.stringify(value)}; expected seconds from 1 to 3600, for example: git config ${key} 60`,
  );
}
