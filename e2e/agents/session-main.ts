// SPDX-License-Identifier: Apache-2.0
// One agent, within its own network and processes: `session-main.ts AGENT FOLDER INSTALLATION`; writes FOLDER/result.json.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkSession } from "./checks/check-session.ts";
import { playSession } from "./play-session.ts";
import { PROGRAMS } from "./programs/programs.ts";
import type { AgentResult } from "./result.ts";

const [name = "", folder = "", installed = ""] = process.argv.slice(2);
const program = PROGRAMS.find((one) => one.name === name);
if (program === undefined) throw new Error(`no agent is called ${name}`);
const result = await play();
await writeFile(join(folder, "result.json"), JSON.stringify(result));
// What the agent left running must not keep this process: its processes end with it.
process.exit(0);

async function play(): Promise<AgentResult> {
  if (program === undefined) throw new Error("unreachable");
  try {
    const session = await playSession(program, folder, installed);
    return { agent: name, failures: await checkSession(program, session), took: session.took };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { agent: name, failures: [{ step: null, message }], took: 0 };
  }
}
