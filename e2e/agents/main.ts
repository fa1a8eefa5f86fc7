// SPDX-License-Identifier: Apache-2.0
// Real coding agents, a scripted model, no network; then the origin of every line is asked.
// Arguments: names of agents; `--seconds N`: an agent whose turn comes later than that is skipped.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { run } from "@countersign/testkit";
import { formatTable } from "./format-table.ts";
import { installProgram } from "./install-program.ts";
import { findObstacle, isolated } from "./isolation.ts";
import type { AgentProgram } from "./programs/agent-program.ts";
import { PROGRAMS } from "./programs/programs.ts";
import type { AgentResult } from "./result.ts";

/** Outside what Git looks at; another folder may be shared by several checkouts. */
const CACHE =
  process.env.COUNTERSIGN_AGENTS_CACHE ?? new URL("../../.cache/e2e-agents", import.meta.url).pathname;
const SESSION = new URL("session-main.ts", import.meta.url).pathname;

const { values, positionals } = parseArgs({
  options: { seconds: { type: "string", default: "Infinity" } },
  allowPositionals: true,
});
const chosen = choosePrograms(positionals);
const deadline = performance.now() + Number(values.seconds) * 1000;
const obstacle = findObstacle();
const results: AgentResult[] = [];
for (const program of chosen) {
  console.error(`${program.name} …`);
  const isLate = performance.now() > deadline;
  results.push(await runAgent(program, isLate ? `${values.seconds} seconds are over` : obstacle));
}
console.log(formatTable(results));
const count = (isCounted: (result: AgentResult) => boolean) => results.filter(isCounted).length;
const failed = count(({ failures }) => failures.length > 0);
const skipped = count((result) => result.skipped !== undefined);
console.log(`${results.length - failed - skipped} agents right, ${failed} wrong, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;

function choosePrograms(names: readonly string[]): readonly AgentProgram[] {
  const unknown = names.filter((name) => !PROGRAMS.some((program) => program.name === name));
  if (unknown.length > 0) {
    console.error(
      `no agent is called ${unknown.join(", ")}; there are: ${PROGRAMS.map(({ name }) => name).join(", ")}`,
    );
    process.exit(2);
  }
  return names.length === 0 ? PROGRAMS : PROGRAMS.filter(({ name }) => names.includes(name));
}

async function runAgent(program: AgentProgram, reason: string | undefined): Promise<AgentResult> {
  const agent = program.name;
  const installed = join(CACHE, program.install);
  const skipped = reason ?? (await installProgram(program, installed));
  if (skipped !== undefined) return { agent, skipped, failures: [], took: 0 };
  const folder = await mkdtemp(join(tmpdir(), `countersign-e2e-${agent}-`));
  const [command = "", ...words] = isolated([process.execPath, SESSION, agent, folder, installed]);
  const result = await run(command, words, { cwd: folder })
    .then(async () => JSON.parse(await readFile(join(folder, "result.json"), "utf8")) as AgentResult)
    .catch((error: unknown): AgentResult => {
      return { agent, failures: [{ step: null, message: String(error) }], took: 0 };
    });
  if (result.failures.length > 0) return { ...result, folder };
  await rm(folder, { recursive: true, force: true });
  return result;
}
