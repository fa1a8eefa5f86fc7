// SPDX-License-Identifier: Apache-2.0
// Real coding agents, a scripted model, no network; then the origin of every line is asked.
// Arguments: names of agents; `--story NAME`: this one only; `--seconds N`: whose turn comes later than that is skipped.
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
import type { Story } from "./scenario/story.ts";
import { STORIES } from "./stories/stories.ts";

/** Outside what Git looks at; another folder may be shared by several checkouts. */
const CACHE =
  process.env.COUNTERSIGN_AGENTS_CACHE ?? new URL("../../.cache/e2e-agents", import.meta.url).pathname;
const SESSION = new URL("session-main.ts", import.meta.url).pathname;

const { values, positionals } = parseArgs({
  options: { seconds: { type: "string", default: "Infinity" }, story: { type: "string" } },
  allowPositionals: true,
});
const programs = choose(PROGRAMS, positionals, "agent");
const stories = choose(STORIES, values.story === undefined ? [] : [values.story], "story");
const deadline = performance.now() + Number(values.seconds) * 1000;
const obstacle = findObstacle();
const results: AgentResult[] = [];
for (const story of stories) {
  for (const program of programs) {
    const isLate = performance.now() > deadline;
    const skipped = isLate ? `${values.seconds} seconds are over` : (obstacle ?? (await install(program)));
    results.push(await runAgent(program, story, skipped));
  }
  console.log(
    formatTable(
      story,
      results.filter((result) => result.story === story.name),
    ),
  );
}
const count = (isCounted: (result: AgentResult) => boolean) => results.filter(isCounted).length;
const failed = count(({ failures }) => failures.length > 0);
const skipped = count((result) => result.skipped !== undefined);
console.log(`${results.length - failed - skipped} right, ${failed} wrong, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;

function choose<T extends { readonly name: string }>(
  all: readonly T[],
  names: readonly string[],
  what: string,
): readonly T[] {
  const unknown = names.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length > 0) {
    const known = all.map(({ name }) => name).join(", ");
    console.error(`no ${what} is called ${unknown.join(", ")}; there are: ${known}`);
    process.exit(2);
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

function install(program: AgentProgram): Promise<string | undefined> {
  return installProgram(program, join(CACHE, program.install));
}

async function runAgent(
  program: AgentProgram,
  story: Story,
  skipped: string | undefined,
): Promise<AgentResult> {
  const begun = { agent: program.name, story: story.name, failures: [], took: 0 };
  if (skipped !== undefined) return { ...begun, skipped };
  console.error(`${story.name}: ${program.name} …`);
  const folder = await mkdtemp(join(tmpdir(), `countersign-e2e-${program.name}-`));
  const parts = [program.name, story.name, folder, join(CACHE, program.install)];
  const [command = "", ...words] = isolated([process.execPath, SESSION, ...parts]);
  const result = await run(command, words, { cwd: folder })
    .then(async () => JSON.parse(await readFile(join(folder, "result.json"), "utf8")) as AgentResult)
    .catch((error: unknown): AgentResult => {
      return { ...begun, failures: [{ step: null, message: String(error) }] };
    });
  if (result.failures.length > 0) return { ...result, folder };
  await rm(folder, { recursive: true, force: true });
  return result;
}
