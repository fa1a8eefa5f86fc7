// SPDX-License-Identifier: Apache-2.0
import { AGENTS, edit, git, listFiles, readLines, type Workspace, writeLines } from "../workspace.ts";
import { commitsAll } from "./commits.ts";
import { agentEdits, humanEdits } from "./edits.ts";

/**
 * Work goes away into the stash, something else is committed, and the work comes back. What people had typed in it and no event
 * of the recorder had seen by then comes out of the stash as a text that Git wrote, so nobody can know who typed it.
 */
export async function stashes(space: Workspace): Promise<void> {
  const { ok, text } = await git(space, "stash", "push", "-q", "-u");
  if (!ok || text.includes("No local changes")) return;
  space.watched.clear();
  for (const lines of space.unlooked.values()) space.registry.doubt(lines);
  space.unlooked.clear();
  space.brokenUp.clear();
  const stashed = await space.repo.tryGit(["rev-parse", "--verify", "--quiet", "refs/stash"]);
  if (stashed.exitCode !== 0) return;
  if (space.random.chance(0.6)) {
    await humanEdits(space);
    await commitsAll(space);
  }
  const popped = await git(space, "stash", "pop", "-q");
  if (popped.ok) return;
  // A pop that conflicts keeps the stash; the person gives it up.
  await git(space, "reset", "-q", "--hard");
  await git(space, "clean", "-fdq");
  await git(space, "stash", "drop", "-q");
}

export async function reverts(space: Workspace): Promise<void> {
  if (!(await isClean(space))) return;
  const merge = await space.repo.tryGit(["rev-parse", "--verify", "--quiet", "HEAD^2"]);
  if (merge.exitCode === 0) return;
  const { ok } = await git(space, "revert", "--no-edit", "HEAD");
  if (!ok) await git(space, "revert", "--abort");
  else if (space.random.chance(0.5)) await git(space, "revert", "--no-edit", "HEAD");
}

/** A branch with a few commits, brought back by one of the ways people have. */
export async function branchesAndReturns(space: Workspace): Promise<void> {
  if (!(await isClean(space))) return;
  space.clock.seconds += 1;
  const branch = `b${space.clock.seconds}`;
  const home = (await space.repo.git(["symbolic-ref", "--short", "HEAD"])).trim();
  await git(space, "checkout", "-q", "-b", branch);
  for (let count = 1 + space.random.below(3); count > 0; count--) {
    for (let edits = 1 + space.random.below(2); edits > 0; edits--)
      await (space.random.chance(0.6) ? agentEdits(space) : humanEdits(space));
    await commitsAll(space);
  }
  await git(space, "checkout", "-q", home);
  space.watched.clear();
  if (space.random.chance(0.7)) {
    await humanEdits(space);
    await commitsAll(space);
  }
  await bringBack(space, home, branch);
  space.watched.clear();
}

async function bringBack(space: Workspace, home: string, branch: string): Promise<void> {
  switch (space.random.below(6)) {
    case 0:
      return settle(space, await git(space, "merge", "-q", "--no-ff", "--no-edit", branch), "merge");
    case 1: {
      const { ok } = await git(space, "merge", "-q", "--squash", branch);
      if (!ok && !(await resolves(space))) return abandon(space);
      await git(space, "commit", "-q", "-m", "squashed");
      return;
    }
    case 2: {
      await git(space, "checkout", "-q", branch);
      await settle(space, await git(space, "rebase", "-q", home), "rebase");
      await git(space, "checkout", "-q", home);
      await git(space, "merge", "-q", "--ff-only", branch);
      return;
    }
    case 3:
      return settle(space, await git(space, "cherry-pick", `${home}..${branch}`), "cherry-pick");
    case 4:
      return forgeSquash(space, home, branch);
    default: {
      await git(space, "checkout", "-q", branch);
      const base = (await space.repo.git(["merge-base", home, branch])).trim();
      await autosquash(space, base);
      await settle(space, await git(space, "rebase", "-q", "--onto", home, base), "rebase");
      await git(space, "checkout", "-q", home);
      await git(space, "merge", "-q", "--ff-only", branch);
    }
  }
}

/** A fixup for the branch's first commit, folded in. */
async function autosquash(space: Workspace, base: string): Promise<void> {
  const first = (await space.repo.git(["rev-list", "--reverse", `${base}..HEAD`])).split("\n")[0];
  if (first === undefined || first === "") return;
  await agentEdits(space);
  await git(space, "add", "-A");
  await git(space, "commit", "-q", "--fixup", first);
  await settle(space, await git(space, "rebase", "-q", "-i", "--autosquash", base), "rebase");
}

/** What a forge's button does: one commit with the merged tree, on a machine without hooks. */
async function forgeSquash(space: Workspace, home: string, branch: string): Promise<void> {
  const merged = await space.repo.tryGit(["merge-tree", "--write-tree", home, branch]);
  if (merged.exitCode !== 0) return;
  const tree = merged.stdout.toString("utf8").trim().split("\n")[0] ?? "";
  const commit = await space.repo.git(["commit-tree", tree, "-p", home, "-m", "squashed on the forge (#1)"]);
  await git(space, "reset", "-q", "--hard", commit);
}

/** Goes through the conflicts of a merge, rebase or pick, or gives it up. */
async function settle(
  space: Workspace,
  { ok }: { readonly ok: boolean },
  command: "merge" | "rebase" | "cherry-pick",
): Promise<void> {
  let isDone = ok;
  for (let round = 0; !isDone && round < 8; round++) {
    if (!(await resolves(space))) break;
    const next = command === "merge" ? ["commit", "-q", "--no-edit"] : [command, "--continue"];
    isDone = (await git(space, ...next)).ok;
    if (!isDone && command !== "merge") isDone = (await git(space, command, "--skip")).ok;
  }
  if (!isDone) await git(space, command, "--abort");
}

/** Takes both sides of every conflict, or an agent does, and adds a line of the resolver's own. */
async function resolves(space: Workspace): Promise<boolean> {
  const { repo, random } = space;
  const unmerged = await repo.tryGit(["diff", "--name-only", "--diff-filter=U"]);
  const names = unmerged.stdout
    .toString("utf8")
    .split("\n")
    .filter((name) => name !== "");
  const files = new Set(await listFiles(space));
  if (names.some((name) => !files.has(name))) return false;
  for (const file of names) {
    const resolve = async () => {
      const lines = await readLines(space, file);
      await writeLines(
        space,
        file,
        lines.filter((line) => !/^(<{7} |={7}$|>{7} |\|{7} )/.test(line)),
      );
    };
    if (random.chance(0.4)) {
      const tool = random.pick(AGENTS);
      space.log(`${tool} resolves ${file}`);
      await space.recorder.aroundEdit(tool, file, async () => {
        await resolve();
        await edit(space, file, { kind: "ai", tool });
      });
    } else {
      space.log(`human resolves ${file}`);
      await resolve();
      if (random.chance(0.5)) await edit(space, file, { kind: "human", isSeen: false });
    }
  }
  await git(space, "add", "-A");
  return true;
}

async function abandon(space: Workspace): Promise<void> {
  await git(space, "reset", "-q", "--hard");
}

async function isClean({ repo }: Workspace): Promise<boolean> {
  const status = await repo.tryGit(["status", "--porcelain"]);
  return status.stdout.length === 0;
}
