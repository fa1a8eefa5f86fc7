// SPDX-License-Identifier: Apache-2.0
import type { DeploymentPredicate } from "@countersign/core/attestation";
import type { AttestedVerdict, KnownDeployment, ReportedDeployment } from "@countersign/core/audit";
import type { ObjectId, RefName, Sha256 } from "@countersign/core/ids";
import type { EvidenceProblem } from "@countersign/core/policy";
import type { KnownMachineEvidence } from "../machine/read-machine-evidence.ts";
import { timeOf } from "./find-delivered.ts";
import type { LoggedEvidence } from "./read-logged.ts";

/** What machines signed about a branch and the environments it goes to. */
export interface Attested {
  readonly verdicts: ReadonlyMap<ObjectId, readonly AttestedVerdict[]>;
  /** Oldest first. */
  readonly deployments: readonly ReportedDeployment[];
  /** Branches other than this one from which something went to an environment, by the environment. */
  readonly elsewhere: ReadonlyMap<string, ReadonlySet<RefName>>;
  readonly problems: readonly EvidenceProblem[];
  /** Names of signed assistance records, by the commit that they are about. */
  readonly stated: ReadonlyMap<ObjectId, readonly Sha256[]>;
}

export interface AttestedRequest {
  readonly target: RefName;
  readonly logged: LoggedEvidence;
  /** What machines said whom the policy on the tip knows; null where there is none, and then nobody's word counts. */
  readonly known: KnownMachineEvidence | null;
}

/** What a report shows of it: verdicts by the commit that they are about, deliveries in their order with what is wrong with each. */
export function toAttested({ target, logged, known }: AttestedRequest): Attested {
  if (known === null)
    return { verdicts: new Map(), deployments: [], elsewhere: new Map(), problems: [], stated: new Map() };
  const verdicts = new Map<ObjectId, readonly AttestedVerdict[]>();
  for (const { envelope, predicate } of known.verdicts) {
    if (predicate.target !== target) continue;
    const { verdict, head, evaluatedAt: at } = predicate;
    const own = { verdict, at, envelope, proof: logged.proofOf(envelope) };
    verdicts.set(head, [...(verdicts.get(head) ?? []), own]);
  }
  const deployed: Deployed[] = [];
  const add = (
    { predicate, envelope }: KnownDeployment,
    problem: string | null,
    isAllowed: boolean,
  ): void => {
    if (predicate.target !== target) return;
    const report = toReported(predicate, envelope, logged.proofOf(envelope), problem);
    deployed.push({ predicate, report, isAllowed });
  };
  for (const one of known.deployments) add(one, findLogProblem(one), true);
  for (const one of known.refused) add(one, one.reason, false);
  const stated = new Map<ObjectId, readonly Sha256[]>();
  for (const [envelope, commit] of known.assistance)
    stated.set(commit, [...(stated.get(commit) ?? []), envelope]);
  const problems = [...known.problems, ...toMissing(known)];
  return {
    verdicts,
    deployments: chain(deployed),
    elsewhere: findElsewhere(known, target),
    problems,
    stated,
  };
}

function findElsewhere(
  { deployments }: KnownMachineEvidence,
  ours: RefName,
): ReadonlyMap<string, ReadonlySet<RefName>> {
  const found = new Map<string, Set<RefName>>();
  for (const { predicate } of deployments) {
    const { environment, target } = predicate;
    if (target !== ours) found.set(environment, (found.get(environment) ?? new Set()).add(target));
  }
  return found;
}

function findLogProblem({ loggedAt }: KnownDeployment): string | null {
  return loggedAt === null ? "it is not in the ledger, which the policy requires" : null;
}

function toMissing({ missing }: KnownMachineEvidence): readonly EvidenceProblem[] {
  return missing.map(({ index, envelope, why }) => {
    const message = `the deployment that the ledger holds as entry ${index} ${why === "redacted" ? "was redacted" : "is nowhere any more"}`;
    return { envelope, code: why === "redacted" ? "REDACTED" : "LOST", message };
  });
}

interface Deployed {
  readonly predicate: DeploymentPredicate;
  readonly report: ReportedDeployment;
  readonly isAllowed: boolean;
}

function toReported(
  predicate: DeploymentPredicate,
  envelope: Sha256,
  proof: ReportedDeployment["proof"],
  problem: string | null,
): ReportedDeployment {
  const { environment, at, commits, verdict, pipeline, artifacts, reasons } = predicate;
  const refused = reasons.map(({ rule, reason }) => `${rule}: ${reason}`).join("; ");
  return {
    environment,
    at,
    base: commits.base,
    head: commits.head,
    verdict,
    pipeline: pipeline === null ? null : `${pipeline.subject} (${pipeline.run})`,
    artifacts: artifacts.map(({ name, digest }) => ({ name, digest: digest.sha256 })),
    envelope,
    proof,
    problem: problem ?? (refused === "" ? null : `it was recorded as ${verdict}: ${refused}`),
  };
}

/** Every delivery names the one before it in its environment; where that is not so, one was lost, hidden or made up. */
function chain(deployed: readonly Deployed[]): readonly ReportedDeployment[] {
  const ordered = [...deployed].sort((a, b) => (toKey(a) < toKey(b) ? -1 : 1));
  const last = new Map<string, Sha256>();
  return ordered.map(({ predicate, report, isAllowed }) => {
    const { environment, envelope, problem } = report;
    const before = last.get(environment) ?? null;
    // Whoever may not deliver breaks nobody's chain.
    if (isAllowed) last.set(environment, envelope);
    if (problem !== null || predicate.previous === before) return report;
    const said = predicate.previous === null ? "none" : predicate.previous.slice(0, 12);
    const found = before === null ? "none is known" : `that was ${before.slice(0, 12)}`;
    return { ...report, problem: `it names ${said} as the delivery before it, and ${found}` };
  });
}

function toKey({ report }: Deployed): string {
  const { proof, at, envelope } = report;
  return `${timeOf(report)} ${String(proof?.index ?? 0).padStart(16, "0")} ${at} ${envelope}`;
}
