// SPDX-License-Identifier: Apache-2.0
import type { ChangeFacts, Contributor } from "../change.ts";
import type { Policy } from "../policy.ts";
import { findPrincipalByContributor } from "./find-principal.ts";

/** Everybody with a hand in any known version of a change, as far as the policy knows them. */
export interface AuthorSet {
  /** Principal id → how that person took part; none of them can sign the change off. */
  readonly known: ReadonlyMap<string, Contributor>;
  /** Contributors who map to nobody. */
  readonly unknown: readonly Contributor[];
  /** No human at all stands behind the change: only tools and services are named. */
  readonly isNobody: boolean;
}

export function toAuthorSet(policy: Policy, facts: Pick<ChangeFacts, "contributors">): AuthorSet {
  const known = new Map<string, Contributor>();
  const unknown: Contributor[] = [];
  for (const contributor of facts.contributors) {
    const person = findPrincipalByContributor(policy, contributor);
    if (person !== undefined) known.set(person.id, mergeContributor(known.get(person.id), contributor));
    else if (!contributor.isService) unknown.push(contributor);
  }
  const humans = [...known.keys()].filter((id) => policy.people.get(id)?.kind === "human");
  return { known, unknown, isNobody: humans.length === 0 && unknown.length === 0 };
}

/** How a contributor is shown to people: e-mail, else login, else name. */
export function formatContributor(contributor: Contributor): string {
  const { name, email } = contributor.identity;
  if (email !== "") return name === "" ? email : `${name} <${email}>`;
  return contributor.login ?? (name === "" ? "(an identity without name or e-mail)" : name);
}

function mergeContributor(before: Contributor | undefined, next: Contributor): Contributor {
  if (before === undefined) return next;
  return {
    ...before,
    as: [...new Set([...before.as, ...next.as])],
    commits: [...new Set([...before.commits, ...next.commits])],
  };
}
