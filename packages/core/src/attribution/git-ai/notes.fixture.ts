// SPDX-License-Identifier: Apache-2.0
// Notes in the forms that the versions of git-ai write, made by hand after the standard.

export const COMMIT = "1111111111111111111111111111111111111111";

/** Sessions and a known human, version 1.4 and later. */
export const SESSION_NOTE = `src/main.rs
  h_31dce776f88375 35-40
  s_c9883b05a2487d::t_9f8e7d6c5b4a32 1-10,15-20
"src/my file.rs"
  s_c9883b05a2487d::t_0123456789abcd 1-4,9,12
---
{
  "schema_version": "authorship/3.0.0",
  "git_ai_version": "1.4.2",
  "base_commit_sha": "1111111111111111111111111111111111111111",
  "prompts": {},
  "humans": {
    "h_31dce776f88375": {
      "author": "Author <author@example.org>"
    }
  },
  "sessions": {
    "s_c9883b05a2487d": {
      "agent_id": {
        "tool": "claude",
        "id": "0b51d6a2-aaaa",
        "model": "claude-opus-4-8"
      },
      "human_author": "Author <author@example.org>"
    }
  }
}`;

/** A prompt with its counts and attributes, no sessions: version 1.1 to 1.3. */
export const PROMPT_NOTE = `src/lib.rs
  d9978a8723e02b52 1-4,9
---
{
  "schema_version": "authorship/3.0.0",
  "git_ai_version": "1.2.0",
  "base_commit_sha": "1111111111111111111111111111111111111111",
  "prompts": {
    "d9978a8723e02b52": {
      "agent_id": {
        "tool": "cursor",
        "id": "session_123",
        "model": "unknown"
      },
      "human_author": null,
      "messages_url": "https://example.org/messages/1",
      "total_additions": 9,
      "total_deletions": 2,
      "accepted_lines": 5,
      "overriden_lines": 1,
      "custom_attributes": {
        "team": "core"
      }
    }
  }
}`;

/** Before 1.0: keys of 7 characters; messages within the note, which later versions dropped. */
export const OLD_NOTE = `src/old.rs
  1a2b3c4 2
  1234567 3-4
---
{
  "schema_version": "authorship/3.0.0",
  "base_commit_sha": "0000000000000000000000000000000000000000",
  "prompts": {
    "1a2b3c4": {
      "agent_id": { "tool": "gemini", "id": "g1", "model": "gemini-3-pro" },
      "human_author": null,
      "messages": [{ "type": "user", "text": "---\\n{ not } the end" }]
    },
    "1234567": {
      "agent_id": { "tool": "continue-cli", "id": "c1", "model": "x" }
    }
  }
}`;
