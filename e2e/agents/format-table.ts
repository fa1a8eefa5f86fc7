// SPDX-License-Identifier: Apache-2.0
import type { AgentResult } from "./result.ts";
import type { Story } from "./scenario/story.ts";

/** A table of agents and a story's steps, then every line that is wrong. */
export function formatTable(
  { name, columns }: Pick<Story, "name" | "columns">,
  results: readonly AgentResult[],
): string {
  const width = Math.max(name.length, ...results.map(({ agent }) => agent.length));
  const rows = results.map((result) => {
    const cells = columns.map((step) => cellOf(result, step).padEnd(step.length));
    return `${result.agent.padEnd(width)}  ${cells.join("  ")}  ${(result.took / 1000).toFixed(1)} s`;
  });
  const details = results.flatMap(({ agent, skipped, failures, folder }) => [
    ...(skipped === undefined ? [] : [`SKIPPED  ${agent}: ${skipped}`]),
    ...failures.map(({ step, message }) => `FAILED  ${agent}: ${step === null ? "" : `${step}: `}${message}`),
    ...(folder === undefined ? [] : [`        ${agent}: everything of this run is in ${folder}`]),
  ]);
  const head = `${name.padEnd(width)}  ${columns.join("  ")}`;
  return `${[head, ...rows, ...(details.length === 0 ? [] : ["", ...details])].join("\n")}\n`;
}

function cellOf({ skipped, failures }: AgentResult, step: string): string {
  if (skipped !== undefined) return "-";
  return failures.some((failure) => failure.step === null || failure.step === step) ? "FAIL" : "ok";
}
