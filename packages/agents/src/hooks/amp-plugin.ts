// SPDX-License-Identifier: Apache-2.0

/**
 * The plugin that Amp loads; after its documentation, not run. Amp demands the first line. A call is always allowed, and a
 * call that failed is reported as such.
 */
export function ampPlugin(words: readonly string[]): string {
  return `// @i-know-the-amp-plugin-api-is-wip-and-very-experimental-right-now
// Written by countersign init: tells countersign-record which files Amp changes. Removed by countersign init --uninstall.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const COMMAND = ${JSON.stringify(words)};
const TOOLS = /^(?:Write|Edit|MultiEdit|create_file|edit_file|apply_patch|undo_edit|format_file|Bash|shell_command)$/;
const LIMIT = 10000;

function send(payload) {
  return new Promise((resolve) => {
    let timer;
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    try {
      const child = spawn(COMMAND[0], COMMAND.slice(1), { stdio: ["pipe", "ignore", "ignore"] });
      timer = setTimeout(() => {
        child.kill();
        done();
      }, LIMIT);
      child.on("error", done);
      child.on("close", done);
      child.stdin.on("error", () => {});
      child.stdin.end(JSON.stringify(payload));
    } catch {
      done();
    }
  });
}

export default function countersignRecord(amp) {
  const open = new Map();
  const filesOf = (event) => {
    try {
      return (amp.helpers?.filesModifiedByToolCall?.(event) ?? []).map((uri) => fileURLToPath(uri.toString()));
    } catch {
      return [];
    }
  };
  amp.on("tool.call", async (event) => {
    try {
      if (TOOLS.test(event.tool)) {
        const call = {
          tool_use_id: event.toolUseID,
          thread_id: event.thread?.id ?? event.threadID,
          tool_name: event.tool,
          tool_input: event.input,
          edited_filepaths: filesOf(event),
          cwd: process.cwd(),
        };
        open.set(event.toolUseID, call);
        await send({ hook_event_name: "PreToolUse", ...call });
      }
    } catch {}
    return { action: "allow" };
  });
  amp.on("tool.result", async (event) => {
    try {
      const call = open.get(event.toolUseID);
      if (!call) return;
      open.delete(event.toolUseID);
      const name = event.status === "done" ? "PostToolUse" : "PostToolUseFailure";
      await send({ hook_event_name: name, ...call });
    } catch {}
  });
}
`;
}
