// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, type ObjectId, type RefName } from "@countersign/core/ids";
import { isTargetRef, type Policy } from "@countersign/core/policy";
import { displayText, type GateReport, nextCommand } from "@countersign/core/render";
import { readPolicy, runGate } from "@countersign/gate";
import {
  compareMirrors,
  fetchedEvidence,
  filterCommits,
  findUnshared,
  openRepository,
  pushMirror,
  pushShared,
  type Repository,
  readSetting,
  SHARED_EVIDENCE,
  SHARED_NOTES,
  SHARED_RECORDS,
} from "@countersign/git";
import { flushPresence } from "@countersign/recorder";
import type { CliContext } from "../cli-context.ts";
import type { ExitCode } from "../exit-code.ts";
import { toFailure } from "../report-failure.ts";
import { toQuarantine } from "./hook-environment.ts";
import { readMode } from "./hook-settings.ts";
import { type Pushed, parsePushedRefs } from "./parse-pushed-refs.ts";
import { readInput } from "./read-input.ts";
import { findRemoteTargets, type RemoteTarget } from "./remote-targets.ts";
import { startWatchdog } from "./watchdog.ts";

/** `git push --all` must not run the gate for every branch there is. */
const MOST_JUDGED = 8;
const SECONDS = 30;

/** Says before a push what the gate will say after it. Without network, and never in the way unless asked to be. */
export async function runPrePush(context: CliContext, _flags: object, remote = "origin"): Promise<ExitCode> {
  // Set for every git that we start ourselves: whatever they push, this hook is not run again.
  if ((context.host.env.COUNTERSIGN_IN_HOOK ?? "") !== "") return 0;
  context.host.env.COUNTERSIGN_IN_HOOK = "1";
  startWatchdog({
    seconds: SECONDS,
    message: `countersign: no answer after ${SECONDS} s; the push goes on without advice`,
  });
  try {
    return await advise(context, remote);
  } catch (error) {
    for (const line of toFailure(error, false).lines) context.host.stderr.write(`${line}\n`);
    context.warn("the push goes on without advice");
    return 0;
  }
}

async function advise(context: CliContext, remote: string): Promise<ExitCode> {
  const cwd = context.host.cwd();
  const { GIT_DIR } = toQuarantine(context.host.env, cwd);
  const repository = await openRepository(cwd, GIT_DIR === undefined ? {} : { GIT_DIR });
  const mode = await readMode(repository, "countersign.prePush", ["advise", "block", "off"]);
  const pushed = parsePushedRefs(await readInput(context));
  if (mode === "off") return 0;
  const reports = await judge(context, repository, { remote, pushed });
  await shareEvidence(context, repository, { remote, pushed });
  const isHeld = reports.some(({ verdict }) => verdict !== "pass");
  if (mode === "advise" || !isHeld) return 0;
  context.warn("not pushed (countersign.prePush is block); git push --no-verify pushes all the same");
  // The installed hook waits for this word; an exit code alone could be a crash.
  await context.output.write("refused\n");
  return 1;
}

interface Push {
  readonly remote: string;
  readonly pushed: readonly Pushed[];
}

async function judge(
  context: CliContext,
  repository: Repository,
  { remote, pushed }: Push,
): Promise<readonly GateReport[]> {
  const branches = pushed.filter(({ ref, local }) => ref.startsWith("refs/heads/") && !isNullObjectId(local));
  const targets = await findRemoteTargets(repository, remote);
  const main = targets.main;
  if (main === undefined || branches.length === 0) return [];
  const { policy } = await readPolicy(repository, { base: main.tip, head: main.tip, target: main.ref });
  // Without a policy here there is nothing to advise on; the server's own gate says what that means there.
  if (policy === null) return [];
  const reports: GateReport[] = [];
  for (const update of branches.slice(0, MOST_JUDGED)) {
    const report = await judgeOne(repository, update, { policy, main, tips: targets.tips });
    if (report !== undefined) say(context, update.ref, report);
    if (report !== undefined) reports.push(report);
  }
  if (branches.length > MOST_JUDGED)
    context.warn(`${branches.length - MOST_JUDGED} more branches were not looked at`);
  return reports;
}

interface Known {
  readonly policy: Policy;
  readonly main: RemoteTarget;
  readonly tips: ReadonlyMap<RefName, ObjectId>;
}

async function judgeOne(
  repository: Repository,
  update: Pushed,
  { policy, main, tips }: Known,
): Promise<GateReport | undefined> {
  const isLanding = isTargetRef(policy, update.ref, main.ref);
  const base = isLanding ? await findBase(repository, update, tips.get(update.ref) ?? main.tip) : main.tip;
  return await runGate({
    repository,
    base,
    head: update.local,
    target: isLanding ? update.ref : main.ref,
    evaluatedAt: Math.floor(Date.now() / 1000),
    isLanding,
    branchNames: isLanding ? [] : [update.ref.slice("refs/heads/".length)],
    versions: [],
    contributors: [],
    description: null,
    evidence: await fetchedEvidence(repository),
  });
}

/** Git names the tip that the remote has now; where it was not fetched, what was fetched last has to do. */
async function findBase(repository: Repository, { remote }: Pushed, fallback: ObjectId): Promise<ObjectId> {
  if (isNullObjectId(remote)) return fallback;
  return (await filterCommits(repository, [remote])).has(remote) ? remote : fallback;
}

function say(context: CliContext, ref: RefName, report: GateReport): void {
  const open = report.findings.filter(({ status }) => status !== "pass" && status !== "skipped");
  const where =
    ref === report.target ? displayText(ref) : `${displayText(ref)} → ${displayText(report.target)}`;
  context.warn(`${where}: ${report.verdict}`);
  for (const { rule, reason } of open.slice(0, 4))
    context.warn(`  ${displayText(rule, 80)}: ${displayText(reason, 400)}`);
  const next = nextCommand(report);
  if (next !== null) context.host.stderr.write(`countersign:   next: ${next}\n`);
}

const SHARED = [SHARED_EVIDENCE, SHARED_RECORDS, SHARED_NOTES];

/**
 * Sign-offs and records that stay at home help nobody; they go first, so that the push they belong to finds them there. What
 * the recorder saw of commits without any AI becomes a record only now: no commit had to wait for that.
 */
async function shareEvidence(
  context: CliContext,
  repository: Repository,
  { remote, pushed }: Push,
): Promise<void> {
  const setting = (await readSetting(repository, "countersign.pushEvidence"))?.toLowerCase() ?? "true";
  const isWanted = setting !== "false" && setting !== "no" && setting !== "0";
  const isAlready = pushed.some(({ ref }) => ref.startsWith("refs/countersign/"));
  if (!isWanted || isAlready || pushed.length === 0) return;
  try {
    await flushPresence(repository);
    const unshared = await findUnshared(repository, remote, SHARED);
    if (unshared.length > 0) {
      await pushShared(repository, remote, unshared);
      context.warn(`new evidence was pushed to ${remote} first`);
    }
    if ((await compareMirrors(repository, remote)) !== "ahead") return;
    await pushMirror(repository, remote);
    context.warn(`the mirror of the ledger was pushed to ${remote} first`);
  } catch (error) {
    for (const line of toFailure(error, false).lines) context.host.stderr.write(`${line}\n`);
    context.warn("your evidence was not pushed; later: countersign evidence push");
  }
}
