// SPDX-License-Identifier: Apache-2.0

/** Disclosure as Fedora asks for it: the contributor stands for the change and names the AI in Assisted-by. */
export const FEDORA = `version: 1
description: >-
  AI assistance is disclosed with Assisted-by; a human author is accountable and signs off commits that an AI helped
  with.
rules:
  - id: assisted-by
    description: AI assistance is named in Assisted-by
    forEach: commit
    when: commit.ai.assisted
    assert: commit.ai.conventions.exists(convention, convention == "assisted-by" || convention == "ai-assisted")
    message: "name the AI with a line such as Assisted-by: claude-code:claude-opus-4-8"
  - id: human-signed-off-by
    description: a human stands for what an AI helped with
    forEach: commit
    when: commit.ai.assisted
    assert: commit.signedOffByAuthor
    message: "add a Signed-off-by line of the commit's human author (git commit --amend -s)"
  - id: no-ai-signed-off-by
    description: only humans can be accountable
    forEach: commit
    when: commit.signedOffBy.exists(signer, signer.isAi)
    deny: "an AI cannot give a Signed-off-by; name it in Assisted-by and sign off yourself"
signalled: deny
unknown: allow
unknownAuthor: allow
emission: assisted-by
`;
