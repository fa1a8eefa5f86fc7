// SPDX-License-Identifier: Apache-2.0
import { DELEGATED } from "../scenario/story.ts";
import type { JsonSchema, ModelTurn, OfferedTool } from "./conversation.ts";
import type { ModelRequest, Protocol } from "./protocol.ts";
import { isJson, mentions, partsOf, sendEvent, sendJson } from "./wire.ts";

const PATH = /\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;
const USAGE = { promptTokenCount: 100, candidatesTokenCount: 20, totalTokenCount: 120 };

/** Google's generateContent. */
export const GEMINI: Protocol = {
  isFor: (path) => PATH.test(path),
  readConversation: (request) => {
    const { body } = request;
    const contents = partsOf(body.contents);
    const users = contents.filter(({ role }) => role === "user").map(({ parts }) => parts);
    return {
      model: PATH.exec(request.path)?.[1] ?? "",
      tools: isQuestion(request) ? [] : toolsOf(request),
      results: contents.flatMap(({ parts }) => partsOf(parts)).filter((part) => "functionResponse" in part)
        .length,
      isDelegated: mentions(users, DELEGATED) || mentions(body.systemInstruction, DELEGATED),
    };
  },
  sendTurn: (response, turn, request) => {
    const { text, call } = isQuestion(request) ? { text: ROUTED } : endDelegated(turn, request);
    const parts = [{ text }, ...(call ? [{ functionCall: { name: call.tool.name, args: call.input } }] : [])];
    const modelVersion = PATH.exec(request.path)?.[1];
    const candidates = [{ index: 0, content: { role: "model", parts }, finishReason: "STOP" }];
    const answer = { candidates, modelVersion, usageMetadata: USAGE };
    if (!request.path.endsWith("streamGenerateContent")) return sendJson(response, answer);
    sendEvent(response, answer);
    response.end();
  },
};

/** Which model to take is a question of its own, answered in JSON. */
const ROUTED = JSON.stringify({
  reasoning: "scripted",
  model_choice: "pro",
  complexity_reasoning: "scripted",
  complexity_score: 80,
});

function isQuestion({ body }: ModelRequest): boolean {
  return isJson(body.generationConfig) && body.generationConfig.responseMimeType === "application/json";
}

function toolsOf({ body }: ModelRequest): readonly OfferedTool[] {
  return partsOf(body.tools)
    .flatMap(({ functionDeclarations }) => partsOf(functionDeclarations))
    .map(({ name, parametersJsonSchema, parameters }) => ({
      name: String(name),
      schema: (parametersJsonSchema ?? parameters) as JsonSchema,
    }));
}

/** A sub-agent of Gemini CLI ends with a call, not with words. */
function endDelegated(turn: ModelTurn, request: ModelRequest): ModelTurn {
  const tool = toolsOf(request).find(({ name }) => name === "complete_task");
  if (tool === undefined || turn.call !== undefined) return turn;
  return { ...turn, call: { tool, input: { result: turn.text } } };
}
