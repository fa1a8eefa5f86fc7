// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { type AgentProgram, COMPANIONS } from "./programs/agent-program.ts";

const LIMIT_MS = 300_000;

type Packages = AgentProgram["packages"];

/** Installs one agent with npm into a folder of its own, unless it is there; returns why it cannot be had, if so. */
export async function installProgram(program: AgentProgram, folder: string): Promise<string | undefined> {
  const { packages, companions = {}, scripts = [] } = program;
  return (
    (await install(packages, scripts, folder)) ?? (await install(companions, [], join(folder, COMPANIONS)))
  );
}

async function install(
  packages: Packages,
  scripts: readonly string[],
  folder: string,
): Promise<string | undefined> {
  if (await isInstalled(packages, folder)) return undefined;
  await mkdir(folder, { recursive: true });
  // npm has begun to leave install scripts out unless the project names the package.
  const allowScripts = Object.fromEntries(scripts.map((name) => [name, true]));
  const manifest = { private: true, dependencies: packages, allowScripts };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  // npm runs on the first Node it finds, and some of these packages do not install on an old one.
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
  const { error, stderr } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH },
    timeout: LIMIT_MS,
  });
  if (await isInstalled(packages, folder)) return undefined;
  return `npm cannot install it: ${(error?.message ?? stderr).trim().split("\n").slice(0, 3).join("; ")}`;
}

async function isInstalled(packages: Packages, folder: string): Promise<boolean> {
  for (const [name, version] of Object.entries(packages)) {
    const manifest = join(folder, "node_modules", name, "package.json");
    const text = await readFile(manifest, "utf8").catch(() => "{}");
    if ((JSON.parse(text) as { version?: string }).version !== version) return false;
  }
  return true;
}
