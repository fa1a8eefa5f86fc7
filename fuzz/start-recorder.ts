// SPDX-License-Identifier: Apache-2.0
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AgentEvent } from "@countersign/core/attribution";
import { openRepository } from "@countersign/git";
import { type AttributedLine, blameFile, flushPresence, recordEvent } from "@countersign/recorder";
import {
  createRepository,
  createTemporaryFolder,
  openTestRepository,
  type TestRepository,
} from "@countersign/testkit";
import type { BlamedFile, BlamedLine, Recorder, RecorderFactory } from "./recorder.ts";

const run = promisify(execFile);

/**
 * The product in repositories: Git's hooks installed by its own command and run by Git, agents' events given to the recorder in
 * this process. `init` runs once and its repository is copied: nothing but starts of programs is saved.
 */
export async function prepareRecorder(bundle: string): Promise<RecorderFactory> {
  const template = await createRepository();
  const environment = { ...template.environment, HOME: template.path };
  await run(process.execPath, [bundle, "init", "--no-agents", "--repo", template.path], { env: environment });
  return {
    createRepository: async () => {
      const folder = await createTemporaryFolder();
      const path = join(folder.path, "repo");
      // Times too: a loss is told by that of a file. Not by Node, whose own copying stood still once in 600 histories.
      await run("cp", ["-a", template.path, path]);
      return openTestRepository(path, folder.remove);
    },
    start,
    [Symbol.asyncDispose]: template.remove,
  };
}

async function start(repo: TestRepository): Promise<Recorder> {
  // What is asked here of a repository never changes: where it lies, its format, that it is whole.
  const repository = await openRepository(repo.path);
  let calls = 0;
  const around = async (event: Partial<AgentEvent>, act: () => Promise<void>): Promise<void> => {
    const clock = { now: () => Math.floor(Date.now() / 1000) };
    const whole: AgentEvent = { ...CALL, cwd: repo.path, callKey: `call-${calls++}`, ...event };
    await recordEvent({ ...whole, phase: "before" }, clock);
    await act();
    await recordEvent({ ...whole, phase: "after" }, clock);
  };
  return {
    aroundEdit: (tool, file, act) =>
      around({ tool, session: `${tool}-1`, action: "edit", files: [{ path: file, proposed: [] }] }, act),
    aroundShell: (tool, act) => around({ tool, session: `${tool}-1`, action: "shell" }, act),
    blame: async (commit, files) => {
      await flushPresence(repository);
      const blamed: BlamedFile[] = [];
      for (const path of files) {
        const now = Math.floor(Date.now() / 1000);
        const { lines } = await blameFile({ repository, path, revision: commit, ranges: [], now });
        blamed.push({ file: path, lines: lines.map(toBlamedLine) });
      }
      return blamed;
    },
  };
}

function toBlamedLine({ content, origin }: AttributedLine): BlamedLine {
  return { text: content, origin: origin.kind, tool: origin.kind === "ai" ? origin.agent.tool : null };
}

const CALL: AgentEvent = {
  tool: "",
  session: "",
  subAgent: null,
  phase: "before",
  action: "edit",
  callKey: "",
  cwd: "",
  files: [],
  folders: [],
  model: "model-1",
};
