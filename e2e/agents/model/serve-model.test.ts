// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { expect, test } from "vitest";
import { DELEGATED } from "../scenario/story.ts";
import type { Conversation, ModelTurn, Play } from "./conversation.ts";
import { serveModel } from "./serve-model.ts";

const SCHEMA = { type: "object", properties: { path: { type: "string" } } };
const CALL: ModelTurn = {
  text: "Now.",
  call: { tool: { name: "edit", schema: SCHEMA }, input: { path: "a.ts" } },
};

interface Dialect {
  readonly name: string;
  readonly path: string;
  /** A request with one tool and two results, in which the user says this. */
  readonly body: (said: string, isStream: boolean) => object;
  readonly streamPath?: string;
}

const DIALECTS: readonly Dialect[] = [
  {
    name: "Anthropic Messages",
    path: "/v1/messages",
    body: (said, stream) => ({
      model: "m",
      stream,
      tools: [{ name: "edit", input_schema: SCHEMA }],
      messages: [
        { role: "user", content: said },
        { role: "assistant", content: [{ type: "tool_use", id: "1", name: "edit", input: {} }] },
        { role: "user", content: [{ type: "tool_result" }, { type: "tool_result" }] },
      ],
    }),
  },
  {
    name: "OpenAI Responses",
    path: "/v1/responses",
    body: (said, stream) => ({
      model: "m",
      stream,
      tools: [{ type: "function", name: "edit", parameters: SCHEMA }],
      input: [
        { type: "message", role: "user", content: [{ type: "input_text", text: said }] },
        { type: "function_call", name: "edit" },
        { type: "function_call_output" },
        { type: "tool_search_output", tools: [] },
        { type: "custom_tool_call_output" },
      ],
    }),
  },
  {
    name: "OpenAI Chat Completions",
    path: "/v1/chat/completions",
    body: (said, stream) => ({
      model: "m",
      stream,
      tools: [{ type: "function", function: { name: "edit", parameters: SCHEMA } }],
      messages: [{ role: "user", content: said }, { role: "tool" }, { role: "assistant" }, { role: "tool" }],
    }),
  },
  {
    name: "Google generateContent",
    path: "/v1beta/models/m:generateContent",
    streamPath: "/v1beta/models/m:streamGenerateContent?alt=sse",
    body: (said) => ({
      tools: [{ functionDeclarations: [{ name: "edit", parametersJsonSchema: SCHEMA }] }],
      contents: [
        { role: "user", parts: [{ text: said }] },
        { role: "user", parts: [{ functionResponse: {} }, { functionResponse: {} }] },
      ],
    }),
  },
];

async function ask(path: string, body: object, answer: Play = async () => CALL) {
  await using folder = await createTemporaryFolder();
  const seen: Conversation[] = [];
  const play: Play = (conversation) => {
    seen.push(conversation);
    return answer(conversation);
  };
  const server = await serveModel({ play, models: ["m"], log: folder.path });
  try {
    const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
    const text = await response.text();
    return {
      status: response.status,
      text,
      seen,
      log: await readFile(join(folder.path, "requests.log"), "utf8"),
    };
  } finally {
    server.close();
  }
}

for (const { name, path, streamPath, body } of DIALECTS) {
  test(`${name}: the conversation is read and the call arrives, at once and in pieces`, async () => {
    for (const isStream of [false, true]) {
      const { status, text, seen, log } = await ask(
        isStream ? (streamPath ?? path) : path,
        body("Do it.", isStream),
      );
      expect(status).toBe(200);
      expect(seen).toEqual([
        { model: "m", tools: [{ name: "edit", schema: SCHEMA }], results: 2, isDelegated: false },
      ]);
      expect(text).toContain("a.ts");
      expect(text).toContain('"edit"');
      expect(text.startsWith("{")).toBe(!isStream);
      expect(log).toContain("POST /v1");
    }
  });

  test(`${name}: a sub-agent is known by its task`, async () => {
    const { seen } = await ask(path, body(`${DELEGATED}: go`, false));
    expect(seen[0]?.isDelegated).toBe(true);
  });
}

test("a sub-agent of Codex counts only what follows its task in the copy of its parent's items", async () => {
  const input = [
    { type: "function_call_output" },
    { type: "function_call", arguments: DELEGATED },
    { type: "message", role: "user", content: DELEGATED },
    { type: "function_call_output" },
  ];
  const { seen } = await ask("/v1/responses", { model: "m", input });
  expect(seen[0]).toMatchObject({ results: 1, isDelegated: true });
});

test("what no protocol has is refused, and a script that fails is an error that the agent sees", async () => {
  expect((await ask("/v1/embeddings", {})).status).toBe(404);
  const broken = await ask("/v1/messages", {}, () =>
    Promise.reject(new Error("the author does not find it")),
  );
  expect(broken.status).toBe(500);
  expect(broken.text).toContain("the author does not find it");
});
