// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { createTemplate, type FaultDesk } from "../faults/fault-desk.fixture.ts";
import { ai, toLine, unknown } from "../scenarios/scenario.fixture.ts";

/** What Gemini CLI puts around every command. */
const HOOKS_OFF =
  "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0= GIT_CONFIG_GLOBAL=/dev/null";

async function geminiRuns(desk: FaultDesk, line: string, meanwhile = async () => {}) {
  const payload = (event: string) =>
    JSON.stringify({
      ...{ session_id: "s-1", transcript_path: join(desk.path, "none.jsonl"), cwd: desk.path },
      ...{ hook_event_name: event, timestamp: "2026-11-22T19:18:45.853Z", tool_name: "run_shell_command" },
      ...{ tool_input: { command: "make" } },
      ...(event === "AfterTool"
        ? { tool_response: { llmContent: "Output: (empty)", returnDisplay: "" } }
        : {}),
    });
  await desk.record("gemini-cli", payload("BeforeTool"));
  const ran = await desk.agent.run(line);
  expect(ran.exitCode, ran.stderr).toBe(0);
  await meanwhile();
  await desk.record("gemini-cli", payload("AfterTool"));
}

/** Nobody reads anything: what the event left behind must do it. */
async function waitForRecord(desk: FaultDesk, commit: string): Promise<string> {
  const path = `refs/countersign/records:${commit.slice(0, 2)}/${commit.slice(2)}`;
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await setTimeout(50)) {
    const listed = await desk.tryGit(["ls-tree", "--name-only", path]);
    if (listed !== "") return desk.git(["cat-file", "-p", `${path}/${listed}`]);
  }
  throw new Error("no record came");
}

test("a command that edits and commits with Git's hooks switched off: record and note come by themselves", async () => {
  await using template = await createTemplate();
  await using desk = await template.open();
  const add = (tag: string, file: string) => `echo '${toLine(tag)}' >> ${file}`;
  const commit = `${HOOKS_OFF} git commit -q -a -m 'by gemini'`;
  await geminiRuns(desk, `${add("fresh", "new.js")}; ${add("more", "base.js")}; git add -A; ${commit}`);
  const id = await desk.git(["rev-parse", "HEAD"]);
  const record = JSON.parse(await waitForRecord(desk, id));
  expect(record.agents).toMatchObject([{ tool: "gemini-cli" }]);
  const gaps = record.coverage.gaps.map(({ code }: { code: string }) => code);
  expect(gaps).toEqual(["hook-missing", "trailer-missing"]);
  expect(record.coverage.gaps[1].message).toContain("AI-Assisted: gemini-cli/");
  expect(await desk.origins("new.js")).toEqual([ai("fresh", "gemini-cli")]);
  expect(await desk.origins("base.js")).toEqual([unknown("base"), ai("more", "gemini-cli")]);
  expect(await desk.git(["notes", "--ref=ai", "show", id])).toContain("new.js\n");
  expect((await desk.doctorAll()).join("\n")).toMatch(/trailer.*AI-Assisted: gemini-cli/);
});

test("a command that only takes another branch's commits wrote none of them", async () => {
  await using template = await createTemplate(async (desk) => {
    await desk.git(["checkout", "-q", "-b", "side"]);
    await desk.write("side.js", ["theirs"]);
    await desk.commit("theirs");
    await desk.git(["checkout", "-q", "main"]);
  });
  await using desk = await template.open();
  await geminiRuns(desk, `${HOOKS_OFF} git merge -q --no-edit side; ${HOOKS_OFF} git checkout -q side`);
  expect(await desk.origins("side.js")).toEqual([unknown("theirs")]);
});

test("somebody who looks while the command is still running does not make its commit nobody's", async () => {
  await using template = await createTemplate(async (desk) => {
    await desk.write("numbers.js", ["one", "two", "three"]);
    await desk.commit("before any agent");
  });
  await using desk = await template.open();
  const edit = (tag: string) => `sed -i "s/^${tag} = .*/$(echo '${toLine(`${tag}~`)}')/" numbers.js`;
  await geminiRuns(desk, `${edit("two")}; ${HOOKS_OFF} git commit -q -a -m 'by gemini'`);
  await waitForRecord(desk, await desk.git(["rev-parse", "HEAD"]));
  const amend = `${edit("three")}; ${HOOKS_OFF} git commit -q -a --amend --no-edit`;
  await geminiRuns(desk, amend, () => desk.flush());
  const gemini = (tag: string) => ai(tag, "gemini-cli");
  expect(await desk.origins("numbers.js")).toEqual([unknown("one"), gemini("two"), gemini("three")]);
  expect(await desk.git(["notes", "--ref=ai", "show", "HEAD"])).toMatch(/^numbers\.js\n {2}s_\S+ 2-3\n---/);
});
