// SPDX-License-Identifier: Apache-2.0
import { AgentError } from "../agent-error.ts";
import { type HookCommand, MARK } from "./hook-descriptor.ts";

/**
 * The command a hook runs. It ends well even if Node or the script is gone: several agents take a failing hook for a
 * refusal of what they were about to do.
 * @throws AgentError CONFIG_UNSUPPORTED if nothing in it says that it is ours
 */
export function hookCommand(recorder: readonly string[], agent: string, isWindows: boolean): HookCommand {
  const words = [...recorder, agent];
  if (!recorder.some((word) => word.includes(MARK)))
    throw new AgentError("CONFIG_UNSUPPORTED", `the recorder's command does not contain "${MARK}"`);
  if (words.some((word) => /[\0\r\n]/.test(word)))
    throw new AgentError("CONFIG_UNSUPPORTED", "the recorder's command holds a line end");
  const shell = isWindows
    ? words.map(quoteWindows).join(" ")
    : `${words.map(quotePosix).join(" ")} || exit 0`;
  return { words, shell, powershell: `& ${words.map(quotePowershell).join(" ")}; exit 0` };
}

export function quotePosix(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** No path of Windows holds a quotation mark. */
function quoteWindows(word: string): string {
  return /^[\w./:\\@+=-]+$/.test(word) ? word : `"${word.replaceAll('"', "")}"`;
}

function quotePowershell(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}
