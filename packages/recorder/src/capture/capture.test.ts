// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { appendFile, readdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createDesk, type Desk, read } from "./agent-session.fixture.ts";
import { compact } from "./compact.ts";
import { readPending, settle } from "./pending.ts";
import { readWorkingState } from "./read-working-state.ts";
import { recorderFolder } from "./recorder-folder.ts";

const A = "one = delta.echo(foxtrot, golf);\n";
const B = "two = hotel.india(juliett, kilo);\n";
const C = "three = lima.mike(november, oscar);\n";

async function atDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  const desk = await createDesk();
  try {
    await work(desk);
  } finally {
    await desk.repo.remove();
  }
}

test("what an agent wrote is the agent's, what somebody typed between two of its steps is a person's", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("claude-code", "a.js", A);
    await desk.write("a.js", A + B);
    await desk.agentWrites("claude-code", "a.js", A + B + C);
    expect(await desk.origins("a.js")).toEqual([
      "claude-code | one = delta.echo(foxtrot, golf);",
      "human | two = hotel.india(juliett, kilo);",
      "claude-code | three = lima.mike(november, oscar);",
    ]);
  }));

test("lines that stood in a file before any recorder saw it stay unknown", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "kept.js", `kept = alpha.bravo(charlie);\n${A}`);
    expect(await desk.origins("kept.js")).toEqual([
      "unknown | kept = alpha.bravo(charlie);",
      "codex | one = delta.echo(foxtrot, golf);",
    ]);
  }));

test("an agent's line that a person changes stays the agent's, as edited", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A + B);
    await desk.write("a.js", A.replace("golf", "whiskey") + B);
    await desk.agentWrites("codex", "a.js", A.replace("golf", "whiskey") + B + C);
    expect((await desk.origins("a.js"))[0]).toBe("codex edited | one = delta.echo(foxtrot, whiskey);");
  }));

test("more than a person types in the time is unknown, and so is a change across another HEAD", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    const pasted = Array.from(
      { length: 60 },
      (_, i) => `pasted${i} = from.somewhere(number${i}, else${i});\n`,
    ).join("");
    await desk.write("a.js", A + pasted);
    await desk.agentWrites("codex", "b.js", B);
    await desk.agentWrites("codex", "a.js", A + pasted + C);
    expect(new Set((await desk.origins("a.js")).slice(1, 61).map((line) => line.split(" ")[0]))).toEqual(
      new Set(["unknown"]),
    );
  }));

test("the same amount over an hour was typed, and a clock that went back proves no time", () =>
  atDesk(async (desk) => {
    const typed = Array.from(
      { length: 60 },
      (_, i) => `typed${i} = slowly.by(somebody${i}, here${i});\n`,
    ).join("");
    await desk.agentWrites("codex", "a.js", A);
    await desk.write("a.js", A + typed);
    desk.clock.seconds += 3600;
    await desk.agentWrites("codex", "a.js", A + typed + C);
    expect((await desk.origins("a.js"))[5]).toMatch(/^human/);
    await desk.write(
      "a.js",
      A +
        typed +
        C +
        typed.replaceAll("typed", "again").replaceAll("slowly", "quickly").replaceAll("somebody", "nobody"),
    );
    desk.clock.seconds -= 86_400;
    await desk.agentWrites("codex", "a.js", `${await read(desk, "a.js")}${B}`);
    expect((await desk.origins("a.js"))[70]).toMatch(/^unknown/);
  }));

test("a shell's edits of clean, dirty, new and deleted files are the shell's agent's", () =>
  atDesk(async (desk) => {
    await desk.write("dirty.js", A);
    await desk.agentShells("codex", async () => {
      await desk.write("kept.js", `${await read(desk, "kept.js")}${B}`);
      await desk.write("dirty.js", A + C);
      await desk.write("new.js", C);
    });
    expect(await desk.origins("kept.js")).toEqual([
      "unknown | kept = alpha.bravo(charlie);",
      `codex | ${B.trim()}`,
    ]);
    expect(await desk.origins("dirty.js")).toEqual([`unknown | ${A.trim()}`, `codex | ${C.trim()}`]);
    expect(await desk.origins("new.js")).toEqual([`codex | ${C.trim()}`]);
  }));

