// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { CHECK_TOOLS, type CheckTool } from "./check-tools.ts";
import type { Texts } from "./coverage.ts";
import { resolveFrom } from "./folders.ts";
import { readWorkflowCommands, type WorkflowCommand } from "./workflow-commands.ts";

/** A check as a pipeline calls it. */
export interface CheckCall {
  readonly path: RepoPath;
  readonly tool: CheckTool;
  readonly command: WorkflowCommand;
  readonly args: readonly string[];
  /** False where the tool is only one of the words of something else, such as `xargs`, where a pipe hides that it failed, or an option what it leaves out. */
  readonly isPlain: boolean;
  /** Folder that is built into its input. */
  readonly built: string | undefined;
}

/** Calls of such tools in a pipeline; none where it cannot be read, since nobody runs it then. */
export function findCheckCalls(path: RepoPath, texts: Texts): readonly CheckCall[] {
  const text = texts.get(path);
  if (text === undefined || !/kubeconform|kubeval|conftest|\bct\s/.test(text)) return [];
  const calls = (readWorkflowCommands(text) ?? []).flatMap((command) =>
    command.stages.flatMap((stage, i) =>
      CHECK_TOOLS.flatMap((tool) => toCall(path, tool, command, stage, i)),
    ),
  );
  return calls.slice(0, MOST_CALLS);
}

/** Of one pipeline; what lies beyond makes nothing tested. */
const MOST_CALLS = 100;

const WRAPPERS = /^(?:docker|podman|xargs|find|bash|sh|for|if|while|do|then)$/;

function toCall(
  path: RepoPath,
  tool: CheckTool,
  command: WorkflowCommand,
  stage: readonly string[],
  index: number,
): readonly CheckCall[] {
  const [first = ""] = stage;
  const at = stage.findIndex((word) =>
    tool.pattern.test(word.slice(word.lastIndexOf("/") + 1).replace(/[:@].*$/, "")),
  );
  if (at < 0 || (at > 0 && !WRAPPERS.test(first))) return [];
  const rest = stage.slice(at + 1);
  const verb = tool.verb === undefined ? 0 : rest.findIndex((word) => !word.startsWith("-"));
  if (tool.verb !== undefined && !tool.verb.test(rest[verb] ?? "")) return [];
  const args = tool.verb === undefined ? rest : rest.toSpliced(verb, 1);
  const built = index === 0 ? undefined : toBuilt(command, command.stages[index - 1] ?? []);
  return [
    {
      path,
      tool,
      command,
      args,
      isPlain:
        at === 0 && index === command.stages.length - 1 && !args.some((word) => tool.weakening.test(word)),
      built,
    },
  ];
}

/** `kustomize build FOLDER` and `kubectl kustomize FOLDER` write what they were given to their output. */
function toBuilt({ folder }: WorkflowCommand, stage: readonly string[]): string | undefined {
  const [tool = "", verb = "", ...rest] = stage;
  const isBuild = (tool === "kustomize" && verb === "build") || (tool === "kubectl" && verb === "kustomize");
  const target = rest.find((word) => !word.startsWith("-")) ?? ".";
  return !isBuild || folder === undefined || /[$`*]/.test(target) ? undefined : resolveFrom(folder, target);
}
