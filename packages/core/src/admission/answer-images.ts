// SPDX-License-Identifier: Apache-2.0
import type { DeployedArtifact } from "../attestation/index.ts";
import type { DeployReport } from "../audit/index.ts";
import { displayText } from "../render/index.ts";
import type { AdmissionAnswer, AdmissionVerdict } from "./admission-answer.ts";

/** What `deploy check` says of one image. */
export interface ImageReport {
  readonly artifact: DeployedArtifact;
  readonly report: DeployReport;
}

export interface ImagesJudged {
  readonly environment: string;
  readonly reports: readonly ImageReport[];
  readonly foreign: readonly string[];
  /** Why an image cannot be judged, or the object not be understood. */
  readonly problems: readonly string[];
}

/** Worst first: what could not be told is worse than a no, as in `deploy check`. */
const ORDER = ["error", "denied", "pending", "override", "pass"] as const;
const MOST_REASONS = 6;

/** One answer about an object: the worst of its images decides. */
export function answerImages({ environment, reports, foreign, problems }: ImagesJudged): AdmissionAnswer {
  const found = new Set<AdmissionVerdict>(reports.map(({ report }) => report.verdict));
  if (problems.length > 0) found.add("denied");
  if (found.size === 0)
    return {
      verdict: "nothing-new",
      reasons: [],
      warnings: [],
      annotations: toForeign(environment, foreign),
    };
  const verdict = ORDER.find((one) => found.has(one)) ?? "error";
  const against = reports.flatMap((one) => toReasons(one, ["error", "fail", "pending"]));
  const commits = [...new Set(reports.flatMap(({ report }) => report.commit ?? []))];
  const policies = [...new Set(reports.flatMap(({ report }) => report.policyDigest ?? []))];
  return {
    verdict,
    reasons: verdict === "pass" || verdict === "override" ? [] : [...problems, ...against].map(safe),
    warnings: [
      ...(verdict === "override"
        ? [`countersign: let into ${environment} by break-glass; it must be reviewed`]
        : []),
      ...reports.flatMap((one) => toReasons(one, ["warning"])).map((line) => safe(`countersign: ${line}`)),
    ],
    annotations: {
      ...toForeign(environment, foreign),
      images: reports.map(({ artifact }) => nameOf(artifact)).join(" "),
      commit: commits.join(" "),
      "policy-digest": policies.join(" "),
      rules: [...new Set(reports.flatMap(rulesAgainst))].join(" "),
    },
  };
}

/** Let in without a look, and said so: the gate must be able to start itself. */
export function answerExempt(namespace: string): AdmissionAnswer {
  return { verdict: "exempt", reasons: [], warnings: [], annotations: { namespace: safe(namespace) } };
}

function toForeign(environment: string, foreign: readonly string[]): Readonly<Record<string, string>> {
  return { environment, ...(foreign.length > 0 && { "not-judged": safe(foreign.join(" ")) }) };
}

function toReasons({ artifact, report }: ImageReport, statuses: readonly string[]): readonly string[] {
  const own = report.findings.filter(({ status }) => statuses.includes(status)).slice(0, MOST_REASONS);
  return own.map(({ rule, reason }) => `${nameOf(artifact)}: ${rule}: ${reason}`);
}

function rulesAgainst({ report }: ImageReport): readonly string[] {
  return report.findings
    .filter(({ status }) => ["error", "fail", "pending"].includes(status))
    .map(({ rule }) => rule);
}

function nameOf({ name, digest }: DeployedArtifact): string {
  return `${name}@sha256:${digest.sha256.slice(0, 12)}…`;
}

function safe(text: string): string {
  return displayText(text, 1000);
}
