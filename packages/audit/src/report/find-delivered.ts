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

/** When somebody other than the pipeline saw it, where anybody did. */
export function timeOf({ proof, at }: ReportedDeployment): string {
  return proof?.loggedAt ?? at;
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
    for (const { id } of links) if (!times.has(id)) times.set(id, timeOf(deployment));
    if (links.length > 0) before = deployment.head;
  }
  return (head) => times.get(head) ?? null;
}
