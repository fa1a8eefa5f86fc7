// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import type { Act } from "../scenario/step.ts";
import type { JsonSchema } from "./conversation.ts";
import { toPatch } from "./to-patch.ts";

export interface ArgumentContext {
  readonly act: Act;
  /** Absolute top of the work tree. */
  readonly workTree: string;
  /** Kind of sub-agent to ask for where the schema does not list any. */
  readonly subAgentType: string;
}

type Filler = (context: ArgumentContext, schema: JsonSchema) => unknown;

/** What agents call their arguments, without case and underscores. */
const FILLERS: ReadonlyMap<string, Filler> = new Map([
  ...entries(["filepath", "path", "absolutepath", "targetfile"], absolutePath),
  ...entries(["filepaths", "paths", "files"], (context, { items }) => {
    const path = absolutePath(context);
    return [items?.type === "object" ? { path } : path];
  }),
  ...entries(["content", "contents", "filetext"], ({ act }) =>
    act.kind === "write" ? act.content : undefined,
  ),
  ...entries(["oldstring", "oldstr", "oldtext"], ({ act }) => (act.kind === "edit" ? act.old : undefined)),
  ...entries(["newstring", "newstr"], ({ act }) => (act.kind === "edit" ? act.new : undefined)),
  ...entries(["newtext"], ({ act }) =>
    act.kind === "edit" ? act.new : act.kind === "write" ? act.content : undefined,
  ),
  ...entries(["command", "cmd"], ({ act }, schema) => {
    if (act.kind === "shell") return schema.type === "array" ? ["bash", "-lc", act.command] : act.command;
    return act.kind === "write" ? "create" : "str_replace";
  }),
  ...entries(["commands"], ({ act }) => (act.kind === "shell" ? [act.command] : undefined)),
  ...entries(["input", "patch", "patchtext"], ({ act }) =>
    act.kind === "write" || act.kind === "edit" ? toPatch(act) : undefined,
  ),
  ...entries(["prompt", "message", "query", "task", "request"], ({ act }, schema) => {
    if (act.kind !== "delegate") return undefined;
    return schema.type === "array" ? [act.task] : act.task;
  }),
  ...entries(["subagenttype", "agenttype", "agentname"], ({ subAgentType }, schema) =>
    schema.enum === undefined
      ? subAgentType
      : (schema.enum.find((name) => name.includes("general")) ?? schema.enum[0]),
  ),
  // A sub-agent that goes on behind the main agent's back would race with its commit.
  ...entries(["runinbackground", "isbackground"], () => false),
]);

/** Arguments for this act that fit the schema which the agent offers: one script for all agents. */
export function fillArguments(schema: JsonSchema, context: ArgumentContext): Record<string, unknown> {
  const required = new Set(schema.required);
  const pairs = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const filler = FILLERS.get(name.toLowerCase().replaceAll("_", ""));
    const value =
      filler?.(context, property) ?? (required.has(name) ? placeholder(name, property) : undefined);
    return [name, value] as const;
  });
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function entries(names: readonly string[], filler: Filler): readonly (readonly [string, Filler])[] {
  return names.map((name) => [name, filler]);
}

function absolutePath({ act, workTree }: ArgumentContext): string | undefined {
  return "file" in act ? join(workTree, act.file) : undefined;
}

function placeholder(name: string, schema: JsonSchema): unknown {
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  if (schema.enum !== undefined) return schema.enum[0];
  switch (type) {
    case "boolean":
      return false;
    case "number":
    case "integer":
      return 1;
    case "array":
      return [];
    case "object":
      return {};
    default:
      return `scripted_${name.toLowerCase()}`;
  }
}
