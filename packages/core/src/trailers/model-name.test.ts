// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { toModelName } from "./model-name.ts";

test.each([
  ["claude-opus-4-8[1m]", "claude-opus-4-8"],
  ["Opus 4.7", "claude-opus-4-7"],
  ["Claude Opus 4.6 (1M context)", "claude-opus-4-6"],
  ["anthropic/claude-opus-4.7", "claude-opus-4-7"],
  ["openrouter/anthropic/claude-sonnet-4", "claude-sonnet-4"],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929-v1"],
  ["claude-sonnet-4-5@20250929", "claude-sonnet-4-5-20250929"],
  ["claude-opus-4-8-high", "claude-opus-4-8"],
  ["Claude-3.5-Sonnet", "claude-3-5-sonnet"],
  ["Sonnet 3.7", "claude-3-7-sonnet"],
  ["claude-3-opus", "claude-3-opus"],
  ["Claude 4.5 Sonnet", "claude-sonnet-4-5"],
  ["Claude Fable 5", "claude-fable-5"],
  ["GPT-5.6 Sol", "gpt-5.6-sol"],
  ["GPT 5.5", "gpt-5.5"],
  ["gpt5", "gpt-5"],
  ["gpt-5.5-medium", "gpt-5.5-medium"],
  ["openai/gpt-5.2", "gpt-5.2"],
  ["OpenAI GPT-5.4", "gpt-5.4"],
  ["o3-mini", "o3-mini"],
  ["gpt-oss:20b", "gpt-oss-20b"],
  ["accounts/fireworks/models/kimi-k2p6", "kimi-k2.6"],
  ["Kimi K2.7 Code", "kimi-k2.7-code"],
  ["openrouter/deepseek/deepseek-r1:free", "deepseek-r1"],
  ["vertex_ai/gemini-2.5-pro-exp-03-25", "gemini-2.5-pro-exp-03-25"],
  ["Gemini 2.5 Pro", "gemini-2.5-pro"],
  ["qwen3-coder", "qwen3-coder"],
  ["GLM-5", "glm-5"],
  ["2026-03", "2026-03"],
  ["unknown", null],
  ["", null],
  ["///", null],
])("%s is %s", (raw, model) => {
  expect(toModelName(raw)).toBe(model);
});
