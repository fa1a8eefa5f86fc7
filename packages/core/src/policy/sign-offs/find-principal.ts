// SPDX-License-Identifier: Apache-2.0
import type { Contributor } from "../change.ts";
import type { Interval, Person, PersonKey, Policy } from "../policy.ts";

/** Lower-cased NFKC text, so that `Alice@ACME.example` is not a second person (T12). */
export function foldName(text: string): string {
  return text.normalize("NFKC").toLowerCase().trim();
}

/** True where `at` (seconds since the epoch) lies in the half-open interval. */
export function isWithin(interval: Interval, at: number): boolean {
  return (interval.from === null || at >= interval.from) && (interval.until === null || at < interval.until);
}

/** The person to whom a key belongs, whenever; callers judge the intervals and say which one failed. */
export function findPrincipalByKey(
  policy: Policy,
  publicKey: string,
): { readonly person: Person; readonly key: PersonKey } | undefined {
  for (const person of policy.people.values()) {
    const key = person.keys.find((candidate) => candidate.publicKey === publicKey);
    if (key !== undefined) return { person, key };
  }
  return undefined;
}

/**
 * The person behind an identity of a commit or a push. Matching is loose on purpose: a match can only take a right
 * away (an author may not sign), so a spelling variant must not escape it.
 */
export function findPrincipalByContributor(policy: Policy, contributor: Contributor): Person | undefined {
  const email = foldName(contributor.identity.email);
  const login = contributor.login === null ? null : foldName(contributor.login);
  for (const person of policy.people.values()) {
    if (email !== "" && person.emails.some((known) => foldName(known) === email)) return person;
    if (login !== null && isNamed(person, login)) return person;
  }
  return undefined;
}

function isNamed(person: Person, login: string): boolean {
  return (
    foldName(person.id) === login ||
    [...person.logins, ...person.emails].some((known) => foldName(known) === login)
  );
}
