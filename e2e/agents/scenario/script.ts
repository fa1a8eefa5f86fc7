// SPDX-License-Identifier: Apache-2.0
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chooseCall } from "../model/choose-call.ts";
import type { Conversation, ModelTurn, Play } from "../model/conversation.ts";
import type { Act, AuthorEdit, Step } from "./step.ts";
import type { Story } from "./story.ts";

/** How long the main agent is kept waiting for its sub-agent. */
const PATIENCE_MS = 30_000;

export interface Script {
  readonly play: Play;
  /** What became of the script so far. */
  readonly progress: Progress;
}

export interface Progress {
  /** Steps ordered, with the tool each was ordered from. */
  readonly ordered: Map<string, string>;
  /** What kept the script from being played. */
  readonly problems: string[];
  isDelegatedDone: boolean;
  isDone: boolean;
}

/**
 * Plays the steps to one agent. Which step comes next follows from the request alone, so a request that is sent again gets
 * the same answer; the author edits once.
 */
export function createScript(story: Story, workTree: string, subAgentType: string): Script {
  const progress: Progress = { ordered: new Map(), problems: [], isDelegatedDone: false, isDone: false };
  const edited = new Set<Step>();
  const order = (conversation: Conversation, name: string, act: Act): ModelTurn => {
    const call = chooseCall(conversation.tools, { act, workTree, subAgentType });
    if (call !== undefined) return { text: `Now: ${name}.`, call };
    const offered = conversation.tools.map((tool) => tool.name).join(", ");
    progress.problems.push(`${name}: no tool for it; there are ${offered}`);
    return { text: `I cannot do ${name}.` };
  };
  const playDelegated = (conversation: Conversation): ModelTurn => {
    const act = story.delegated[conversation.results];
    if (act !== undefined) return order(conversation, "sub-agent", act);
    progress.isDelegatedDone = true;
    return { text: "The sub-agent is done." };
  };
  const play: Play = async (conversation) => {
    if (conversation.tools.length === 0) return { text: "A title." };
    if (conversation.isDelegated) return playDelegated(conversation);
    const step = story.steps[conversation.results];
    if (story.steps[conversation.results - 1]?.act.kind === "delegate") await waitForDelegated(progress);
    if (step === undefined) {
      progress.isDone = true;
      return { text: "All done." };
    }
    if (!edited.has(step)) {
      edited.add(step);
      for (const edit of step.author ?? []) await editAsAuthor(workTree, edit);
    }
    const turn = order(conversation, step.name, step.act);
    if (turn.call !== undefined) progress.ordered.set(step.name, turn.call.tool.name);
    return turn;
  };
  return { play, progress };
}

export async function editAsAuthor(workTree: string, edit: AuthorEdit): Promise<void> {
  const path = join(workTree, edit.file);
  if ("append" in edit) return appendFile(path, edit.append);
  const text = await readFile(path, "utf8");
  if (!text.includes(edit.old)) throw new Error(`the author does not find ${edit.old} in ${edit.file}`);
  await writeFile(path, text.replace(edit.old, edit.new));
}

/** Sub-agents may go on in the background; what is committed next must hold what they wrote. */
async function waitForDelegated(progress: Progress): Promise<void> {
  for (let waited = 0; !progress.isDelegatedDone && waited < PATIENCE_MS; waited += 100)
    await new Promise((resolve) => setTimeout(resolve, 100));
  if (!progress.isDelegatedDone) progress.problems.push("sub-agent: it did not end");
}
