// SPDX-License-Identifier: Apache-2.0
import { DELEGATED } from "../scenario/story.ts";
import type { JsonSchema } from "./conversation.ts";
import type { Protocol } from "./protocol.ts";
import { isJson, type Json, mentions, nextId, partsOf, sendEvent, sendJson } from "./wire.ts";

const USAGE = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

/** OpenAI Chat Completions. */
export const CHAT_COMPLETIONS: Protocol = {
  isFor: (path) => path.endsWith("/chat/completions"),
  readConversation: ({ body }) => {
    const messages = partsOf(body.messages);
    return {
      model: String(body.model),
      tools: partsOf(body.tools).flatMap((tool) => {
        const described = isJson(tool.function) ? tool.function : tool;
        return [{ name: String(described.name), schema: described.parameters as JsonSchema }];
      }),
      results: messages.filter(({ role }) => role === "tool").length,
      isDelegated: messages.some(({ role, content }) => role === "user" && mentions(content, DELEGATED)),
    };
  },
  sendTurn: (response, { text, call }, { body }) => {
    const used = call && {
      id: nextId("call"),
      type: "function",
      function: { name: call.tool.name, arguments: JSON.stringify(call.input) },
    };
    const created = Math.floor(Date.now() / 1000);
    const base = { id: nextId("chatcmpl"), created, model: body.model };
    const finish_reason = used === undefined ? "stop" : "tool_calls";
    if (body.stream !== true) {
      const message = { role: "assistant", content: text, ...(used && { tool_calls: [used] }) };
      const choices = [{ index: 0, finish_reason, message }];
      return sendJson(response, { ...base, object: "chat.completion", usage: USAGE, choices });
    }
    const send = (delta: Json, finish: string | null = null, extra: Json = {}): void => {
      const choices = [{ index: 0, delta, finish_reason: finish }];
      sendEvent(response, { ...base, object: "chat.completion.chunk", choices, ...extra });
    };
    send({ role: "assistant", content: "" });
    send({ content: text });
    if (used !== undefined) send({ tool_calls: [{ index: 0, ...used }] });
    send({}, finish_reason, { usage: USAGE });
    sendEvent(response, "[DONE]");
    response.end();
  },
};
