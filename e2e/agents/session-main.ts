// SPDX-License-Identifier: Apache-2.0
// One agent, within its own network and processes: `session-main.ts AGENT STORY FOLDER INSTALLATION`; writes FOLDER/result.json.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { playSession, type Session } from "./play-session.ts";
import { PROGRAMS } from "./programs/programs.ts";
import type { AgentResult } from "./result.ts";
import { STORIES } from "./stories/stories.ts";

const [name = "", storyName = "", folder = "", installed = ""] = process.argv.slice(2);
const program = PROGRAMS.find((one) => one.name === name);
const story = STORIES.find((one) => one.name === storyName);
if (program === undefined || story === undefined) throw new Error(`there is no ${name} or no ${storyName}`);
const ended = await playSession({ program, story, folder, installed }).catch((error: unknown): Session => {
  return {
    failures: [{ step: null, message: error instanceof Error ? error.message : String(error) }],
    took: 0,
  };
});
const result: AgentResult = { agent: name, story: storyName, ...ended };
await writeFile(join(folder, "result.json"), JSON.stringify(result));
// What the agent left running must not keep this process: its processes end with it.
process.exit(0);
