// SPDX-License-Identifier: Apache-2.0
import type { Identity } from "../ids/index.ts";

/** What a line says that names a person and no AI, and nothing else. */
export interface PersonLine extends Identity {
  readonly reading: "co-author" | "sign-off" | "role";
}

const known = new Map<string, PersonLine>();
const LIMIT = 4096;
const LENGTH_LIMIT = 256;

/*
 * Nearly every line that is read names a person, and histories repeat the same few hundred lines: reading one takes
 * twenty times as long as finding it here. A line is remembered only by the code that read it in full and found no
 * claim, warning or doubt, and what such a line says depends on its text alone, so nothing can be said of it here that
 * reading it again would not say. Emptied when full, so that hostile histories cannot grow it.
 */

/** The person on a line without continuation that was read before; undefined says nothing. */
export function recallPerson(line: string): PersonLine | undefined {
  return known.get(line);
}

export function rememberPerson(line: string, person: PersonLine): void {
  if (line.length > LENGTH_LIMIT) return;
  if (known.size >= LIMIT) known.clear();
  const { name, email, reading } = person;
  known.set(copyText(line), { name: copyText(name), email: copyText(email), reading });
}

/** A slice keeps the string it was cut from alive, here a whole message; a copy keeps only itself. */
export function copyText(text: string): string {
  return ` ${text}`.slice(1);
}
