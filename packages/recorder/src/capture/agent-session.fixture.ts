// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentEvent, EventPhase } from "@countersign/core/attribution";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { findWorkTree, type WorkTreePlace } from "./find-work-tree.ts";
import { readWorkingState } from "./read-working-state.ts";
import { recordEvent } from "./record-event.ts";

/** A repository in which agents and people work in turns; time passes only when told. */
export interface Desk {
  readonly repo: TestRepository;
  readonly place: WorkTreePlace;
  readonly clock: { seconds: number };
  readonly write: (file: string, text: string) => Promise<void>;
  /** Sends one event of an agent's call. */
  readonly send: (phase: EventPhase, call: Partial<AgentEvent>) => Promise<void>;
  /** An agent's edit of one file to this text, between its two events. */
  readonly agentWrites: (tool: string, file: string, text: string) => Promise<void>;
  readonly agentShells: (tool: string, act: () => Promise<void>) => Promise<void>;
  /** `ai tool | text` lines of what is known of a file now. */
  readonly origins: (file: string) => Promise<readonly string[]>;
}

export async function createDesk(): Promise<Desk> {
  const repo = await createRepository();
  await repo.commit({ message: "start", files: { "kept.js": "kept = alpha.bravo(charlie);\n" } });
  return toDesk(repo);
}

export function toDesk(repo: TestRepository): Desk {
  const place = findWorkTree(repo.path);
  if (place === undefined) throw new Error("no work tree");
  const clock = { seconds: 1_767_300_000 };
  let calls = 0;
  const write = (file: string, text: string) => writeFile(join(repo.path, file), text);
  const send = async (phase: EventPhase, call: Partial<AgentEvent>) => {
    await recordEvent({ ...CALL, cwd: repo.path, phase, ...call }, { now: () => clock.seconds });
  };
  return {
    repo,
    place,
    clock,
    write,
    send,
    agentWrites: async (tool, file, text) => {
      const call = {
        tool,
        action: "edit" as const,
        callKey: `c${calls++}`,
        files: [{ path: file, proposed: [text] }],
      };
      await send("before", call);
      await write(file, text);
      await send("after", call);
    },
    agentShells: async (tool, act) => {
      const call = { tool, action: "shell" as const, callKey: `c${calls++}` };
      await send("before", call);
      await act();
      await send("after", call);
    },
    origins: async (file) => {
      const state = (await readWorkingState(place)).paths.get(file);
      return (state?.present.lines ?? []).map((line, index) => {
        const origin = state?.present.origins[index];
        const who =
          origin?.kind === "ai"
            ? `${origin.agent.tool}${origin.extent === "edited" ? " edited" : ""}`
            : origin?.kind;
        return `${who} | ${line.trimEnd()}`;
      });
    },
  };
}

const CALL: AgentEvent = {
  tool: "claude-code",
  session: "s1",
  subAgent: null,
  phase: "before",
  action: "edit",
  callKey: "c",
  cwd: "",
  files: [],
  folders: [],
  model: "claude-opus-4-8",
};

export async function read(desk: Desk, file: string): Promise<string> {
  return readFile(join(desk.repo.path, file), "utf8");
}
