// SPDX-License-Identifier: Apache-2.0
import { openRepository, type Repository } from "@countersign/git";
import { flushPresence } from "@countersign/recorder";
import type { CliContext } from "./cli-context.ts";

/**
 * Opens a repository whose records are going to be read: what its hooks saw of commits since the last time is made into records
 * first. Where that fails, such as on a read-only disk, what was recorded before is read.
 */
export async function openRecorded(context: CliContext, directory: string): Promise<Repository> {
  const repository = await openRepository(directory);
  try {
    await flushPresence(repository);
  } catch (error) {
    context.warn(`the latest commits have no records yet: ${error instanceof Error ? error.message : error}`);
  }
  return repository;
}
