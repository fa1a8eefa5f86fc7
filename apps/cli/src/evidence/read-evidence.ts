// SPDX-License-Identifier: Apache-2.0
import type { Policy } from "@countersign/core/policy";
import { EVIDENCE_REF, readPolicy } from "@countersign/gate";
import {
  defaultBranch,
  type EvidenceSet,
  fetchedEvidence,
  listRemotes,
  type Repository,
  readEvidenceSet,
  resolveCommit,
} from "@countersign/git";
import { UsageError } from "../exit-code.ts";

/** Everything this clone has: its own set and what fetches brought. */
export async function readAllEvidence(repository: Repository): Promise<EvidenceSet> {
  return await readEvidenceSet(repository, [EVIDENCE_REF, ...(await fetchedEvidence(repository))]);
}

/** The policy at HEAD, only to put names to keys; what counts for a change is said by the gate, by the target's policy. */
export async function readNamingPolicy(repository: Repository): Promise<Policy | null> {
  const head = await resolveCommit(repository, "HEAD");
  if (head === undefined) return null;
  const target = (await defaultBranch(repository)) ?? "refs/heads/main";
  return (await readPolicy(repository, { base: head, head, target })).policy;
}

/** The remote that was named, or the only one, or `origin`. */
export async function chooseRemote(repository: Repository, named: string | undefined): Promise<string> {
  if (named !== undefined) {
    // Git would take it for an option, and some of its options name a program to run.
    if (named === "" || named.startsWith("-"))
      throw new UsageError(`${JSON.stringify(named)} is no remote; for example: origin`);
    return named;
  }
  const remotes = await listRemotes(repository);
  const only = remotes.includes("origin") ? "origin" : remotes.length === 1 ? remotes[0] : undefined;
  if (only !== undefined) return only;
  throw new UsageError(
    remotes.length === 0
      ? "this repository has no remote; name one by its URL, or: git remote add origin <url>"
      : `this repository has several remotes; name one of ${remotes.join(", ")}`,
  );
}
