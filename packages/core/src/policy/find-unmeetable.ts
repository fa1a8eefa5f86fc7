// SPDX-License-Identifier: Apache-2.0
import type { Policy, Role } from "./policy.ts";

/** A demand for more people than there are who could ever meet it. */
export interface Unmeetable {
  /** Id of the rule, or `breakGlass`. */
  readonly rule: string;
  readonly role: string;
  readonly count: number;
  /** Humans of the role, whenever they belong to it. */
  readonly able: number;
  readonly message: string;
}

/** Rules that nobody could ever pass: no mistake in the file's form, and found out by the first change that waits for ever. */
export function findUnmeetable(policy: Policy): readonly Unmeetable[] {
  const demands = policy.rules.flatMap(({ id, effect }) =>
    effect.kind === "sign-off" ? [{ rule: id, role: effect.role, count: effect.count }] : [],
  );
  const { breakGlass } = policy;
  const all = breakGlass === null ? demands : [...demands, { rule: "breakGlass", ...breakGlass }];
  return all.flatMap(({ rule, role, count }) => {
    const able = countAble(policy, policy.roles.get(role));
    if (able >= count) return [];
    const message = `${rule} asks for ${count} of ${role}, and ${able === 0 ? "nobody" : `only ${able}`} there could sign: that can never be met`;
    return [{ rule, role, count, able, message }];
  });
}

function countAble(policy: Policy, role: Role | undefined): number {
  const people = new Set(role?.members.map(({ person }) => person));
  return [...people].filter((id) => policy.people.get(id)?.kind === "human").length;
}