test("a failing command's edits count, a failed edit leaves nothing, and what follows it is not the agent's", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    const failed = {
      tool: "codex",
      callKey: "bad",
      files: [{ path: "a.js", proposed: ["never = written.at(all);\n"] }],
    };
    await desk.send("before", failed);
    await desk.write("a.js", A + B);
    await desk.agentWrites("codex", "a.js", A + B + C);
    const shell = { tool: "codex", action: "shell" as const, callKey: "sh" };
    await desk.send("before", shell);
    await desk.write("kept.js", `kept = alpha.bravo(charlie);\n${C}`);
    await desk.send("failed", shell);
    expect((await desk.origins("a.js"))[1]).toMatch(/^human/);
    expect((await desk.origins("kept.js"))[1]).toMatch(/^codex/);
  }));

test("what a killed edit had left behind is the agent's, as far as the call had announced it", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    await desk.send("before", { tool: "codex", callKey: "killed", files: [{ path: "a.js", proposed: [B] }] });
    await desk.write("a.js", A + B);
    await desk.agentWrites("claude-code", "a.js", A + B + C);
    expect((await desk.origins("a.js"))[1]).toMatch(/^codex/);
  }));

test("two agents at once on one file keep their own lines", () =>
  atDesk(async (desk) => {
    const first = { tool: "codex", session: "x", callKey: "1", files: [{ path: "a.js", proposed: [A] }] };
    const second = {
      tool: "claude-code",
      session: "y",
      callKey: "1",
      files: [{ path: "a.js", proposed: [B] }],
    };
    await desk.send("before", first);
    await desk.send("before", second);
    await desk.write("a.js", A);
    await desk.write("a.js", A + B);
    await desk.send("after", second);
    await desk.send("after", first);
    expect(await desk.origins("a.js")).toEqual([`codex | ${A.trim()}`, `claude-code | ${B.trim()}`]);
  }));

test("a hook that fires twice counts once, and a person's editor is believed", () =>
  atDesk(async (desk) => {
    const call = { tool: "codex", callKey: "1", files: [{ path: "a.js", proposed: [A] }] };
    await desk.send("before", call);
    await desk.send("before", call);
    await desk.write("a.js", A);
    await desk.send("after", call);
    await desk.send("after", call);
    await desk.write("b.js", B);
    await desk.send("human", { tool: "agent-v1", callKey: "", files: [{ path: "b.js", proposed: [] }] });
    expect(await desk.origins("a.js")).toEqual([`codex | ${A.trim()}`]);
    expect(await desk.origins("b.js")).toEqual([`human | ${B.trim()}`]);
    expect((await readWorkingState(desk.place)).open).toEqual([]);
  }));

test("text that comes back is its writer's again", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A + B);
    await desk.agentWrites("claude-code", "a.js", A);
    await desk.write("a.js", A + B);
    await desk.agentWrites("claude-code", "a.js", A + B + C);
    expect((await desk.origins("a.js"))[1]).toMatch(/^codex/);
  }));

test("a link is followed to the file that it changes, and a Git directory is never looked into", () =>
  atDesk(async (desk) => {
    await symlink("kept.js", join(desk.repo.path, "link.js"));
    await desk.agentWrites("codex", "link.js", `kept = alpha.bravo(charlie);\n${A}`);
    await desk.agentWrites("codex", ".git/description", "x\n");
    expect([...(await readWorkingState(desk.place)).paths.keys()]).toEqual(["kept.js"]);
  }));

test("torn and foreign lines of the journal cost themselves only, and show", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    const [segment] = await readdir(recorderFolder(desk.place.gitDir).journal);
    const path = join(recorderFolder(desk.place.gitDir).journal, segment ?? "");
    await truncate(path, (await readFile(path)).length - 20);
    await appendFile(path, '{"not": "an entry"}\n');
    await desk.agentWrites("codex", "b.js", B);
    const state = await readWorkingState(desk.place);
    expect(await desk.origins("b.js")).toEqual([`codex | ${B.trim()}`]);
    expect(state.gaps.map(({ code }) => code)).toContain("journal-damaged");
  }));

