// SPDX-License-Identifier: Apache-2.0
import type { Identity, ObjectId } from "@countersign/core/ids";
import type { CommitFacts, Contributor } from "@countersign/core/policy";
import { isServiceIdentity } from "@countersign/core/trailers";

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
