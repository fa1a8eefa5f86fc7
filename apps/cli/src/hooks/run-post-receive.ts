// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, type ObjectId } from "@countersign/core/ids";
import { isTargetRef } from "@countersign/core/policy";
import { formatPushRecord, PUSHES_REF, type RefUpdate, readPolicy } from "@countersign/gate";
import {
  addEvidence,
  defaultBranch,
  filterCommits,
  keepVersions,
  listCommitIds,
  listRefs,
  openRepository,
  type Repository,
  readRef,
} from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import type { ExitCode } from "../exit-code.ts";
import { toFailure } from "../report-failure.ts";
import { findPusher, linePrefix, toQuarantine } from "./hook-environment.ts";
import { readMode } from "./hook-settings.ts";
import { parseRefUpdates } from "./parse-ref-updates.ts";
import { readInput } from "./read-input.ts";

/**
 * Records who pushed what, so that somebody whose version was force-pushed away still counts as an author (T11). The push
 * has happened and cannot be refused any more; a loss is told to the pusher and stands in the server's log.
 */
export async function runPostReceive(context: CliContext): Promise<ExitCode> {
  const { host } = context;
  for (const stream of [host.stdout, host.stderr]) stream.on("error", () => undefined);
  const input = await readInput(context);
  try {
    await record(context, parseRefUpdates(input));
  } catch (error) {
    const text = [
      ...toFailure(error, false).lines,
      LOSS,
      ...input.toString("utf8").slice(0, 4000).split("\n"),
    ];
    for (const line of text) context.host.stderr.write(`${linePrefix(host.env)}${line}\n`);
  }
  return 0;
}

const LOSS =
  "countersign: WARNING: this push landed but was not recorded; whoever wrote a version that is force-pushed away could approve. Tell the server's administrator. The push was:";

async function record({ host }: CliContext, updates: readonly RefUpdate[]): Promise<void> {
  const repository = await openRepository(host.cwd(), toQuarantine(host.env, host.cwd()));
  if ((await readMode(repository, "countersign.postReceive", ["record", "off"])) === "off") return;
  const versions = await keepOnlyCommits(repository, await findVersions(repository, updates));
  if (versions.length === 0) return;
  const lost = await findUnreachable(repository, versions);
  const pusher = findPusher(host.env);
  const at = Math.floor(Date.now() / 1000);
  const records = versions.map((update) => formatPushRecord({ version: 1, ...update, pusher, at }));
  // Objects first: a crash in between leaves a kept version without a record, never a record of what gc then drops.
  await keepVersions(repository, lost);
  await addEvidence(repository, records, PUSHES_REF);
}

/** Updates that make versions of a change: everything but targets, tags, notes and our own refs. */
async function findVersions(
  repository: Repository,
  updates: readonly RefUpdate[],
): Promise<readonly RefUpdate[]> {
  const branch = await defaultBranch(repository);
  const tip = branch === undefined ? undefined : await readRef(repository, branch);
  const reading =
    branch === undefined || tip === undefined
      ? undefined
      : await readPolicy(repository, { base: tip, head: tip, target: branch });
  const policy = reading?.policy ?? { targets: [] };
  return updates.filter(
    ({ ref }) => !/^refs\/(?:tags|notes|countersign)\//i.test(ref) && !isTargetRef(policy, ref, branch),
  );
}

async function keepOnlyCommits(
  repository: Repository,
  updates: readonly RefUpdate[],
): Promise<readonly RefUpdate[]> {
  const ids = updates.flatMap((update) => [update.old, update.new]).filter((id) => !isNullObjectId(id));
  const commits = await filterCommits(repository, [...new Set(ids)]);
  const isKept = (id: ObjectId) => isNullObjectId(id) || commits.has(id);
  return updates.filter((update) => isKept(update.old) && isKept(update.new));
}

/** Old tips that no branch contains any more: a rewrite or a deletion took them away. */
async function findUnreachable(
  repository: Repository,
  updates: readonly RefUpdate[],
): Promise<readonly ObjectId[]> {
  const isReal = (id: ObjectId) => !isNullObjectId(id);
  const olds = updates.map((update) => update.old).filter(isReal);
  if (olds.length === 0) return [];
  const branches = (await listRefs(repository, ["refs/heads"])).map((ref) => ref.id);
  const exclude = [...new Set([...branches, ...updates.map((update) => update.new).filter(isReal)])];
  const lost = new Set(await listCommitIds(repository, { include: [...new Set(olds)], exclude }));
  return olds.filter((id) => lost.has(id));
}
