// SPDX-License-Identifier: Apache-2.0
import { findWorkTree, finishCommits } from "@countersign/recorder";

export async function runPostCommit(): Promise<void> {
  const place = findWorkTree(process.cwd());
  if (place !== undefined) await finishCommits(place, Math.floor(Date.now() / 1000));
}
