// SPDX-License-Identifier: Apache-2.0
import type { ReportedDeployment } from "@countersign/core/audit";
import type { ObjectId } from "@countersign/core/ids";
import type { Warning } from "@countersign/core/trailers";
import { isAncestor, listCommitTrees, type Repository } from "@countersign/git";

/** Half-open span of time; RFC 3339 UTC seconds, null for no bound. */
export interface TimeSpan {
  readonly from: string | null;
  readonly until: string | null;
}

/** What was brought into an environment in a span of time. */
export interface Delivered {
  /** What ran there before; null where nothing is known of it. */
  readonly base: ObjectId | null;
  /** What ran there last; null where nothing was ever delivered. */
  readonly head: ObjectId | null;
  readonly deployments: readonly ReportedDeployment[];
  readonly deployedAt: (head: ObjectId) => string | null;
  readonly notes: readonly Warning[];
}

/**
 * When it went out: by the pipeline's clock, which can be no later than the log had it. The log's own time would not do, since a log may be
 * brought up to date once a night.
 */
export function timeOf({ proof, at }: Pick<ReportedDeployment, "proof" | "at">): string {
  return proof !== null && proof.loggedAt < at ? proof.loggedAt : at;
}

/** When somebody other than the pipeline saw it, where anybody did. */
function seenAt({ proof, at }: ReportedDeployment): string {
  return proof?.loggedAt ?? at;
}

/** A pipeline that lied about its clock could hide a delivery from the hours before an incident: what only claims to be older is told of. */
function noteLate(deployments: readonly ReportedDeployment[], from: string | null, notes: Warning[]): void {
  for (const one of deployments) {
    if (from === null || timeOf(one) >= from || seenAt(one) < from) continue;
    const message = `${one.head.slice(0, 12)} claims to have been delivered at ${one.at}, and the log took that in at ${seenAt(one)}; it may belong to this time`;
    notes.push({ code: "logged-late", message });
  }
}

export async function findDelivered(
  repository: Repository,
  all: readonly ReportedDeployment[],
  environment: string,
  { from, until }: TimeSpan,
): Promise<Delivered> {
  const own = all.filter((one) => one.environment === environment);
  const isBefore = (one: ReportedDeployment) => from !== null && timeOf(one) < from;
  const inSpan = own.filter((one) => !isBefore(one) && (until === null || timeOf(one) < until));
  const before = own.filter(isBefore).at(-1);
  const notes: Warning[] = [];
  noteLate(own, from, notes);
  const base = before?.head ?? inSpan[0]?.base ?? null;
  if (inSpan.length === 0) {
    const message =
      before === undefined
        ? `nothing was ever delivered to ${environment}, as far as anybody signed`
        : `nothing was delivered to ${environment} in this time; since ${timeOf(before)} it runs ${before.head.slice(0, 12)}`;
    notes.push({ code: "no-delivery", message });
    return { base, head: base, deployments: [], deployedAt: () => null, notes };
  }
  const head = await findNewest(repository, base, inSpan, notes);
  return {
    base,
    head,
    deployments: inSpan,
    notes,
    deployedAt: await placeDeliveries(repository, base, inSpan),
  };
}

/** The last head that goes beyond what ran before: what a rollback takes away was delivered all the same. */
async function findNewest(
  repository: Repository,
  base: ObjectId | null,
  deployments: readonly ReportedDeployment[],
  notes: Warning[],
): Promise<ObjectId> {
  let newest = base ?? deployments[0]?.head ?? "";
  for (const { head, at } of deployments) {
    if (head === newest || (await isAncestor(repository, newest, head))) newest = head;
    else if (await isAncestor(repository, head, newest))
      notes.push({ code: "rolled-back", message: `${at}: back to ${head.slice(0, 12)}` });
    else {
      notes.push({
        code: "sideways",
        message: `${at}: ${head.slice(0, 12)} does not follow ${newest.slice(0, 12)}; only the later one is reported on`,
      });
      newest = head;
    }
  }
  return newest;
}

/** The first delivery that brought each commit of the line. */
async function placeDeliveries(
  repository: Repository,
  base: ObjectId | null,
  deployments: readonly ReportedDeployment[],
): Promise<(head: ObjectId) => string | null> {
  const times = new Map<ObjectId, string>();
  let before = base;
  for (const deployment of deployments) {
    const exclude = before === null ? [] : [before];
    const links = await listCommitTrees(repository, {
      include: [deployment.head],
      exclude,
      firstParent: true,
    });
    for (const { id } of links) if (!times.has(id)) times.set(id, seenAt(deployment));
    if (links.length > 0) before = deployment.head;
  }
  return (head) => times.get(head) ?? null;
}
