// SPDX-License-Identifier: Apache-2.0
import type { AuditReport, ChangeRows, ReportedDeployment } from "./audit-report.ts";
import type { GapGroup } from "./find-gaps.ts";
import type { ShippedChange, ShippedInfrastructure, ShippedSignOff } from "./shipped-change.ts";

/** How people are called in an export. */
export interface Pseudonyms {
  /** The same name for everything that is known of one person: principal id, e-mail, name. */
  readonly nameOf: (known: string) => string;
  /** Names, e-mails and ids of people that may stand in free text. */
  readonly known: readonly string[];
}

/** Shorter ones would be found in the middle of everything. */
const SHORTEST = 3;

/**
 * The report with people under other names, free text included. What signers wrote beside their statements is left out. Commit ids stay, since
 * every proof is about them: who has the repository can look up who made a commit.
 */
export function pseudonymise(report: AuditReport, pseudonyms: Pseudonyms): AuditReport {
  const clean = createCleaner(pseudonyms, listRules(report));
  const person = (known: string | null) => (known === null ? null : pseudonyms.nameOf(known));
  return {
    ...report,
    isPseudonymous: true,
    changes: mapRows(report.changes, (change) => cleanChange(change, clean, person)),
    gaps: report.gaps.map((group) => cleanGap(group, clean)),
    deployments: report.deployments.map((deployment) => cleanDeployment(deployment, clean)),
    totals: {
      ...report.totals,
      reviewers: report.totals.reviewers
        .map((row) => ({ ...row, person: pseudonyms.nameOf(row.person) }))
        .sort((a, b) => b.approvals - a.approvals || (a.person < b.person ? -1 : 1)),
    },
    notes: report.notes.map(({ code, message }) => ({ code, message: clean(message) })),
  };
}

function listRules({ changes }: AuditReport): ReadonlySet<string> {
  const rules = new Set<string>();
  for (const { conditions } of changes) for (const { rule } of conditions) rules.add(rule);
  return rules;
}

/** Row by row, each time that somebody goes through them: all at once they may be more than memory should hold. */
function mapRows(rows: ChangeRows, map: (change: ShippedChange) => ShippedChange): ChangeRows {
  return {
    length: rows.length,
    *[Symbol.iterator]() {
      for (const row of rows) yield map(row);
    },
  };
}

type Clean = (text: string) => string;

/** A rule may be called as a role, and a role as a person: `senior-sign-off` stays what it is. */
function createCleaner({ known, nameOf }: Pseudonyms, rules: ReadonlySet<string>): Clean {
  const names = [...new Set(known)].filter((name) => name.length >= SHORTEST);
  if (names.length === 0) return (text) => text;
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${[...rules, ...names].sort(byLength).map(toPattern).join("|")})(?![\\p{L}\\p{N}])`,
    "giu",
  );
  const spelled = new Map(names.map((name) => [name.toLowerCase(), name]));
  return (text) =>
    text.replace(pattern, (found) => {
      const name = spelled.get(found.toLowerCase());
      return name === undefined ? found : nameOf(name);
    });
}

function byLength(a: string, b: string): number {
  return b.length - a.length;
}

function toPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function cleanChange(
  change: ShippedChange,
  clean: Clean,
  person: (known: string | null) => string | null,
): ShippedChange {
  const { email, name } = change.author;
  return {
    ...change,
    title: clean(change.title),
    author: { name: person(email === "" ? name : email) ?? "", email: "" },
    unjudged: change.unjudged === null ? null : clean(change.unjudged),
    infrastructure: change.infrastructure.map((group) => cleanInfrastructure(group, clean)),
    conditions: change.conditions.map((one) => ({ ...one, reason: clean(one.reason) })),
    signOffs: change.signOffs.map((one) => cleanSignOff(one, clean, person)),
    recorderGaps: change.recorderGaps.map(({ code, message }) => ({ code, message: clean(message) })),
  };
}

/** Resources are called after people, too: `aws_iam_user.alice`. */
function cleanInfrastructure(group: ShippedInfrastructure, clean: Clean): ShippedInfrastructure {
  const dangers = group.dangers.map(({ resource, path, reason, ...rest }) => ({
    ...rest,
    resource: clean(resource),
    path: clean(path),
    reason: clean(reason),
  }));
  return { ...group, dangers };
}

function cleanSignOff(
  signOff: ShippedSignOff,
  clean: Clean,
  person: (known: string | null) => string | null,
): ShippedSignOff {
  return { ...signOff, person: person(signOff.person), reason: clean(signOff.reason), comment: null };
}

function cleanGap(group: GapGroup, clean: Clean): GapGroup {
  const items = group.items.map((item) => ({
    ...item,
    title: clean(item.title),
    reason: clean(item.reason),
  }));
  return { ...group, items };
}

function cleanDeployment(deployment: ReportedDeployment, clean: Clean): ReportedDeployment {
  const { pipeline, problem } = deployment;
  return {
    ...deployment,
    pipeline: pipeline === null ? null : clean(pipeline),
    problem: problem === null ? null : clean(problem),
  };
}
