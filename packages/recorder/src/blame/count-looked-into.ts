// SPDX-License-Identifier: Apache-2.0

/** Bytes of file versions that are read to see what commits changed; the newest commits come first. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Commits that are looked into however large the file is. */
const LEAST_COMMITS = 8;

/** How many commits of a file of so many bytes are looked into. */
export function countLookedInto(size: number): number {
  return Math.max(LEAST_COMMITS, Math.floor(MOST_BYTES / (2 * size)));
}
