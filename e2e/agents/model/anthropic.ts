// SPDX-License-Identifier: Apache-2.0
import { DELEGATED } from "../scenario/story.ts";
import type { JsonSchema } from "./conversation.ts";
import type { Protocol } from "./protocol.ts";
import { type Json, mentions, nextId, partsOf, sendEvent, sendJson } from "./wire.ts";

const USAGE = {
  input_tokens: 100,
  output_tokens: 20,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
};

/** Anthropic Messages. */
export const ANTHROPIC: Protocol = {
  isFor: (path) => path.endsWith("/messages"),
  readConversation: ({ body }) => {
    const messages = partsOf(body.messages);
    const parts = messages.flatMap(({ content }) => partsOf(content));
    return {
      model: String(body.model),
      tools: partsOf(body.tools).map(({ name, input_schema }) => ({
        name: String(name),
        schema: input_schema as JsonSchema,
      })),
      results: parts.filter(({ type }) => type === "tool_result").length,
      isDelegated: mentions(messages[0]?.content, DELEGATED),
    };
  },
  sendTurn: (response, { text, call }, { body }) => {
    const use = call && { type: "tool_use", id: nextId("toolu"), name: call.tool.name, input: call.input };
    const content: readonly Json[] = [{ type: "text", text }, ...(use === undefined ? [] : [use])];
    const message = {
      id: nextId("msg"),
      type: "message",
      role: "assistant",
      model: body.model,
      content,
      stop_reason: call === undefined ? "end_turn" : "tool_use",
      stop_sequence: null,
      usage: USAGE,
    };
    if (body.stream !== true) return sendJson(response, message);
    sendEvent(response, { type: "message_start", message: { ...message, content: [], stop_reason: null } });
    for (const [index, part] of content.entries())
      for (const event of toBlockEvents(part)) sendEvent(response, { ...event, index });
    const { stop_reason, stop_sequence } = message;
    sendEvent(response, {
      type: "message_delta",
      delta: { stop_reason, stop_sequence },
      usage: { output_tokens: 20 },
    });
    sendEvent(response, { type: "message_stop" });
    response.end();
  },
};

function toBlockEvents(part: Json): readonly Json[] {
  const [content_block, delta] =
    part.type === "tool_use"
      ? [
          { ...part, input: {} },
          { type: "input_json_delta", partial_json: JSON.stringify(part.input) },
        ]
      : [
          { type: "text", text: "" },
          { type: "text_delta", text: part.text },
        ];
  return [
    { type: "content_block_start", content_block },
    { type: "content_block_delta", delta },
    { type: "content_block_stop" },
  ];
}
