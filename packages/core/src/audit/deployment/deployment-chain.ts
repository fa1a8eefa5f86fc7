// SPDX-License-Identifier: Apache-2.0
import { type DeploymentPredicate, parseInstant } from "../../attestation/index.ts";
import type { ObjectId, Sha256 } from "../../ids/index.ts";
import type { RecordedDeployment } from "./deploy-report.ts";

/** A deployment whose signature a machine made that the policy believes in it. */
export interface KnownDeployment {
  readonly envelope: Sha256;
  readonly predicate: DeploymentPredicate;
  /**
   * When the policy's ledger took it in, seconds since the epoch by the log's clock; null where it is not in the log and has to be,
   * undefined where no log is asked.
   */
  readonly loggedAt?: number | null | undefined;
}

/** What was recorded of one environment. */
export interface DeploymentChain {
  /** Oldest first by the time they claim. */
  readonly all: readonly KnownDeployment[];
  /** The one that no other names as its previous. */
  readonly last: KnownDeployment | undefined;
  /** The last that was approved: everything after it is to be looked at. */
  readonly approved: KnownDeployment | undefined;
  /** What is odd about the chain, for people. */
  readonly oddities: readonly string[];
}

/** Whether a deployment counts as approved: where a log is required, only once it is logged. */
export function isApproved({ predicate, loggedAt }: KnownDeployment): boolean {
  return loggedAt !== null && ["pass", "override", "baseline"].includes(predicate.verdict);
}

/** Since when it has been there for sure, seconds since the epoch: the pipeline's clock alone could be set back. */
export function standsSince({ predicate, loggedAt }: KnownDeployment): number {
  return Math.max(parseInstant(predicate.at), loggedAt ?? 0);
}

/**
 * Orders the deployments of one environment by what each names as its previous. A branched chain (two writers at once) and a
 * link that is not here (something was deleted, or not fetched) are said; neither makes anything approved.
 */
export function toDeploymentChain(
  deployments: readonly KnownDeployment[],
  environment: string,
): DeploymentChain {
  const all = deployments
    .filter(({ predicate }) => predicate.environment === environment)
    .sort((a, b) => (toKey(a) < toKey(b) ? -1 : 1));
  const named = new Set(all.flatMap(({ predicate }) => predicate.previous ?? []));
  const ends = all.filter(({ envelope }) => !named.has(envelope));
  // A circle cannot be signed: each would have to hold the other's hash. So there is an end wherever there is anything.
  const last = ends.at(-1);
  return { all, last, approved: findApproved(all, last), oddities: findOddities(all, ends, environment) };
}

/** Along the links from the end, not by time: a clock that went back must not make an older one the last. */
function findApproved(
  all: readonly KnownDeployment[],
  last: KnownDeployment | undefined,
): KnownDeployment | undefined {
  const byName = new Map(all.map((deployment) => [deployment.envelope, deployment]));
  let at = last;
  while (at !== undefined && !isApproved(at)) at = byName.get(at.predicate.previous ?? "");
  return at;
}

function findOddities(
  all: readonly KnownDeployment[],
  ends: readonly KnownDeployment[],
  environment: string,
): readonly string[] {
  const here = new Set(all.map(({ envelope }) => envelope));
  const lost = all.filter(({ predicate: { previous } }) => previous !== null && !here.has(previous));
  const starts = all.filter(({ predicate: { previous } }) => previous === null);
  return [
    ...(ends.length > 1
      ? [`the record of ${environment} has ${ends.length} ends; the later one is taken`]
      : []),
    ...(starts.length > 1 ? [`the record of ${environment} begins ${starts.length} times`] : []),
    ...all.flatMap(({ envelope, predicate, loggedAt }) =>
      loggedAt === null
        ? [
            `the deployment ${envelope.slice(0, 12)} (${predicate.at}) is not in the ledger, which the policy requires, so it approves nothing; log it with: countersign ledger append`,
          ]
        : [],
    ),
    ...lost.map(({ envelope, predicate }) => {
      return `the deployment before ${envelope.slice(0, 12)} (${predicate.at}) is not in this evidence: it was not fetched, or somebody took it out`;
    }),
  ];
}

function toKey({ predicate, envelope }: KnownDeployment): string {
  return `${predicate.at} ${envelope}`;
}

/** The last approved deployment of exactly this commit. */
export function findEarlier(chain: DeploymentChain, commit: ObjectId): KnownDeployment | undefined {
  return chain.all.filter((one) => isApproved(one) && one.predicate.commits.head === commit).at(-1);
}

export function toRecorded({ envelope, predicate }: KnownDeployment): RecordedDeployment {
  const { environment, commits, at, verdict } = predicate;
  return { environment, commit: commits.head, at, verdict, envelope };
}
