// SPDX-License-Identifier: Apache-2.0
import {
  CHECK_SCRIPT,
  createPseudonyms,
  gatherBundle,
  gatherReport,
  type LedgerTrust,
  NOTHING_LOGGED,
  openReportLog,
  type ReportLog,
  readMachineEvidence,
  toAttested,
} from "@countersign/audit";
import { type AuditBundle, type AuditReport, formatAuditBundle, pseudonymise } from "@countersign/core/audit";
import type { ObjectId, RefName } from "@countersign/core/ids";
import type { AuditHtmlOptions } from "@countersign/core/render";
import {
  DECIDING_REFS,
  defaultLedgerPlace,
  mirrorRefOf,
  POLICY_PATH,
  readInclusion,
  readPolicyAt,
  readTrustedRoot,
} from "@countersign/gate";
import { fetchedEvidence, LEDGER_REF, type Repository, snapshotRefs } from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import type { TrustFlags } from "../ledger/ledger-flags.ts";
import { readTrust, toLedgerPlace } from "../ledger/ledger-place.ts";
import { openRecorded } from "../open-recorded.ts";
import { VERSION } from "../version.ts";
import { createReportProgress } from "./report-progress.ts";
import { type RangeFlags, type ReportRange, readReportRange, readReportTarget } from "./report-range.ts";
import {
  type ReportFormat,
  type ReportTarget,
  readReportTargets,
  writePieces,
  writeReport,
} from "./write-report.ts";

export type ReportFlags = CommonFlags &
  TrustFlags &
  RangeFlags & {
    readonly format?: ReportFormat;
    readonly write?: readonly string[];
    readonly bundle?: string;
    readonly all: boolean;
    readonly pseudonymous: boolean;
    readonly ledger?: string;
    readonly depth?: number;
    readonly blameSeconds?: number;
  };

const DEFAULT_BLAME_SECONDS = 20;

/** `countersign report`: gathers one value and renders it for every medium that was asked for. */
export async function runReport(context: CliContext, flags: ReportFlags, range?: string): Promise<ExitCode> {
  const targets = readReportTargets(context, flags);
  const place = await readPlace(context, flags);
  const found = await gather(context, flags, place, range);
  const { repository } = place;
  const report = flags.pseudonymous
    ? pseudonymise(found, await createPseudonyms(repository, found, found.head))
    : found;
  const bundle = needsBundle(flags, targets, place.log)
    ? await gatherBundle({ repository, report, evidence: place.evidence, log: place.log ?? null })
    : null;
  if (flags.bundle !== undefined && bundle !== null)
    await writePieces(context, flags.bundle, formatAuditBundle(bundle));
  const proofs = bundle === null || place.log === undefined ? null : toProofs(context, bundle, targets);
  await writeReport(context, report, { proofs, color: flags.color, isWhole: flags.all }, targets);
  return 0;
}

/** What every kind of report begins with. */
interface Place {
  readonly repository: Repository;
  readonly target: RefName;
  readonly evidence: readonly ObjectId[];
  readonly log: ReportLog | undefined;
  readonly ledgerDir: string | undefined;
}

async function readPlace(context: CliContext, flags: ReportFlags): Promise<Place> {
  const repository = await snapshotRefs(
    await openRecorded(context, repoDirectory(context, flags)),
    DECIDING_REFS,
  );
  const target = await readReportTarget(repository, flags.target);
  const ledgerDir = flags.ledger && toLedgerPlace(context, flags.ledger);
  const asked = await readTrust(context, flags);
  const isMirror = mirrorRefOf(ledgerDir ?? (await defaultLedgerPlace(repository))) !== undefined;
  const trust = asked ?? (isMirror ? await readPolicyTrust(repository, target) : undefined);
  // Anybody who can push can make a mirror of a log of their own: by itself it is believed for nobody's word but the policy's.
  if (isMirror && ledgerDir === undefined && trust === undefined) {
    context.warn(`${LEDGER_REF} is not used: nothing says whose log it is; name its key with --log-key`);
    return { repository, target, evidence: await fetchedEvidence(repository), log: undefined, ledgerDir };
  }
  const log = await openReportLog(repository, ledgerDir, trust);
  if (log !== undefined && trust === undefined)
    context.warn("the log was taken at its own word for its key; --log-key says whose word counts");
  return { repository, target, evidence: await fetchedEvidence(repository), log, ledgerDir };
}

