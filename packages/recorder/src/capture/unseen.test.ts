// SPDX-License-Identifier: Apache-2.0
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createDesk, type Desk, read } from "./agent-session.fixture.ts";
import { foldJournal } from "./fold-journal.ts";
import { startFold } from "./fold-state.ts";
import { hasEnded } from "./has-ended.ts";
import { appendEntry, readJournal } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { writeLoss } from "./losses.ts";
import { readWorkingState } from "./read-working-state.ts";
import { recorderFolder } from "./recorder-folder.ts";
import { NO_STATE } from "./working-state.ts";

const A = "one = delta.echo(foxtrot, golf);\n";
const B = "two = hotel.india(juliett, kilo);\n";
const C = "three = lima.mike(november, oscar);\n";
const D = "four = papa.quebec(romeo, sierra);\n";
const KEPT = "kept = alpha.bravo(charlie);\n";

async function atDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  const desk = await createDesk();
  try {
    await work(desk);
  } finally {
    await desk.repo.remove();
  }
}

const who = async (desk: Desk, file: string) => (await desk.origins(file)).map((line) => line.split(" |")[0]);
const gapsOf = async (desk: Desk) => (await readWorkingState(desk.place)).gaps.map(({ code }) => code);

test("what an edit had written when its conversation ended without a report is the agent's", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    await desk.send("before", { tool: "codex", callKey: "x", files: [{ path: "a.js", proposed: [B] }] });
    await desk.write("a.js", A + B);
    await desk.send("session", { tool: "codex", callKey: "", isFinal: true });
    await desk.write("a.js", A + B + C);
    await desk.agentWrites("claude-code", "a.js", A + B + C + D);
    expect(await who(desk, "a.js")).toEqual(["codex", "codex", "human", "claude-code"]);
  }));

test("a command that ended without a report leaves the next change to nobody, and the one after it to a person", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    await desk.send("before", { tool: "codex", action: "shell", callKey: "x" });
    await desk.write("a.js", A + B);
    await desk.send("session", { tool: "codex", callKey: "", isFinal: true });
    await desk.agentWrites("codex", "a.js", A + B + C);
    await desk.write("a.js", A + B + C + D);
    await desk.agentWrites("codex", "a.js", A + B + C + D);
    expect(await who(desk, "a.js")).toEqual(["codex", "unknown", "codex", "human"]);
    expect(await gapsOf(desk)).toContain("after-missing");
  }));

test("the lost beginning of a call makes nothing human and nothing the agent's that it did not announce", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    await desk.write("a.js", A + B);
    await desk.write("a.js", A + B + C);
    await desk.send("after", { tool: "codex", callKey: "lost", files: [{ path: "a.js", proposed: [C] }] });
    expect(await who(desk, "a.js")).toEqual(["codex", "unknown", "codex"]);
    expect(await gapsOf(desk)).toContain("before-missing");
  }));

test("the lost beginning of a whole file written anew gives the agent nothing that somebody may have typed meanwhile", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    await desk.write("a.js", A + B);
    await desk.write("a.js", A + B + C);
    const files = [{ path: "a.js", proposed: [A + B + C] }];
    await desk.send("after", { tool: "codex", callKey: "lost", files });
    expect(await who(desk, "a.js")).toEqual(["codex", "unknown", "unknown"]);
    expect(await gapsOf(desk)).toContain("before-missing");
  }));

test("the lost beginning of a whole file written anew gives the agent nothing that HEAD has already", () =>
  atDesk(async (desk) => {
    await desk.write("kept.js", KEPT + A);
    const files = [{ path: "kept.js", proposed: [KEPT + A] }];
    await desk.send("after", { tool: "codex", callKey: "lost", files });
    expect(await who(desk, "kept.js")).toEqual(["unknown", "codex"]);
    expect(await gapsOf(desk)).toContain("before-missing");
  }));

test("of a text that an editor has not saved yet only what HEAD lacks is the agent's that reports it", () =>
  atDesk(async (desk) => {
    const files = [{ path: "kept.js", after: KEPT + A, proposed: [] }];
    await desk.send("after", { tool: "cursor", callKey: "", files });
    await desk.write("kept.js", KEPT + A);
    await desk.agentWrites("codex", "kept.js", KEPT + A + B);
    expect(await who(desk, "kept.js")).toEqual(["unknown", "cursor", "codex"]);
  }));

test("an agent that reports after its edits only is believed", () =>
  atDesk(async (desk) => {
    await desk.write("kept.js", KEPT + A);
    await desk.send("after", { tool: "cursor", callKey: "", files: [{ path: "kept.js", proposed: [A] }] });
    expect(await who(desk, "kept.js")).toEqual(["unknown", "cursor"]);
    expect(await gapsOf(desk)).toEqual([]);
  }));

test("after a loss the next change is nobody's, however small", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    writeLoss(recorderFolder(desk.place.gitDir), { code: "event-lost", message: "lost", at: 1 });
    await desk.write("a.js", A + B);
    await desk.agentWrites("codex", "a.js", A + B + C);
    await desk.write("a.js", A + B + C + D);
    await desk.agentWrites("codex", "a.js", A + B + C + D);
    expect(await who(desk, "a.js")).toEqual(["codex", "unknown", "codex", "human"]);
    expect(await gapsOf(desk)).toEqual(["event-lost"]);
  }));

