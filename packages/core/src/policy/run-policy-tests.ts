// SPDX-License-Identifier: Apache-2.0
import { type Evaluation, evaluateContext } from "./evaluate-policy.ts";
import { toTestFacts } from "./facts/to-test-facts.ts";
import { withDefaults } from "./facts/with-defaults.ts";
import type { Person, Policy, PolicyTest, Role } from "./policy.ts";
import { toPretendedSignOff } from "./pretended-sign-off.ts";
import type { Decision, Finding } from "./verdict.ts";

export interface PolicyTestResult {
  readonly name: string;
  readonly expect: PolicyTest["expect"];
  readonly verdict: Decision;
  readonly isMet: boolean;
  /** Why the verdict is what it is. */
  readonly findings: readonly Finding[];
}

// A fixed moment: tests of a policy mean the same on every day.
const TEST_TIME = Date.UTC(2026, 0, 1) / 1000;
const TEST_AUTHOR = "test-author";

/** Runs the tests that a policy carries, each on the change it describes. */
export function runPolicyTests(policy: Policy): readonly PolicyTestResult[] {
  return policy.tests.map((test) => {
    const { verdict, findings } = evaluateTest(policy, test);
    return { name: test.name, expect: test.expect, verdict, isMet: verdict === test.expect, findings };
  });
}

function evaluateTest(policy: Policy, test: PolicyTest): Evaluation {
  const policyFacts = withDefaults(test.change, policy);
  const signers = listSigners(test);
  const staged = withCast(policy, signers);
  const facts = toTestFacts(policyFacts, staged, TEST_AUTHOR);
  const judged = signers.map(({ person }) => toPretendedSignOff({ person, facts, at: TEST_TIME }));
  return evaluateContext({ policy: staged, facts, policyFacts, judged, evaluatedAt: TEST_TIME });
}

interface Signer {
  readonly role: string;
  readonly person: Person;
}

/** Different people for every seat: a test says how many signed, not who. */
function listSigners(test: PolicyTest): readonly Signer[] {
  return Object.entries(test.signOffs).flatMap(([role, count]) =>
    Array.from({ length: count }, (_, i) => ({ role, person: standIn(`test-${role}-${i + 1}`) })),
  );
}

function standIn(id: string): Person {
  const key = { publicKey: `sk-ssh-ed25519@openssh.com ${id}`, from: null, until: null };
  return {
    id,
    kind: "human",
    emails: [`${id}@test.invalid`],
    logins: [],
    keys: [key],
    from: null,
    until: null,
  };
}

/** The policy with the people of the test in it: a known author who holds no role, and the signers. */
function withCast(policy: Policy, signers: readonly Signer[]): Policy {
  const cast = [standIn(TEST_AUTHOR), ...signers.map(({ person }) => person)];
  const roles = new Map<string, Role>(policy.roles);
  for (const { role, person } of signers) {
    const members = roles.get(role)?.members ?? [];
    roles.set(role, { id: role, members: [...members, { person: person.id, from: null, until: null }] });
  }
  return {
    ...policy,
    roles,
    people: new Map([...policy.people, ...cast.map((person) => [person.id, person] as const)]),
  };
}
