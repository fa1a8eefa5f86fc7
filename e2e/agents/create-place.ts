// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { AUTHOR, run } from "@countersign/testkit";
import type { AgentPlace, AgentProgram } from "./programs/agent-program.ts";

export interface PlaceOptions {
  /** What the author has committed. */
  readonly base: Readonly<Record<string, string>>;
  /** Empty folder for everything of this run. */
  readonly folder: string;
  /** Root of the agent's installation. */
  readonly installed: string;
  readonly url: string;
}

/** A home of a user who has nothing but this agent, and a repository in which the author has committed something. */
export async function createPlace(program: AgentProgram, options: PlaceOptions): Promise<AgentPlace> {
  const { base, folder, installed, url } = options;
  const [home, workTree, log, temporary] = ["home", "repo", "log", "tmp"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  for (const path of [home, workTree, log, temporary]) await mkdir(path, { recursive: true });
  const bare = {
    PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    HOME: home,
    TMPDIR: temporary,
    TERM: "dumb",
    LANG: "C.UTF-8",
  };
  const git = (...words: string[]) => run("git", words, { cwd: workTree, environment: bare });
  await git("init", "-q", "-b", "main");
  await git("config", "user.name", AUTHOR.name);
  await git("config", "user.email", AUTHOR.email);
  for (const [path, content] of Object.entries(base)) {
    await mkdir(dirname(join(workTree, path)), { recursive: true });
    await writeFile(join(workTree, path), content);
  }
  await git("add", "-A");
  await git("commit", "-q", "-m", "app: a beginning");
  return {
    home,
    workTree,
    url,
    installed,
    program: join(installed, "node_modules/.bin", program.binary),
    bare,
    log,
  };
}
