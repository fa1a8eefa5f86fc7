// SPDX-License-Identifier: Apache-2.0
import type { Act } from "../scenario/step.ts";
import type { OfferedTool, ToolCall } from "./conversation.ts";
import { type ArgumentContext, fillArguments } from "./fill-arguments.ts";
import { toPatch } from "./to-patch.ts";

/** What agents call their tools, by kind of act; the first that is offered is used. */
const NAMES: Readonly<Record<Act["kind"], readonly string[]>> = {
  read: ["Read", "read_file", "read", "view", "read_files"],
  write: ["Write", "write_file", "write", "create", "create_file", "editor", "apply_patch"],
  edit: ["Edit", "replace", "edit", "str_replace", "edit_file", "editor", "apply_patch"],
  shell: ["Bash", "run_shell_command", "bash", "exec_command", "shell_command", "shell", "run_commands"],
  delegate: ["Agent", "Task", "invoke_agent", "agent", "task", "spawn_agent", "spawn_subagent"],
};

/** The call of an offered tool that does this act; undefined if none can. */
export function chooseCall(tools: readonly OfferedTool[], context: ArgumentContext): ToolCall | undefined {
  const { act } = context;
  const tool = NAMES[act.kind].map((name) => tools.find((offered) => offered.name === name)).find(Boolean);
  if (tool !== undefined) return { tool, input: toInput(tool, context) };
  if (act.kind === "read")
    return chooseCall(tools, { ...context, act: { kind: "shell", command: `cat ${act.file}` } });
  const search = tools.find(({ name }) => name === "tool_search");
  if (act.kind === "delegate" && search !== undefined)
    return { tool: search, input: { query: "spawn a sub-agent", limit: 8 } };
  const program = tools.find(({ name, schema }) => name === "exec" && schema === undefined);
  return program && { tool: program, input: toProgram(act) };
}

function toInput(tool: OfferedTool, context: ArgumentContext): ToolCall["input"] {
  const { act } = context;
  if (tool.schema !== undefined) return fillArguments(tool.schema, context);
  return act.kind === "write" || act.kind === "edit" ? toPatch(act) : "";
}

/** Codex's "code mode": one tool that runs JavaScript, in which the other tools are functions. */
function toProgram(act: Act): string {
  const call =
    act.kind === "write" || act.kind === "edit"
      ? `apply_patch(${JSON.stringify(toPatch(act))})`
      : `exec_command(${JSON.stringify({ cmd: act.kind === "shell" ? act.command : "true" })})`;
  return `const result = await tools.${call};\ntext(result);\n`;
}
