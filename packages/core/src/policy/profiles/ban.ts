// SPDX-License-Identifier: Apache-2.0

/** No AI-assisted contributions, and a Developer Certificate of Origin on every commit: Redox, QEMU, Gentoo. */
export const BAN = `version: 1
description: >-
  No AI-assisted contributions. Every commit, merges and bots included, has the Signed-off-by of its human author.
rules:
  - id: no-ai
    description: no commit of the change is AI-assisted, whatever later commits say
    forEach: commit
    when: commit.ai.assisted
    deny: "this project takes no AI-assisted contributions"
  - id: no-ai-change
    description: nothing about the change (its branch, its description, its labels) says that AI took part
    when: change.ai.assisted && !change.commits.exists(each, each.ai.assisted)
    deny: "the change says that an AI took part; this project takes no AI-assisted contributions"
  - id: no-ai-signed-off-by
    description: only humans can certify the origin of a commit
    forEach: commit
    when: commit.signedOffBy.exists(signer, signer.isAi)
    deny: "an AI cannot certify the origin of a commit; its Signed-off-by is void"
  - id: human-signed-off-by
    description: the author, a human, certifies the origin of every commit; merges and bots are not exempt
    forEach: commit
    assert: commit.signedOffByAuthor
    message: "add a Signed-off-by line of the commit's human author (git commit --amend -s; git rebase --signoff for several)"
signalled: deny
unknown: allow
unknownAuthor: allow
emission: none
`;
