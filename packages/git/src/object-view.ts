// SPDX-License-Identifier: Apache-2.0
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ObjectFormat } from "@countersign/core/ids";
import { objectEnvironment } from "./environment.ts";
import type { GitCall, GitProcess } from "./spawn-git.ts";
import type { Repository } from "./types.ts";

/*
 * Objects are read from an empty Git directory of our own that borrows the repository's object store. There no
 * configuration, attribute file (not even $GIT_DIR/info/attributes, which no option can switch off and which can turn
 * a conflict into a clean merge, T44), mailmap, replace ref, graft, hook, work tree or promisor remote exists, so
 * none can change an answer. A list of `-c` guards would have to name every setting of every Git to come.
 */
const views = new Map<ObjectFormat, Promise<string>>();

/** Path of the empty Git directory; made once per process and object format, removed when the process ends. */
async function openView(format: ObjectFormat): Promise<string> {
  const known = await views.get(format);
  // A cleaner of temporary files may have been here; servers live long.
  if (known !== undefined && existsSync(join(known, "HEAD"))) return known;
  const made = makeView(format);
  views.set(format, made);
  return made;
}

async function makeView(format: ObjectFormat): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "countersign-view-"));
  process.once("exit", () => rmSync(dir, { recursive: true, force: true }));
  await Promise.all([mkdir(join(dir, "objects")), mkdir(join(dir, "refs"))]);
  const extensions = format === "sha1" ? "" : `[extensions]\n\tobjectformat = ${format}\n`;
  const version = format === "sha1" ? 0 : 1;
  await writeFile(
    join(dir, "config"),
    `[core]\n\trepositoryformatversion = ${version}\n\tbare = true\n${extensions}`,
  );
  await writeFile(join(dir, "HEAD"), "ref: refs/heads/none\n");
  return dir;
}

/** Where new objects of this repository go: its own store, or the one its environment names. */
export function objectDirectory(repo: Repository): string {
  return repo.environment.GIT_OBJECT_DIRECTORY ?? join(repo.commonDir, "objects");
}

/** A call that sees the objects of the repository and nothing else of it. */
export async function objectCall(
  repo: Repository,
  args: readonly string[],
  input?: Uint8Array | GitProcess,
): Promise<GitCall> {
  const view = await openView(repo.objectFormat);
  const environment = objectEnvironment(process.env, {
    ...repo.environment,
    GIT_DIR: view,
    GIT_OBJECT_DIRECTORY: objectDirectory(repo),
    GIT_SHALLOW_FILE: repo.isShallow ? join(repo.commonDir, "shallow") : "",
  });
  return { args, cwd: view, environment, ...(input === undefined ? {} : { input }) };
}
