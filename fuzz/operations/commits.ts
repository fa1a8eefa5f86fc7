// SPDX-License-Identifier: Apache-2.0
import { git, listFiles, type Workspace } from "../workspace.ts";

export async function commitsAll(space: Workspace): Promise<void> {
  await git(space, "add", "-A");
  const committed = await git(space, "commit", "-q", "-m", "change");
  if (committed.ok) forgetWork(space);
}

/** Everything is as committed: nothing is in view any more, and nothing waits to be looked at. */
function forgetWork({ watched, astray, unlooked, brokenUp }: Workspace): void {
  brokenUp.clear();
  watched.clear();
  astray.clear();
  unlooked.clear();
}

/** Stages some hunks only, as `git add -p` does. */
export async function commitsSome(space: Workspace): Promise<void> {
  const { random, repo } = space;
  for (const file of await listFiles(space)) {
    const tracked = await repo.tryGit(["ls-files", "--error-unmatch", file]);
    if (tracked.exitCode !== 0) continue;
    const patch = await repo.tryGit(["diff", "-U0", "--no-color", "--", file]);
    const [header = "", ...hunks] = patch.stdout.toString("utf8").split(/^(?=@@ )/m);
    const chosen = hunks.filter(() => random.chance(0.5));
    if (chosen.length === 0) continue;
    await repo.tryGit(["apply", "--cached", "--unidiff-zero", "--whitespace=nowarn", "-"], {
      input: header + chosen.join(""),
    });
  }
  space.log("stages some hunks");
  const { ok } = await git(space, "commit", "-q", "-m", "part of a change");
  if (!ok) return;
  const status = await repo.git(["status", "--porcelain", "--untracked-files=all"]);
  for (const file of space.watched) if (!status.includes(` ${file}\n`)) space.watched.delete(file);
}

export async function amends(space: Workspace): Promise<void> {
  if (await isPushedOrRoot(space)) return;
  await git(space, "add", "-A");
  const committed = await git(space, "commit", "-q", "--amend", "--no-edit", "--allow-empty");
  if (committed.ok) forgetWork(space);
}

export async function commitsWithoutHooks(space: Workspace): Promise<void> {
  await git(space, "add", "-A");
  const committed = await git(space, "commit", "-q", "--no-verify", "-m", "no verify");
  if (committed.ok) forgetWork(space);
}

/** `reset --soft` or `--mixed` keeps the content; what was recorded must come back with the next commit. */
export async function undoesCommit(space: Workspace): Promise<void> {
  if (await isPushedOrRoot(space)) return;
  await git(space, "reset", "-q", space.random.pick(["--soft", "--mixed"]), "HEAD~1");
  await commitsAll(space);
}

async function isPushedOrRoot(space: Workspace): Promise<boolean> {
  const parent = await space.repo.tryGit(["rev-parse", "--verify", "--quiet", "HEAD~1"]);
  const merge = await space.repo.tryGit(["rev-parse", "--verify", "--quiet", "HEAD^2"]);
  return parent.exitCode !== 0 || merge.exitCode === 0;
}
