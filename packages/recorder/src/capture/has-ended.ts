// SPDX-License-Identifier: Apache-2.0
import { readJournal } from "./journal.ts";
import type { RecorderFolder } from "./recorder-folder.ts";

/**
 * Whether the journal has the entry of a hook by now. To be asked once its process is known to be gone: a hook that wrote its entry
 * and ended after the journal had been read must not be taken for a killed one.
 */
export function hasEnded(folder: RecorderFolder, id: string): boolean {
  return readJournal(folder, {}).lines.some(({ entry }) => entry.phase !== "start" && entry.id === id);
}
