// SPDX-License-Identifier: Apache-2.0

/** Disclosure as the Linux kernel asks for it: Assisted-by, and a human Signed-off-by on every commit. */
export const KERNEL = `version: 1
description: >-
  AI assistance is disclosed with Assisted-by; a human signs off every commit (Developer Certificate of Origin) and an
  AI never does.
rules:
  - id: human-signed-off-by
    description: the author, a human, certifies the origin of every commit
    forEach: commit
    when: "!commit.isMerge"
    assert: commit.signedOffByAuthor
    message: "add a Signed-off-by line of the commit's human author (git commit --amend -s)"
  - id: no-ai-signed-off-by
    description: only humans can certify the origin of a commit
    forEach: commit
    when: commit.signedOffBy.exists(signer, signer.isAi)
    deny: "an AI cannot give a Signed-off-by; name it in Assisted-by and sign off yourself"
  - id: assisted-by
    description: AI assistance is named in Assisted-by
    forEach: commit
    when: commit.ai.assisted
    assert: commit.ai.conventions.exists(convention, convention == "assisted-by" || convention == "ai-assisted")
    message: "name the AI with a line such as Assisted-by: claude-code:claude-opus-4-8"
signalled: deny
unknown: allow
unknownAuthor: allow
emission: assisted-by
`;
