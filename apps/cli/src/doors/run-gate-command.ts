// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Contributor } from "@countersign/core/policy";
import {
  formatCodeQuality,
  formatGithubAnnotations,
  formatJsonReport,
  formatMarkdownReport,
  formatSarif,
  formatTerminalReport,
  type GateReport,
} from "@countersign/core/render";
import { DECIDING_REFS, runGate } from "@countersign/gate";
import { fetchedEvidence, snapshotRefs } from "@countersign/git";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { toLedgerPlace } from "../ledger/ledger-place.ts";
import { openRecorded } from "../open-recorded.ts";
import { VERSION } from "../version.ts";
import { attestVerdict, readAttestKey } from "./attest-verdict.ts";
import { type ChangeFlags, readChangeFlags, requireCommit } from "./change-flags.ts";

export const GATE_FORMATS = ["terminal", "json", "markdown", "github", "gitlab", "sarif"] as const;
export type GateFormat = (typeof GATE_FORMATS)[number];

export type GateFlags = CommonFlags &
  ChangeFlags & {
    readonly format?: GateFormat;
    readonly write?: readonly string[];
    readonly landing: boolean;
    readonly branch?: string;
    readonly version?: readonly string[];
    readonly opener?: readonly string[];
    readonly pusher?: readonly string[];
    readonly description?: string;
    readonly ledger?: string;
    readonly attest: boolean;
    readonly machineKey?: string;
    readonly vsa: boolean;
  };

export const VERDICT_EXIT: Readonly<Record<GateReport["verdict"], ExitCode>> = {
  pass: 0,
  pending: 1,
  denied: 1,
  error: 3,
};

/** `countersign gate`: gathers, evaluates, renders; the exit code is the verdict. */
export async function runGateCommand(context: CliContext, flags: GateFlags): Promise<ExitCode> {
  const repository = await snapshotRefs(
    await openRecorded(context, repoDirectory(context, flags)),
    DECIDING_REFS,
  );
  const change = await readChangeFlags(repository, flags);
  // Before the gate's work: a key that cannot be read would waste it.
  const key = await readAttestKey(context, flags);
  const versions = await Promise.all(
    (flags.version ?? []).map((id) => requireCommit(repository, "--version", id)),
  );
  const report = await runGate({
    repository,
    ...change,
    evaluatedAt: Math.floor(Date.now() / 1000),
    isLanding: flags.landing,
    branchNames: flags.branch === undefined ? [] : [flags.branch],
    versions,
    contributors: [
      ...toContributors(flags.opener ?? [], "opener"),
      ...toContributors(flags.pusher ?? [], "pusher"),
    ],
    description: await readDescription(context, flags),
    evidence: await fetchedEvidence(repository),
    ...(flags.ledger === undefined ? {} : { ledgerDir: toLedgerPlace(context, flags.ledger) }),
  });
  // Decided before anything is printed: whoever stops reading changes no verdict.
  context.outcome.exitCode = VERDICT_EXIT[report.verdict];
  if (key !== undefined) await attestVerdict(context, repository, report, { key, withSummary: flags.vsa });
  for (const target of flags.write ?? []) await writeReport(context, report, target);
  await context.output.write(
    renderReport(context, report, flags.format ?? (flags.json ? "json" : "terminal"), flags.color),
  );
  return VERDICT_EXIT[report.verdict];
}

/** Renders the one value for one medium; every renderer ends in a line end. */
export function renderReport(
  context: CliContext,
  report: GateReport,
  format: GateFormat,
  color: boolean | undefined,
): string {
  switch (format) {
    case "json":
      return formatJsonReport(report);
    case "markdown":
      return formatMarkdownReport(report);
    case "github":
      return formatGithubAnnotations(report);
    case "gitlab":
      return formatCodeQuality(report);
    case "sarif":
      return formatSarif(report, VERSION);
    default:
      return formatTerminalReport(report, { palette: paletteOf(context, color), width: widthOf(context) });
  }
}

/** `--write sarif=FILE`: one gate run feeds every door of a pipeline. */
async function writeReport(context: CliContext, report: GateReport, target: string): Promise<void> {
  const at = target.indexOf("=");
  const format = GATE_FORMATS.find((known) => known === target.slice(0, at));
  if (format === undefined || at === target.length - 1) {
    throw new UsageError(
      `--write ${JSON.stringify(target)}: expected FORMAT=FILE with one of ${GATE_FORMATS.join(", ")}, for example --write sarif=gate.sarif`,
    );
  }
  const path = resolve(context.host.cwd(), target.slice(at + 1));
  const isAppended = format === "markdown" && path === context.host.env.GITHUB_STEP_SUMMARY;
  await writeFile(path, renderReport(context, report, format, false), { flag: isAppended ? "a" : "w" });
}

const IDENTITY = /^(.*?)\s*<([^<>]*)>$/s;

/** `--opener "Name <mail>"` or `--opener login`: who opened or pushed it, as the forge says. */
function toContributors(values: readonly string[], part: "opener" | "pusher"): readonly Contributor[] {
  return values.map((value) => {
    const [, name, email] = IDENTITY.exec(value) ?? [];
    const isMail = email !== undefined || value.includes("@");
    const identity = isMail ? { name: name ?? "", email: email ?? value } : { name: "", email: "" };
    return { identity, login: isMail ? null : value, as: [part], isService: false, commits: [] };
  });
}

async function readDescription(context: CliContext, flags: GateFlags): Promise<string | null> {
  if (flags.description === undefined) return null;
  const path = resolve(context.host.cwd(), flags.description);
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new UsageError(
      `--description ${flags.description} cannot be read; expected a file with the text of the pull request`,
      { cause },
    );
  }
}