test("a snapshot that was altered is a gap and never somebody's text", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    const { snapshots } = recorderFolder(desk.place.gitDir);
    for (const group of await readdir(snapshots))
      for (const name of await readdir(join(snapshots, group)))
        await writeFile(join(snapshots, group, name), "other");
    const state = await readWorkingState(desk.place);
    expect(state.gaps.map(({ code }) => code)).toContain("snapshot-lost");
    expect(await desk.origins("a.js")).toEqual([]);
  }));

const CUTS: Readonly<Record<string, (file: string) => Promise<void>>> = {
  emptied: (file) => truncate(file),
  "cut in its first line": (file) => truncate(file, 20),
  "cut before its last line": async (file) => {
    const text = await readFile(file, "utf8");
    await truncate(file, text.trimEnd().lastIndexOf("\n"));
  },
  gone: (file) => rm(file),
};
for (const [how, cut] of Object.entries(CUTS))
  for (const isFolded of [false, true])
    test(`a journal that is ${how}${isFolded ? " after it was folded" : ""} is known to have lost something, until an event comes again`, () =>
      atDesk(async (desk) => {
        const { journal } = recorderFolder(desk.place.gitDir);
        const keep = { isCommitted: () => false };
        await desk.agentWrites("codex", "b.js", B);
        if (isFolded) await compact(desk.place, () => [], keep);
        await desk.agentWrites("codex", "a.js", A);
        expect((await readWorkingState(desk.place)).gaps).toEqual([]);
        for (const name of await readdir(journal)) await cut(join(journal, name));
        const codes = async () => (await readWorkingState(desk.place)).gaps.map(({ code }) => code);
        expect(await codes()).toContain("journal-damaged");
        await compact(desk.place, () => [], {
          isCommitted: () => true,
          keepGapsFrom: Number.POSITIVE_INFINITY,
        });
        await desk.agentWrites("codex", "a.js", A + B);
        expect(await codes()).toEqual([]);
        expect((await desk.origins("a.js")).at(-1)).toBe(`codex | ${B.trim()}`);
      }));

test("an event that cannot be kept is a loss and no error", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    const { snapshots } = recorderFolder(desk.place.gitDir);
    const sum = createHash("sha256")
      .update(A + B)
      .digest("hex");
    await writeFile(join(snapshots, sum.slice(0, 2)), "a file where a folder belongs");
    await desk.agentWrites("codex", "a.js", A + B);
    expect((await readWorkingState(desk.place)).gaps.map(({ code }) => code)).toContain("event-lost");
  }));

test("a file where a folder of the recorder belongs is put aside, and what was in the folder is known to be lost", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    const { snapshots } = recorderFolder(desk.place.gitDir);
    await rename(snapshots, `${snapshots}.moved`);
    await writeFile(snapshots, "a file where a folder belongs");
    await desk.agentWrites("codex", "a.js", A + B);
    expect((await readWorkingState(desk.place)).gaps.map(({ code }) => code)).toContain("recorder-damaged");
    expect((await desk.origins("a.js")).at(-1)).toBe("codex | two = hotel.india(juliett, kilo);");
  }));

test("folding the journal away changes nothing that is known, and late writers are not lost", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A + B);
    await desk.write("a.js", A + B.replace("kilo", "zulu"));
    await desk.agentWrites("codex", "b.js", C);
    const before = [await desk.origins("a.js"), await desk.origins("b.js")];
    await compact(desk.place, () => [], { isCommitted: () => false });
    expect([await desk.origins("a.js"), await desk.origins("b.js")]).toEqual(before);
    await desk.agentWrites("claude-code", "b.js", C + A);
    await compact(desk.place, () => [], { isCommitted: () => false });
    expect(await desk.origins("b.js")).toEqual([`codex | ${C.trim()}`, `claude-code | ${A.trim()}`]);
  }));

test("after everything is committed nothing is pending, until an agent comes again", () =>
  atDesk(async (desk) => {
    const folder = recorderFolder(desk.place.gitDir);
    await desk.agentWrites("codex", "a.js", A);
    const word = readPending(folder);
    expect(word).toBeDefined();
    await compact(desk.place, () => [], { isCommitted: (_path, content) => content === A });
    expect(readPending(folder)).toBeUndefined();
    await desk.agentWrites("codex", "a.js", A + B);
    // Somebody who read the word before that event settles nothing of it.
    settle(folder, word ?? "");
    expect(readPending(folder)).toBeDefined();
  }));
