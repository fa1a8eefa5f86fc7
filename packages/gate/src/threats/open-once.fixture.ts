// SPDX-License-Identifier: Apache-2.0
import { openRepository, type Repository } from "@countersign/git";
import type { TestRepository } from "@countersign/testkit";

const opened = new WeakMap<TestRepository, Promise<Repository>>();

/** A scenario's repository, opened at the first question about it: what opening asks Git does not change while it is played. */
export function openOnce(repo: TestRepository): Promise<Repository> {
  const known = opened.get(repo) ?? openRepository(repo.path);
  opened.set(repo, known);
  return known;
}
