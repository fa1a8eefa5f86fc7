// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { createDesk, type Desk } from "./agent-session.fixture.ts";

const FIRST = "first = alpha.bravo(charlie, delta);\n";
const LAST = "last = echo.foxtrot(golf, hotel);\n";
const LINE = "one = india.juliett(kilo, lima);\n";
const BY_AGENT = "one = india.juliett(papa, lima);\n";
const BY_PERSON = "one = india.juliett(quebec, lima);\n";

async function atDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  const desk = await createDesk();
  try {
    await desk.repo.commit({ message: "base", files: { "kept.js": FIRST + LINE + LAST } });
    await desk.repo.branch("agents");
    await work(desk);
  } finally {
    await desk.repo.remove();
  }
}

/** On the branch `agents` an agent changes the line, and it is committed. */
async function changeByAgent(desk: Desk): Promise<void> {
  await desk.agentWrites("codex", "kept.js", FIRST + BY_AGENT + LAST);
  await desk.repo.git(["commit", "-q", "-a", "-m", "by the agent"]);
}

/** A person changes the line to this text; the agent's next event sees it. */
async function typeLine(desk: Desk): Promise<void> {
  const text = FIRST + BY_PERSON + LAST;
  await desk.write("kept.js", text);
  await desk.agentWrites("codex", "kept.js", text);
}

const who = async (desk: Desk) => (await desk.origins("kept.js")).map((line) => line.split(" |")[0]);

test("a line that a person changes after a checkout is changed from what that branch has, not from what an agent made of it on another", () =>
  atDesk(async (desk) => {
    await changeByAgent(desk);
    await desk.repo.git(["checkout", "-q", "main"]);
    await typeLine(desk);
    expect(await who(desk)).toEqual(["unknown", "human", "unknown"]);
  }));

test("nor is what a person had made of it there, in a commit that nobody saw, the agent's", () =>
  atDesk(async (desk) => {
    await desk.repo.git(["checkout", "-q", "main"]);
    await desk.repo.commit({ message: "by a person", files: { "kept.js": FIRST + BY_PERSON + LAST } });
    await desk.repo.git(["checkout", "-q", "-f", "agents"]);
    await changeByAgent(desk);
    await desk.repo.git(["checkout", "-q", "main"]);
    await desk.agentWrites("codex", "kept.js", FIRST + BY_PERSON + LAST);
    expect(await who(desk)).toEqual(["unknown", "unknown", "unknown"]);
  }));

test("nor is it where the file stands under another name by the time that anybody looks", () =>
  atDesk(async (desk) => {
    await changeByAgent(desk);
    await desk.repo.git(["checkout", "-q", "main"]);
    await desk.repo.git(["mv", "kept.js", "moved.js"]);
    await desk.write("moved.js", FIRST + BY_PERSON + LAST);
    await desk.agentShells("codex", () => desk.write("beside.js", LAST));
    expect((await desk.origins("moved.js")).map((line) => line.split(" |")[0])).not.toContain("codex edited");
  }));

test("where the branch has the agent's line too, whoever changes it changes the agent's", () =>
  atDesk(async (desk) => {
    await changeByAgent(desk);
    await desk.repo.git(["checkout", "-q", "-b", "third"]);
    await desk.repo.commit({ message: "more", files: { "kept.js": `${FIRST}${BY_AGENT}${LAST}more();\n` } });
    await desk.repo.git(["checkout", "-q", "-f", "agents"]);
    await desk.repo.git(["checkout", "-q", "third"]);
    const text = `${FIRST}${BY_PERSON}${LAST}more();\n`;
    await desk.write("kept.js", text);
    await desk.agentWrites("codex", "kept.js", text);
    expect(await who(desk)).toEqual(["unknown", "codex edited", "unknown", "unknown"]);
  }));

test.each([
  ["another branch that has the file as it was", ["checkout", "-q", "same"]],
  ["a branch with another form of the file, merged into it", ["checkout", "-q", "-m", "other"]],
])("what an agent wrote and nobody committed goes along to %s, and stays the agent's", (_, command) =>
  atDesk(async (desk) => {
    const { repo } = desk;
    await repo.branch("same", "main");
    await repo.commit({ message: "beside", files: { "beside.js": LAST } });
    await repo.branch("other", "main");
    await repo.commit({ message: "more", files: { "kept.js": `${FIRST}${LINE}${LAST}${LAST}` } });
    await repo.git(["checkout", "-q", "-f", "main"]);
    await desk.agentWrites("codex", "kept.js", FIRST + BY_AGENT + LAST);
    await repo.git(command);
    await typeLine(desk);
    expect(await who(desk)).toEqual(["unknown", "codex edited", "unknown"]);
  }),
);

test("a reset that may have left the file as it was brings nothing: what a person changes is the agent's line", () =>
  atDesk(async (desk) => {
    await changeByAgent(desk);
    await desk.repo.git(["reset", "-q", "--mixed", "HEAD~1"]);
    await typeLine(desk);
    expect(await who(desk)).toEqual(["unknown", "codex edited", "unknown"]);
  }));
