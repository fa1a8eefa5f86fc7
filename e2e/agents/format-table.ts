// SPDX-License-Identifier: Apache-2.0
import type { AgentResult } from "./result.ts";
import type { StepName } from "./scenario/step.ts";

const COLUMNS: readonly StepName[] = [
  "base",
  "create",
  "edit",
  "edit after author",
  "shell",
  "failing edit",
  "failing shell",
  "sub-agent",
  "agent's commit",
  "edit after commit",
  "author's commit",
];

/** A table of agents and steps, then every line that is wrong. */
export function formatTable(results: readonly AgentResult[]): string {
  const width = Math.max(...results.map(({ agent }) => agent.length));
  const rows = results.map((result) => {
    const cells = COLUMNS.map((step) => cellOf(result, step).padEnd(step.length));
    return `${result.agent.padEnd(width)}  ${cells.join("  ")}  ${(result.took / 1000).toFixed(1)} s`;
  });
  const details = results.flatMap(({ agent, skipped, failures, folder }) => [
    ...(skipped === undefined ? [] : [`SKIPPED  ${agent}: ${skipped}`]),
    ...failures.map(({ step, message }) => `FAILED  ${agent}: ${step === null ? "" : `${step}: `}${message}`),
    ...(folder === undefined ? [] : [`        ${agent}: everything of this run is in ${folder}`]),
  ]);
  const head = `${"".padEnd(width)}  ${COLUMNS.join("  ")}`;
  return `${[head, ...rows, ...(details.length === 0 ? [] : ["", ...details])].join("\n")}\n`;
}

function cellOf({ skipped, failures }: AgentResult, step: StepName): string {
  if (skipped !== undefined) return "-";
  return failures.some((failure) => failure.step === null || failure.step === step) ? "FAIL" : "ok";
}
