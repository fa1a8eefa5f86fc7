// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * What HEAD is, without a process: its ref and the id in the loose file, as text to compare with an earlier one. A packed
 * ref has no loose file and stands for itself; a reftable repository always says the same, which only costs certainty.
 */
export function readHead(gitDir: string): string {
  const head = read(join(gitDir, "HEAD"));
  const ref = /^ref: (refs\/\S+)/.exec(head)?.[1];
  if (ref === undefined) return head;
  const common = read(join(gitDir, "commondir"));
  return `${ref} ${read(join(common === "" ? gitDir : resolve(gitDir, common), ref))}`;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return "";
  }
}