test("a hook that was killed after it had begun shows, and one that is running does not", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    const start = {
      version: 1 as const,
      phase: "start" as const,
      tool: "codex",
      at: Math.floor(Date.now() / 1000),
    };
    const folder = recorderFolder(desk.place.gitDir);
    appendEntry(folder, { ...start, id: "running", pid: process.pid });
    expect(await gapsOf(desk)).toEqual([]);
    appendEntry(folder, { ...start, id: "killed", pid: 2 ** 22 + 1 });
    await desk.write("a.js", A + B);
    await desk.agentWrites("codex", "a.js", A + B + C);
    expect(await gapsOf(desk)).toEqual(["hook-killed"]);
    expect(await who(desk, "a.js")).toEqual(["codex", "unknown", "codex"]);
  }));

test("a hook that wrote its entry and ended while the journal was being folded was not killed", () =>
  atDesk(async (desk) => {
    const folder = recorderFolder(desk.place.gitDir);
    await desk.agentWrites("codex", "a.js", A);
    const gone = { version: 1 as const, phase: "start" as const, tool: "codex", pid: 2 ** 22 + 1 };
    const at = Math.floor(Date.now() / 1000);
    appendEntry(folder, { ...gone, id: "quick", at });
    const before = readJournal(folder, {});
    const [entry] = before.lines.flatMap((line) => (line.entry.phase === "start" ? [] : [line.entry]));
    appendEntry(folder, { ...(entry as JournalEntry), id: "quick" });
    const nothing = { snapshot: () => "", blob: () => "", blobAt: () => null, headMoves: () => [] };
    const contents = { ...nothing, isThere: () => true };
    const fold = startFold(NO_STATE, contents);
    foldJournal(fold, before, [], (id) => hasEnded(folder, id));
    expect([fold.gaps, fold.started.map(({ id }) => id)]).toEqual([[], ["quick"]]);
    expect(await gapsOf(desk)).toEqual([]);
  }));

test("what a person types while an edit waits for leave is not the agent's", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    const call = { tool: "codex", callKey: "w", files: [{ path: "a.js", proposed: [B] }] };
    await desk.send("before", call);
    desk.clock.seconds += 30;
    await desk.write("a.js", A + C + B);
    await desk.send("after", call);
    expect(await who(desk, "a.js")).toEqual(["codex", "unknown", "codex"]);
  }));

test("a payload's own text before the call tells the person's line from the agent's", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("codex", "a.js", A);
    const call = { tool: "claude-code", callKey: "w" };
    await desk.send("before", { ...call, files: [{ path: "a.js", proposed: [B] }] });
    desk.clock.seconds += 30;
    await desk.write("a.js", A + C + B);
    const told = { path: "a.js", before: A + C, after: A + C + B, proposed: [B] };
    await desk.send("after", { ...call, files: [told] });
    expect(await who(desk, "a.js")).toEqual(["codex", "human", "claude-code"]);
  }));

test("an agent's call that names the model late has that model", () =>
  atDesk(async (desk) => {
    const call = { callKey: "m", files: [{ path: "a.js", proposed: [A] }] };
    await desk.send("before", { ...call, model: null });
    await desk.write("a.js", A);
    await desk.send("after", { ...call, model: "claude-sonnet-4-5" });
    const [origin] = (await readWorkingState(desk.place)).paths.get("a.js")?.present.origins ?? [];
    expect(origin).toMatchObject({ kind: "ai", agent: { model: "claude-sonnet-4-5" } });
  }));

test("a shell that deletes, reverts and moves files is seen to do so", () =>
  atDesk(async (desk) => {
    const path = (name: string) => join(desk.repo.path, name);
    await desk.agentWrites("codex", "gone.js", A);
    await desk.agentWrites("codex", "moved.js", A + B + C);
    await desk.agentWrites("codex", "kept.js", KEPT + D);
    await desk.agentShells("claude-code", async () => {
      await rm(path("gone.js"));
      await rename(path("moved.js"), path("elsewhere.js"));
      await desk.write("elsewhere.js", `${await read(desk, "elsewhere.js")}${D}`);
      await desk.repo.git(["checkout", "-q", "--", "kept.js"]);
    });
    const { paths } = await readWorkingState(desk.place);
    expect(paths.get("gone.js")?.sum).toBeNull();
    expect(paths.get("gone.js")?.touched.map(({ tool }) => tool)).toEqual(["codex", "claude-code"]);
    expect(await who(desk, "elsewhere.js")).toEqual(["codex", "codex", "codex", "claude-code"]);
    expect(await who(desk, "kept.js")).toEqual(["unknown"]);
    await desk.write("kept.js", KEPT + D);
    await desk.agentWrites("claude-code", "kept.js", KEPT + D + A);
    expect(await who(desk, "kept.js")).toEqual(["unknown", "codex", "claude-code"]);
  }));

test("a file as HEAD had it that a shell moves stays nobody's, and its own line the shell's", () =>
  atDesk(async (desk) => {
    const text = KEPT + A + B + C;
    await desk.repo.commit({ message: "more", files: { "kept.js": text } });
    await desk.agentShells("codex", async () => {
      await desk.repo.git(["mv", "kept.js", "moved.js"]);
      await desk.write("moved.js", text + D);
    });
    expect(await who(desk, "moved.js")).toEqual(["unknown", "unknown", "unknown", "unknown", "codex"]);
  }));
