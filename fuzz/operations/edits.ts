// SPDX-License-Identifier: Apache-2.0
import { AGENTS, edit, git, listFiles, readLines, type Workspace, writeLines } from "../workspace.ts";

/** A person types. Where a recorder has the file in view, that must come out as human; elsewhere `unknown` will do. */
export async function humanEdits(space: Workspace): Promise<void> {
  const file = await someFile(space);
  space.log(`human edits ${file}`);
  const before = new Set(await readLines(space, file));
  await edit(space, file, {
    kind: "human",
    isSeen: space.watched.has(file),
    isAstray: space.astray.has(file),
  });
  const typed = (await readLines(space, file)).filter((line) => !before.has(line));
  space.unlooked.set(file, [...(space.unlooked.get(file) ?? []), ...typed]);
}

export async function agentEdits(space: Workspace): Promise<void> {
  const file = await someFile(space);
  const tool = space.random.pick(AGENTS);
  space.log(`${tool} edits ${file}`);
  await space.recorder.aroundEdit(tool, file, () => edit(space, file, { kind: "ai", tool }));
  space.watched.add(file);
  space.astray.delete(file);
  space.unlooked.delete(file);
  space.brokenUp.delete(file);
}

export async function agentRunsShell(space: Workspace): Promise<void> {
  const tool = space.random.pick(AGENTS);
  const files = [await someFile(space), await someFile(space)];
  space.log(`${tool}'s shell edits ${files.join(" and ")}`);
  const read = () => Promise.all(files.map(async (file) => (await readLines(space, file)).join("\n")));
  const before = await read();
  await space.recorder.aroundShell(tool, async () => {
    for (const file of files) await edit(space, file, { kind: "ai", tool });
  });
  const after = await read();
  // What a command has written and taken back before it ended, no snapshot shows: nothing brings the file into view.
  for (const [index, file] of files.entries()) if (before[index] !== after[index]) space.watched.add(file);
  space.astray.clear();
  space.unlooked.clear();
  space.brokenUp.clear();
}

/** Breaks lines up or indents them; nobody wrote anything. */
export async function formatterRuns(space: Workspace): Promise<void> {
  const file = await someFile(space);
  const lines = await readLines(space, file);
  const { random, registry } = space;
  const kind = random.below(3);
  const formatted = lines.flatMap((line) => {
    if (kind === 0) return random.chance(0.3) ? registry.breakUp(line) : [line];
    if (kind === 1) return random.chance(0.5) ? [`  ${line}`] : [line];
    return [line.endsWith("\r") ? line.slice(0, -1) : `${line}\r`];
  });
  space.log(`formatter ${["breaks lines of", "indents", "changes line ends of"][kind]} ${file}`);
  await writeLines(space, file, formatted);
  if (kind !== 0) return;
  const before = new Set(lines);
  const pieces = formatted.filter((line) => !before.has(line));
  if (space.astray.has(file)) registry.lose(pieces);
  else space.brokenUp.set(file, [...(space.brokenUp.get(file) ?? []), ...pieces]);
}

export async function renames(space: Workspace): Promise<void> {
  const file = await someFile(space);
  const tracked = await git(space, "ls-files", "--error-unmatch", file);
  if (!tracked.ok) return;
  space.clock.seconds += 1;
  const target = `r${space.clock.seconds}.js`;
  await git(space, "mv", file, target);
  // Under a name that the recorder has never seen a file is out of its view, until an event shows it again.
  space.watched.delete(file);
  space.astray.add(target);
  space.registry.lose([...(space.unlooked.get(file) ?? []), ...(space.brokenUp.get(file) ?? [])]);
  space.unlooked.delete(file);
  space.brokenUp.delete(file);
}

async function someFile(space: Workspace): Promise<string> {
  const files = await listFiles(space);
  if (files.length < 2 || (files.length < 5 && space.random.chance(0.08)))
    return `f${files.length}${space.random.below(1000)}.js`;
  return space.random.pick(files);
}