async function gather(
  context: CliContext,
  flags: ReportFlags,
  place: Place,
  range: string | undefined,
): Promise<AuditReport> {
  const { repository, target, evidence, log, ledgerDir } = place;
  const depth = readNumber("--depth", flags.depth ?? 1, 1);
  const seconds = readNumber("--blame-seconds", flags.blameSeconds ?? DEFAULT_BLAME_SECONDS, 0);
  const logged = log?.logged ?? NOTHING_LOGGED;
  const attested = toAttested({ target, logged, known: await readKnown(place) });
  const asked: ReportRange = await readReportRange({ repository, target, attested }, flags, range);
  const progress = createReportProgress(context);
  try {
    return await gatherReport({
      repository,
      ...asked,
      target,
      now: Math.floor(Date.now() / 1000),
      evidence,
      depth,
      ledger: log?.about ?? null,
      ledgerDir,
      logged,
      verdicts: attested.verdicts,
      problems: attested.problems,
      stated: attested.stated,
      surviving: seconds === 0 ? null : { elapsed: () => performance.now(), budget: seconds * 1000 },
      progress,
    });
  } finally {
    progress.clear();
  }
}

/** The log that the policy on the tip names, and its witnesses. */
async function readPolicyTrust(repository: Repository, target: RefName): Promise<LedgerTrust | undefined> {
  return (await readTipPolicy(repository, target))?.policy.ledger ?? undefined;
}

async function readTipPolicy(repository: Repository, target: RefName) {
  const tip = repository.snapshot?.refs.find(({ name }) => name === target)?.id;
  if (tip === undefined) return null;
  const { policy } = await readPolicyAt(repository, { commit: tip, path: POLICY_PATH }, target);
  return policy === null ? null : { tip, policy };
}

/** What machines said, by the policy on the tip; null where there is none. */
async function readKnown({ repository, target, evidence, ledgerDir }: Place) {
  const found = await readTipPolicy(repository, target);
  if (found === null) return null;
  const { tip, policy } = found;
  const inclusion = await readInclusion({ repository, policy, ledgerDir, isOurs: () => false });
  const trusted = await readTrustedRoot(repository, tip, policy);
  return await readMachineEvidence({ repository, policy, evidence, inclusion, ...trusted });
}

function needsBundle(
  flags: ReportFlags,
  targets: readonly ReportTarget[],
  log: ReportLog | undefined,
): boolean {
  return flags.bundle !== undefined || (log !== undefined && targets.some(({ format }) => format === "html"));
}

/** A page that no mail carries is of no use: beyond this, the proofs stay in the bundle's own file. */
const MOST_EMBEDDED = 24_000_000;

function toProofs(
  context: CliContext,
  bundle: AuditBundle,
  targets: readonly ReportTarget[],
): AuditHtmlOptions["proofs"] {
  if (!targets.some(({ format }) => format === "html")) return null;
  let text = "";
  for (const piece of formatAuditBundle(bundle)) {
    text += piece;
    if (text.length <= MOST_EMBEDDED) continue;
    context.warn(
      "the proofs are too many for the HTML page; --bundle FILE writes them to a file of their own",
    );
    return null;
  }
  return { bundle: text.trimEnd(), script: CHECK_SCRIPT, version: VERSION };
}

function readNumber(flag: string, value: number, least: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  throw new UsageError(`${flag} is ${value}; expected a number of at least ${least}`);
}
