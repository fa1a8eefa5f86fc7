// SPDX-License-Identifier: Apache-2.0

/** Disclosure as the Apache Software Foundation asks for it: Generated-by. */
export const APACHE = `version: 1
description: >-
  Contributions with AI-generated content name the tool with Generated-by, as the guidance of the Apache Software
  Foundation asks.
rules:
  - id: generated-by
    description: AI-generated content is named in Generated-by
    forEach: commit
    when: commit.ai.assisted
    assert: commit.ai.conventions.exists(convention, convention == "generated-by" || convention == "ai-assisted")
    message: "name the AI with a line such as Generated-by: claude-code claude-opus-4-8"
signalled: deny
unknown: allow
unknownAuthor: allow
emission: generated-by
`;
