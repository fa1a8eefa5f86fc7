// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { createDesk, type Desk, read } from "./agent-session.fixture.ts";
import { readWorkingState } from "./read-working-state.ts";

const A = "one = delta.echo(foxtrot, golf);\n";
const B = "two = hotel.india(juliett, kilo);\n";
const C = "three = lima.mike(november, oscar);\n";
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

/** A branch `other` with a line of somebody else's in kept.js, and the work tree back on main. */
async function makeOther(desk: Desk): Promise<void> {
  await desk.repo.branch("other");
  await desk.repo.commit({ message: "theirs", files: { "kept.js": KEPT + B } });
  await desk.repo.checkout("main");
}

test("a merge, a pull or a checkout inside an agent's command brings lines that are not the agent's", () =>
  atDesk(async (desk) => {
    await makeOther(desk);
    await desk.agentShells("codex", async () => {
      await desk.repo.git(["merge", "-q", "--ff-only", "other"]);
      await desk.write("kept.js", `${await read(desk, "kept.js")}${C}`);
    });
    expect(await who(desk, "kept.js")).toEqual(["unknown", "unknown", "codex"]);
  }));

test("a conflict that an agent's merge leaves holds the other side's lines as nobody's", () =>
  atDesk(async (desk) => {
    await makeOther(desk);
    await desk.repo.commit({ message: "ours", files: { "kept.js": KEPT + A } });
    await desk.agentShells("codex", async () => {
      await desk.repo.tryGit(["merge", "-q", "other"]);
    });
    const known = await desk.origins("kept.js");
    expect(known.filter((line) => line.startsWith("codex"))).toEqual([]);
    expect(known.some((line) => line.includes("juliett"))).toBe(true);
  }));

test("a stash that an agent pops is not the agent's work, and a person's typing in it stays a person's", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("claude-code", "kept.js", KEPT + A);
    await desk.write("kept.js", KEPT + A + B);
    await desk.repo.git(["stash", "-q"]);
    await desk.agentShells("codex", async () => {
      await desk.repo.git(["stash", "pop", "-q"]);
    });
    expect(await who(desk, "kept.js")).toEqual(["unknown", "claude-code", "unknown"]);
  }));

test("a squash that a person stages has nobody's lines until records tell", () =>
  atDesk(async (desk) => {
    await desk.agentWrites("claude-code", "kept.js", `${KEPT}${C}`);
    await desk.repo.git(["checkout", "-q", "--", "kept.js"]);
    await makeOther(desk);
    await desk.agentWrites("codex", "a.js", A);
    await desk.agentWrites("codex", "kept.js", `${KEPT}`);
    await desk.repo.git(["merge", "-q", "--squash", "other"]);
    await desk.agentWrites("codex", "kept.js", `${KEPT}${B}${C}`);
    expect(await who(desk, "kept.js")).toEqual(["unknown", "unknown", "claude-code"]);
  }));

test("an editor that reports a person's typing in the middle of a merge reports none of what the merge brought", () =>
  atDesk(async (desk) => {
    await makeOther(desk);
    await desk.repo.commit({ message: "ours", files: { "a.js": A } });
    await desk.agentWrites("codex", "kept.js", KEPT);
    await desk.repo.git(["merge", "-q", "--no-commit", "other"]);
    await desk.write("kept.js", KEPT + B + C);
    await desk.send("human", { tool: "editor", callKey: "", files: [{ path: "kept.js", proposed: [] }] });
    expect(await who(desk, "kept.js")).toEqual(["unknown", "unknown", "human"]);
  }));

test("a branch that a person checks out brings nothing that the person typed, and typing after it is", () =>
  atDesk(async (desk) => {
    await makeOther(desk);
    await desk.agentWrites("codex", "kept.js", `${KEPT}${A}`);
    await desk.repo.git(["checkout", "-q", "--", "kept.js"]);
    await desk.repo.checkout("other");
    await desk.write("kept.js", KEPT + B + C);
    await desk.agentWrites("codex", "kept.js", KEPT + B + C);
    expect(await who(desk, "kept.js")).toEqual(["unknown", "unknown", "human"]);
  }));

test("a commit that the agent's own command makes is the agent's, merges are not", () =>
  atDesk(async (desk) => {
    await desk.agentShells("codex", async () => {
      await desk.write("kept.js", KEPT + A);
      await desk.repo.git(["commit", "-q", "-a", "-m", "by the agent"]);
      await desk.write("kept.js", KEPT + A + B);
    });
    expect((await who(desk, "kept.js")).at(-1)).toBe("codex");
    expect((await readWorkingState(desk.place)).gaps).toEqual([]);
  }));
