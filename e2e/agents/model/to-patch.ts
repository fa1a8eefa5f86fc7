// SPDX-License-Identifier: Apache-2.0
import type { Act } from "../scenario/step.ts";

/** The patch that `apply_patch` tools take, for one file. */
export function toPatch(act: Extract<Act, { kind: "write" | "edit" }>): string {
  const body =
    act.kind === "write"
      ? [`*** Add File: ${act.file}`, ...marked(act.content, "+")]
      : [`*** Update File: ${act.file}`, "@@", ...marked(act.old, "-"), ...marked(act.new, "+")];
  return ["*** Begin Patch", ...body, "*** End Patch", ""].join("\n");
}

function marked(text: string, mark: string): readonly string[] {
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => mark + line);
}
