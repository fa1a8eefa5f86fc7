// SPDX-License-Identifier: Apache-2.0
import { statSync } from "node:fs";

/** How long another's lock on the database is waited for: a model's name is not worth more. */
const PATIENCE_MS = 50;

/**
 * Rows of an agent's own SQLite database, read without writing to it. None if there is no such database, no such table, or
 * if this Node has no SQLite (before 22.13).
 */
export function queryRows(
  path: string,
  query: string,
  values: readonly (string | null)[],
): readonly unknown[] {
  try {
    if (!statSync(path).isFile()) return [];
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    const database = new DatabaseSync(path, { readOnly: true, timeout: PATIENCE_MS });
    try {
      return database
        .prepare(query)
        .all(...values)
        .map((row) => ({ ...row }));
    } finally {
      database.close();
    }
  } catch {
    return [];
  }
}
