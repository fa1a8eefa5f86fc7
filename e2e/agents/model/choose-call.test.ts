// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Act } from "../scenario/step.ts";
import { chooseCall } from "./choose-call.ts";
import type { JsonSchema, OfferedTool } from "./conversation.ts";

const EDIT: Act = { kind: "edit", file: "src/a.ts", old: "one\n", new: "two\nthree\n" };
const SHELL: Act = { kind: "shell", command: "make" };
const DELEGATE: Act = { kind: "delegate", task: "Do it." };
const choose = (act: Act, ...tools: OfferedTool[]) =>
  chooseCall(tools, { act, workTree: "/repo", subAgentType: "general-purpose" });
const object = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: "object",
  properties,
  required,
});
const text = { type: "string" };

test("arguments follow the names in the tool's schema, whatever their spelling", () => {
  const schema = object({
    filePath: text,
    oldString: text,
    newString: text,
    replaceAll: { type: "boolean" },
  });
  expect(choose(EDIT, { name: "edit", schema })?.input).toEqual({
    filePath: "/repo/src/a.ts",
    oldString: "one\n",
    newString: "two\nthree\n",
  });
});

test("what a schema requires and the script does not know is filled in by its type", () => {
  const schema = object(
    { command: text, description: text, timeout: { type: "integer" }, mode: { enum: ["a", "b"] } },
    ["command", "description", "timeout", "mode"],
  );
  expect(choose(SHELL, { name: "bash", schema })?.input).toEqual({
    command: "make",
    description: "scripted_description",
    timeout: 1,
    mode: "a",
  });
});

test("a free-form tool gets a patch", () => {
  expect(choose(EDIT, { name: "apply_patch" })?.input).toBe(
    "*** Begin Patch\n*** Update File: src/a.ts\n@@\n-one\n+two\n+three\n*** End Patch\n",
  );
});

test("where the only tool runs programs, the call is a program", () => {
  const input = choose(SHELL, { name: "exec" })?.input;
  expect(input).toContain('tools.exec_command({"cmd":"make"})');
});

test("a sub-agent runs in the foreground, is of a kind that there is, or is searched for", () => {
  const schema = object({
    prompt: text,
    subagent_type: { enum: ["explore", "general"] },
    run_in_background: {},
  });
  expect(choose(DELEGATE, { name: "task", schema })?.input).toEqual({
    prompt: "Do it.",
    subagent_type: "general",
    run_in_background: false,
  });
  expect(choose(DELEGATE, { name: "tool_search", schema: object({}) })?.tool.name).toBe("tool_search");
});

test("no tool for an act is no call", () => {
  expect(choose(SHELL, { name: "edit", schema: object({}) })).toBeUndefined();
});
