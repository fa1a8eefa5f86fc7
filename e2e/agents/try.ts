// SPDX-License-Identifier: Apache-2.0
import { readFileSync, rmSync } from "node:fs";
import { findWorkTree, readWorkingState } from "@countersign/recorder";
import { playSession } from "./play-session.ts";
import { PROGRAMS } from "./programs/programs.ts";

const [name, folder, installed] = process.argv.slice(2) as [string, string, string];
rmSync(folder, { recursive: true, force: true });
const program = PROGRAMS.find((p) => p.name === name)!;
const session = await playSession(program, folder, installed);
console.log(name, Math.round(session.took), session.progress);
const state = await readWorkingState(findWorkTree(session.place.workTree)!);
for (const [path, { present }] of state.paths) {
  console.log(`--- ${path}`);
  present.lines.forEach((line, i) => {
    const o = present.origins[i]!;
    console.log(`${o.kind === "ai" ? `${o.agent.tool}/${o.agent.model} ${o.extent} ${o.evidence}` : JSON.stringify(o)}`.padEnd(60), line.trimEnd());
  });
  if (readFileSync(`${session.place.workTree}/${path}`, "latin1") !== present.lines.join("")) console.log("(state is not the present content)");
}
console.log(state.gaps, state.open.map((o) => [o.tool, o.action, o.callKey, o.subAgent]));
process.exit(0);
