// SPDX-License-Identifier: Apache-2.0

/** Disclosure in any of the known forms; no sign-off. */
export const DISCLOSE = `version: 1
description: >-
  AI assistance is welcome and is disclosed in any form that the registry knows. What only hints at AI is denied until
  it is declared; nobody signs.
rules:
  - id: named-tool
    description: the tool is named, not only that there was one
    forEach: commit
    when: commit.ai.assisted
    assert: commit.ai.tools.exists(tool, tool != "ai" && tool != "unspecified")
    message: "name the tool with a line such as AI-Assisted: claude-code/claude-opus-4-8"
signalled: deny
unknown: allow
unknownAuthor: allow
emission: ai-assisted
`;
