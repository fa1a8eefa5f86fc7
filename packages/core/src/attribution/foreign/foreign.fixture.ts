// SPDX-License-Identifier: Apache-2.0

/** Records as the trackers write them, made up for these tests; only what a reader looks at, and some of what it must not. */
export const REVISION = "a".repeat(40);

export const AGENTBLAME = {
  version: 2,
  timestamp: "2026-03-01T12:00:00.000Z",
  attributions: [
    {
      path: "src/parse.ts",
      startLine: 3,
      endLine: 5,
      category: "ai_generated",
      provider: "claudeCode",
      model: "claude-opus-4-8",
      confidence: 1,
      matchType: "exact_hash",
      contentHash: `sha256:${"1".repeat(64)}`,
    },
    {
      path: "src/parse.ts",
      startLine: 9,
      endLine: 9,
      category: "ai_generated",
      provider: "cursor",
      model: null,
      confidence: 0.95,
      matchType: "normalized_hash",
      contentHash: `sha256:${"2".repeat(64)}`,
    },
  ],
};

const line = (number: number, content: string, source: object) => ({
  line_number: number,
  content,
  source,
  edit_id: null,
  prompt_index: 0,
  confidence: 1,
});

export const WHOGITIT = {
  version: 3,
  session: {
    session_id: "7f3a4b2c-9d1e-8a7b-c3d4-e5f6a7b8c9d0",
    model: { id: "claude-opus-4-5-20251101", provider: "anthropic" },
    started_at: "2026-01-30T14:23:17Z",
    prompt_count: 1,
    used_plan_mode: false,
    subagent_count: 0,
  },
  prompts: [
    { index: 0, text: "a secret prompt", timestamp: "2026-01-30T14:23:45Z", affected_files: ["a.rs"] },
  ],
  files: [
    {
      path: "src/a.rs",
      lines: [
        line(1, "use std::fs;", { type: "Original" }),
        line(2, "fn read() {", { type: "AI", edit_id: "e1" }),
        line(3, '    fs::read("x");', { type: "AI", edit_id: "e1" }),
        line(4, "    // mine", { type: "Human" }),
        line(5, "    let y = 2;", { type: "AIModified", edit_id: "e1", similarity: 0.7 }),
        line(6, "}", { type: "Unknown" }),
      ],
      summary: { total_lines: 6, ai_lines: 2 },
    },
  ],
};

export const AGENTDIFF = {
  version: "0.1.0",
  id: "2f0c9a52-5a77-4f0e-9d55-8f6a3d1b2c3d",
  timestamp: "2026-03-01T12:00:00+00:00",
  vcs: { type: "git", revision: REVISION },
  tool: { name: "claude-code" },
  files: [
    {
      path: "api/server.py",
      conversations: [
        {
          contributor: { type: "ai", model_id: "claude-sonnet-4-6" },
          ranges: [
            { start_line: 1, end_line: 20 },
            { start_line: 30, end_line: 31 },
          ],
        },
      ],
    },
    {
      path: "README.md",
      conversations: [{ contributor: { type: "human" }, ranges: [{ start_line: 1, end_line: 2 }] }],
    },
  ],
  metadata: { agentdiff: { session_id: "s-1", prompt_excerpt: "a secret prompt", author: "author" } },
};

export const AGENT_TRACE = {
  version: "1.0",
  id: "5d2c9a52-5a77-4f0e-9d55-8f6a3d1b2c3d",
  timestamp: "2026-02-01T12:00:00.000Z",
  vcs: { type: "git", revision: REVISION },
  tool: { name: "cursor", version: "2.4.0" },
  files: [
    {
      path: "src/x.ts",
      conversations: [
        {
          url: "file:///home/author/transcript.jsonl",
          contributor: { type: "ai", model_id: "anthropic/claude-opus-4-5" },
          ranges: [
            { start_line: 4, end_line: 6, content_hash: "murmur3:9f2e8a1b" },
            { start_line: 8, end_line: 8, contributor: { type: "mixed", model_id: "openai/gpt-5" } },
            { start_line: 9, end_line: 9, contributor: { type: "unknown" } },
          ],
        },
      ],
    },
  ],
};

export const LEDGER = {
  version: "1.0",
  commit_sha: REVISION,
  parent_sha: "b".repeat(40),
  committed_at: "2026-02-01T12:00:00+00:00",
  created_at: "2026-02-01T12:00:01+00:00",
  trace_ids: ["t"],
  files: {
    "src/x.py": {
      line_attributions: [
        { start_line: 1, end_line: 3, type: "ai", trace_id: "t", model_id: "anthropic/claude-opus-4-5" },
        { start_line: 4, end_line: 4, type: "mixed", trace_id: "t", model_id: "anthropic/claude-opus-4-5" },
        { start_line: 5, end_line: 9, type: "human", trace_id: null, model_id: null },
      ],
    },
  },
};

export const ENTIRE_SESSION = {
  cli_version: "0.6.3",
  checkpoint_id: "a3b2c4d5e6f7",
  session_id: "8f76b0e8-b8f1-4a87-9186-848bdd83d62e",
  strategy: "manual-commit",
  checkpoints_count: 2,
  files_touched: ["src/a.ts"],
  agent: "Claude Code",
  initial_attribution: { agent_lines: 146, human_added: 54, total_committed: 200, agent_percentage: 73 },
};
