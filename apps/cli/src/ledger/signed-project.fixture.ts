// SPDX-License-Identifier: Apache-2.0
import { createRepository, type TestRepository } from "@countersign/testkit";
import { countersign } from "../command.fixture.ts";
import {
  AI_MESSAGE,
  identityOf,
  keyOf,
  MAIN,
  type PersonId,
  policyText,
} from "../hooks/push-server.fixture.ts";

/** A repository with a policy and changes that were signed off, for tests of its ledger. */
export interface SignedProject extends AsyncDisposable {
  readonly repo: TestRepository;
  /** Tip of main: holds the policy. */
  readonly base: string;
  /** An AI-assisted change that somebody signs, on a branch of its own; returns its head. */
  readonly signChange: (name: string, person?: PersonId) => Promise<string>;
  readonly ledger: (...args: string[]) => ReturnType<typeof countersign>;
}

export async function createSignedProject(policyHead = ""): Promise<SignedProject> {
  const repo = await createRepository();
  const base = await repo.commit({
    message: "project: start\n",
    files: { ".countersign/policy.yml": await policyText(policyHead) },
  });
  return {
    repo,
    base,
    signChange: async (name, person = "senior") => {
      await repo.branch(name, base);
      const head = await repo.commit({
        message: AI_MESSAGE,
        files: { [`${name}.txt`]: "1\n" },
        author: identityOf("author"),
      });
      const key = (await keyOf(person)).privateKeyPath;
      const change = ["--base", base, "--head", head, "--target", MAIN];
      const signed = await countersign(["approve", ...change, "--key", key], { cwd: repo.path });
      if (signed.exitCode !== 0) throw new Error(signed.stderr);
      return head;
    },
    ledger: (...args) => countersign(["ledger", ...args], { cwd: repo.path }),
    [Symbol.asyncDispose]: () => repo.remove(),
  };
}
