// SPDX-License-Identifier: Apache-2.0
import type { Identity, ObjectId } from "@countersign/core/ids";
import type { CommitFacts, Contributor } from "@countersign/core/policy";
import { isServiceIdentity } from "@countersign/core/trailers";
import type { Introduction } from "./gate-request.ts";

type Part = Contributor["as"][number];

/**
 * Everybody named by the commits. Who made a commit whose content Git computed (`computed`: a clean merge, or the
 * squash of a signed head) added nothing to it and is left out; its co-authors are claims and stay.
 */
export function toContributors(
  commits: readonly CommitFacts[],
  computed: ReadonlySet<ObjectId>,
): readonly Contributor[] {
  const found = new Map<string, { identity: Identity; as: Set<Part>; commits: Set<ObjectId> }>();
  const add = (identity: Identity, part: Part, commit: ObjectId): void => {
    const key = `${identity.name}\0${identity.email}`;
    const entry = found.get(key) ?? { identity, as: new Set<Part>(), commits: new Set<ObjectId>() };
    entry.as.add(part);
    entry.commits.add(commit);
    found.set(key, entry);
  };
  for (const commit of commits) {
    if (!computed.has(commit.id)) {
      add(commit.author, "author", commit.id);
      add(commit.committer, "committer", commit.id);
    }
    for (const coAuthor of commit.coAuthors) add(coAuthor, "co-author", commit.id);
  }
  return [...found.values()].map(({ identity, as, commits: ids }) => ({
    identity,
    login: null,
    as: [...as],
    isService: isServiceIdentity(identity) !== undefined,
    commits: [...ids],
  }));
}

/**
 * Whoever pushes the target is no author of what others pushed before, nor of a merge or squash that Git computes. What
 * the server has never seen is theirs as far as anybody knows: a name in a commit is free text (T11).
 */
export function toIntroducer(
  introduction: Introduction | undefined,
  commits: readonly CommitFacts[],
  computed: ReadonlySet<ObjectId>,
): readonly Contributor[] {
  const brought = commits
    .map((commit) => commit.id)
    .filter((id) => introduction?.commits.has(id) === true && !computed.has(id));
  if (introduction === undefined || brought.length === 0) return [];
  return [
    {
      identity: { name: "", email: "" },
      login: introduction.pusher,
      as: ["pusher"],
      isService: false,
      commits: brought,
    },
  ];
}
