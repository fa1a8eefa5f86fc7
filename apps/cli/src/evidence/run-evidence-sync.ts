// SPDX-License-Identifier: Apache-2.0
import { displayText, formatSafeJson } from "@countersign/core/render";
import {
  type EvidenceWrite,
  fetchEvidence,
  fetchedEvidence,
  fetchMirror,
  findUnshared,
  mergeEvidence,
  openRepository,
  pushEvidence,
  pushMirror,
  pushShared,
  type Repository,
  SHARED_NOTES,
  SHARED_RECORDS,
} from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import type { ExitCode } from "../exit-code.ts";
import { chooseRemote } from "./read-evidence.ts";

export async function runEvidenceFetch(
  context: CliContext,
  flags: CommonFlags,
  named?: string,
): Promise<ExitCode> {
  return await sync(context, flags, named, { act: fetchEvidence, mirror: fetchMirror, word: "fetched from" });
}

/** Fetches and unites before it pushes, so nothing that the remote has is ever lost. */
export async function runEvidencePush(
  context: CliContext,
  flags: CommonFlags,
  named?: string,
): Promise<ExitCode> {
  return await sync(context, flags, named, { act: pushEvidence, mirror: pushMirror, word: "in step with" });
}

interface Sync {
  readonly act: (repository: Repository, remote: string) => Promise<EvidenceWrite>;
  /** The same for the mirror of a ledger, which moves forward only. */
  readonly mirror: (repository: Repository, remote: string) => Promise<void>;
  readonly word: string;
}

async function sync(
  context: CliContext,
  flags: CommonFlags,
  named: string | undefined,
  { act, mirror, word }: Sync,
): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  const remote = await chooseRemote(repository, named);
  // What `git fetch` brought by itself goes along.
  for (const tip of await fetchedEvidence(repository)) await mergeEvidence(repository, tip);
  const { tip, added, problems } = await act(repository, remote);
  if (act === pushEvidence) await pushRecords(repository, remote);
  // After the evidence: whatever is wrong with the mirror, sign-offs travel.
  await mirror(repository, remote);
  if (flags.json) {
    await context.output.write(`${formatSafeJson({ remote, tip: tip ?? null, added, problems })}\n`);
    return 0;
  }
  const state =
    tip === undefined ? "there is no evidence yet" : `${added} new here, the set is at ${tip.slice(0, 12)}`;
  await context.output.write(`${word} ${displayText(remote)}: ${state}\n`);
  for (const { message } of problems) context.warn(`left behind: ${message}`);
  return 0;
}

/** What recorders know goes along: a sign-off of lines that nobody can look up says little. */
async function pushRecords(repository: Repository, remote: string): Promise<void> {
  const unshared = await findUnshared(repository, remote, [SHARED_RECORDS, SHARED_NOTES]);
  if (unshared.length > 0) await pushShared(repository, remote, unshared);
}
