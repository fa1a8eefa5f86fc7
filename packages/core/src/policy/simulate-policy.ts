// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import type { ChangedFile, ChangeFacts } from "./change.ts";
import { classifyPath } from "./classify/classify-path.ts";
import { type Evaluation, evaluatePolicy, type PolicyQuestion } from "./evaluate-policy.ts";
import type { Person, Policy } from "./policy.ts";
import { toPretendedAnswer } from "./pretended-sign-off.ts";
import { judgeSignOffs } from "./sign-offs/judge-sign-offs.ts";

/** What to pretend. */
export interface WhatIf {
  /** Ids of people who approve this change now; judged like real sign-offs, so an author's still counts for nothing. */
  readonly signers: readonly string[];
  /** Paths that the change also touches. */
  readonly files: readonly RepoPath[];
}

export interface Simulation extends Evaluation {
  /** Ids in `signers` whom the policy does not know. */
  readonly unknownSigners: readonly string[];
}

/** The verdict that the change would get. Nothing is signed or stored. */
export function simulatePolicy(question: PolicyQuestion, whatIf: WhatIf): Simulation {
  const signers = whatIf.signers.map((id) => [id, question.policy.people.get(id)] as const);
  const people = signers.flatMap(([, person]) => (person === undefined ? [] : [person]));
  const policy = withKeys(question.policy, people);
  const facts = withFiles(
    question.facts,
    whatIf.files.map((path) => toFile(policy, path)),
  );
  const answers = people.map(({ id }) =>
    toPretendedAnswer({ person: policy.people.get(id) as Person, facts, at: question.evaluatedAt }),
  );
  const pretended = judgeSignOffs(policy, facts, answers, question.evaluatedAt);
  const evaluation = evaluatePolicy({
    ...question,
    policy,
    facts,
    judged: [...question.judged, ...pretended],
  });
  return {
    ...evaluation,
    unknownSigners: signers.flatMap(([id, person]) => (person === undefined ? [id] : [])),
  };
}

/** Somebody without a key in the policy gets one for the pretence: whose key is missing is not the question here. */
function withKeys(policy: Policy, people: readonly Person[]): Policy {
  const keyed = people
    .filter((person) => person.keys.length === 0)
    .map(
      (person) =>
        [
          person.id,
          { ...person, keys: [{ publicKey: `pretended ${person.id}`, from: null, until: null }] },
        ] as const,
    );
  return { ...policy, people: new Map([...policy.people, ...keyed]) };
}

function withFiles(facts: ChangeFacts, added: readonly ChangedFile[]): ChangeFacts {
  if (added.length === 0) return facts;
  const commits = facts.commits.map((commit) =>
    commit.id === facts.head ? { ...commit, files: [...commit.files, ...added] } : commit,
  );
  return { ...facts, commits, files: [...facts.files, ...added] };
}

function toFile(policy: Policy, path: RepoPath): ChangedFile {
  const id = "0".repeat(40);
  return {
    path,
    status: "modified",
    oldMode: "100644",
    newMode: "100644",
    oldId: id,
    newId: id,
    classes: classifyPath(policy, path),
  };
}
