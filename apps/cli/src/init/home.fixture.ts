// SPDX-License-Identifier: Apache-2.0
import { lstat, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { countersign } from "../command.fixture.ts";

export interface Home {
  readonly path: string;
  /** `countersign init` as the person to whom this home belongs. */
  readonly init: (repo: string, ...args: string[]) => ReturnType<typeof countersign>;
  readonly write: (name: string, text: string) => Promise<void>;
  readonly read: (name: string) => Promise<string>;
}

/** A person's own home folder; of programs only what every system has, so no agent but those that a test puts there. */
export async function atHome(work: (home: Home) => Promise<void>): Promise<void> {
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "home");
  await mkdir(path);
  const environment = {
    HOME: path,
    PATH: "/usr/bin:/bin",
    XDG_STATE_HOME: "",
    CODEX_HOME: "",
    CLAUDE_CONFIG_DIR: "",
  };
  await work({
    path,
    init: (repo, ...args) => countersign(["init", ...args], { cwd: repo, environment }),
    write: async (name, text) => {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), text);
    },
    read: (name) => readFile(join(path, name), "utf8"),
  });
}

/** Every file below a folder: mode, time of its last change, and content. */
export async function snapshot(folder: string): Promise<Readonly<Record<string, string>>> {
  const rows: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) continue;
    const stat = await lstat(path);
    const text = entry.isSymbolicLink() ? "link" : await readFile(path, "latin1");
    rows[relative(folder, path)] = `${stat.mode.toString(8)} ${stat.mtimeMs} ${text}`;
  }
  return rows;
}

/** The same without times, and without what the recorder itself keeps: for files that were put back. */
export async function contents(folder: string): Promise<Readonly<Record<string, string>>> {
  const rows = Object.entries(await snapshot(folder)).filter(
    ([name]) => !name.includes("countersign/recorder/"),
  );
  return Object.fromEntries(rows.map(([name, row]) => [name, row.replace(/ \S+/, "")]));
}
