// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from "node:http";
import { DELEGATED } from "../scenario/story.ts";
import type { JsonSchema, OfferedTool, ToolCall } from "./conversation.ts";
import type { Protocol } from "./protocol.ts";
import { type Json, mentions, nextId, partsOf, sendEvent, sendJson } from "./wire.ts";

const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 120,
};

/** OpenAI Responses. */
export const RESPONSES: Protocol = {
  isFor: (path) => path.endsWith("/responses"),
  readConversation: ({ body }) => {
    const items = partsOf(body.input);
    const task = findTask(items);
    const added = items.filter(({ type }) => ADDING.has(String(type))).flatMap(({ tools }) => partsOf(tools));
    const hasSearched = items.some(({ type }) => type === "tool_search_output");
    return {
      model: String(body.model),
      tools: [...partsOf(body.tools), ...added]
        .filter(({ type }) => !(hasSearched && type === "tool_search"))
        .flatMap(toTools),
      // A sub-agent of Codex may start with a copy of its parent's items: only what follows its task is its own.
      results: items.slice(task + 1).filter(isResult).length,
      isDelegated: task >= 0,
    };
  },
  sendTurn: (response, { text, call }, { body }) => {
    const words = {
      type: "message",
      id: nextId("msg"),
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text, annotations: [] }],
    };
    const output = [words, ...(call === undefined ? [] : [toItem(call)])];
    const created_at = Math.floor(Date.now() / 1000);
    const begun = { id: nextId("resp"), object: "response", created_at, model: body.model, output: [] };
    const response_ = { ...begun, status: "completed", output, usage: USAGE };
    if (body.stream !== true) return sendJson(response, response_);
    const send = numbered(response);
    send({ type: "response.created", response: { ...begun, status: "in_progress" } });
    for (const [output_index, item] of output.entries())
      for (const event of toItemEvents(item)) send({ ...event, output_index });
    send({ type: "response.completed", response: response_ });
    response.end();
  },
};

/** Items that bring tools which the request does not offer at its top. */
const ADDING = new Set(["additional_tools", "tool_search_output"]);

function isResult({ type }: Json): boolean {
  return String(type).endsWith("_output") && type !== "tool_search_output";
}

function findTask(items: readonly Json[]): number {
  return items.findLastIndex(
    (item) => !/call|output|reasoning/.test(String(item.type ?? "")) && mentions(item, DELEGATED),
  );
}

function toTools(tool: Json): readonly OfferedTool[] {
  const inner = partsOf(tool.tools);
  if (inner.length > 0)
    return inner.flatMap(toTools).map((one) => ({ ...one, namespace: String(tool.name) }));
  if (tool.type === "tool_search") return [{ name: "tool_search", schema: tool.parameters as JsonSchema }];
  const name = String(tool.name);
  return [tool.type === "custom" ? { name } : { name, schema: (tool.parameters ?? {}) as JsonSchema }];
}

function toItem({ tool, input }: ToolCall): Json {
  if (tool.name === "tool_search")
    return {
      type: "tool_search_call",
      id: nextId("tsc"),
      call_id: nextId("call"),
      execution: "client",
      arguments: input,
      status: "completed",
    };
  const named = {
    call_id: nextId("call"),
    name: tool.name,
    ...(tool.namespace === undefined || tool.namespace === "functions" ? {} : { namespace: tool.namespace }),
    status: "completed",
  };
  return typeof input === "string"
    ? { type: "custom_tool_call", id: nextId("ctc"), input, ...named }
    : { type: "function_call", id: nextId("fc"), arguments: JSON.stringify(input), ...named };
}

function numbered(response: ServerResponse): (event: Json) => void {
  let sequence_number = 0;
  return (event) => sendEvent(response, { ...event, sequence_number: sequence_number++ });
}

function toItemEvents(item: Json): readonly Json[] {
  const item_id = item.id;
  const begin = (empty: Json) => ({
    type: "response.output_item.added",
    item: { ...item, status: "in_progress", ...empty },
  });
  const end = { type: "response.output_item.done", item };
  if (item.type === "message") {
    const part = partsOf(item.content)[0];
    const at = { item_id, content_index: 0 };
    return [
      begin({ content: [] }),
      { type: "response.content_part.added", ...at, part: { ...part, text: "" } },
      { type: "response.output_text.delta", ...at, delta: part?.text },
      { type: "response.output_text.done", ...at, text: part?.text },
      { type: "response.content_part.done", ...at, part },
      end,
    ];
  }
  const [field, name] =
    item.type === "function_call"
      ? (["arguments", "response.function_call_arguments"] as const)
      : (["input", "response.custom_tool_call_input"] as const);
  return [
    begin({ [field]: "" }),
    { type: `${name}.delta`, item_id, delta: item[field] },
    { type: `${name}.done`, item_id, [field]: item[field] },
    end,
  ];
}
