// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomBytes } from "node:crypto";
import type { AuditReport, Pseudonyms } from "@countersign/core/audit";
import type { ObjectId } from "@countersign/core/ids";
import { POLICY_PATH, type Policy } from "@countersign/core/policy";
import { readPolicyAt } from "@countersign/gate";
import type { Repository } from "@countersign/git";

/**
 * `person-1` and so on, by a key that is made for this export and thrown away: nobody can try names until one fits, and two exports
 * cannot be laid side by side. Numbers follow the keyed digests, so that they tell no order either.
 */
export async function createPseudonyms(
  repository: Repository,
  report: AuditReport,
  head: ObjectId,
): Promise<Pseudonyms> {
  const { policy } = await readPolicyAt(repository, { commit: head, path: POLICY_PATH }, report.target);
  const people = collectPeople(report, policy);
  const key = randomBytes(32);
  const digestOf = (id: string) => createHmac("sha256", key).update(id).digest("hex");
  const ids = [...new Set(people.values())].map((id) => ({ id, digest: digestOf(id) }));
  ids.sort((a, b) => (a.digest < b.digest ? -1 : 1));
  const numbers = new Map(ids.map(({ id }, at) => [id, at + 1]));
  const nameOf = (known: string) => {
    const number = numbers.get(people.get(fold(known)) ?? "");
    return number === undefined ? "somebody" : `person-${number}`;
  };
  return { nameOf, known: [...people.keys()] };
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}

/** Whatever a person is known by, to one name for that person. */
function collectPeople({ changes }: AuditReport, policy: Policy | null): ReadonlyMap<string, string> {
  const people = new Map<string, string>();
  const add = (known: string, id: string): void => {
    const key = fold(known);
    if (key !== "" && !people.has(key)) people.set(key, people.get(fold(id)) ?? id);
  };
  for (const { id, emails, logins } of policy?.people.values() ?? [])
    for (const known of [id, ...emails, ...logins]) add(known, id);
  for (const { author, signOffs } of changes) {
    const id = people.get(fold(author.email)) ?? (author.email === "" ? author.name : author.email);
    add(author.email, id);
    add(author.name, id);
    for (const { person } of signOffs) if (person !== null) add(person, person);
  }
  return people;
}
