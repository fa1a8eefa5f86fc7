// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Emission } from "@countersign/core/trailers";

/** The one setting of the policy that a commit needs; the whole language would take longer to load than a commit takes. */
const EMISSION =
  /^emission[ \t]*:[ \t]*(["']?)(ai-assisted|assisted-by|generated-by|co-authored-by|none)\1[ \t]*(?:#.*)?\r?$/m;

/**
 * Which convention the project writes, by the policy as it lies in the work tree. One written in an unusual way counts as the
 * default; `commit-msg` reads it in full and says so.
 */
export function readEmission(workTree: string): Emission {
  try {
    const text = readFileSync(join(workTree, ".countersign", "policy.yml"), "utf8");
    return (EMISSION.exec(text)?.[2] as Emission | undefined) ?? "ai-assisted";
  } catch {
    return "ai-assisted";
  }
}
