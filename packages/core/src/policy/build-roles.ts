// SPDX-License-Identifier: Apache-2.0
import type { BuildContext } from "./build-context.ts";
import { buildInterval, intersectIntervals } from "./build-interval.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { Person, Role, RoleMember } from "./policy.ts";

/** Roles by id; a role's own interval narrows that of every member. */
export function buildRoles(
  context: BuildContext,
  people: ReadonlyMap<string, Person>,
): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const [id, file] of Object.entries(context.file.roles ?? {})) {
    const whole = buildInterval(context, file, ["roles", id]);
    const members = file.members.map((member, i): RoleMember => {
      const path = ["roles", id, "members", i];
      const person = typeof member === "string" ? member : member.person;
      if (!people.has(person)) {
        const message = `"${person}" is not among the people${didYouMean(person, people.keys())}`;
        context.fail(
          path,
          message,
          "the id of somebody under `people`",
          `people: { ${person}: { emails: [${person}@acme.example] } }`,
        );
      }
      const own = typeof member === "string" ? {} : member;
      return { person, ...intersectIntervals(whole, buildInterval(context, own, path)) };
    });
    roles.set(id, { id, members });
  }
  return roles;
}

/** Checks that a role exists and that only humans are in it: bots and agents never sign off (T16). */
export function checkSignOffRole(
  context: BuildContext,
  role: string,
  path: readonly (string | number)[],
  known: { readonly roles: ReadonlyMap<string, Role>; readonly people: ReadonlyMap<string, Person> },
  asker = "",
): void {
  const definition = known.roles.get(role);
  if (definition === undefined) {
    const message = `${asker}the role "${role}" is not defined${didYouMean(role, known.roles.keys())}`;
    context.fail(
      path,
      message,
      "a role under `roles`",
      `roles: { ${role}: { members: [senior-a, senior-b] } }`,
    );
    return;
  }
  for (const member of definition.members) {
    const person = known.people.get(member.person);
    if (person === undefined || person.kind === "human") continue;
    const message = `${member.person} is not human (kind: ${person.kind}), and the role "${role}" signs off`;
    context.fail(
      path,
      message,
      "only humans in a role that signs off",
      `remove ${member.person} from ${role}`,
    );
  }
}
