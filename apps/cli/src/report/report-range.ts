// SPDX-License-Identifier: Apache-2.0
import { type Attested, type Delivered, findDelivered } from "@countersign/audit";
import { formatInstant } from "@countersign/core/attestation";
import type { ReportedDeployment, ReportScope } from "@countersign/core/audit";
import { type ObjectId, parseRefName, type RefName } from "@countersign/core/ids";
import { findDuration, findMoment } from "@countersign/core/policy";
import type { Warning } from "@countersign/core/trailers";
import { defaultBranch, type Repository, resolveCommit } from "@countersign/git";
import { UsageError } from "../exit-code.ts";

/** What a report is about. */
export interface ReportRange {
  readonly scope: ReportScope;
  readonly base: ObjectId | null;
  readonly head: ObjectId;
  readonly deployments: readonly ReportedDeployment[];
  readonly deployedAt?: (head: ObjectId) => string | null;
  readonly notes: readonly Warning[];
}

export type RangeFlags = {
  readonly base?: string;
  readonly head?: string;
  readonly target?: string;
  readonly environment?: string;
  readonly from?: string;
  readonly to?: string;
  readonly incident?: string;
  readonly window?: string;
};

interface RangePlace {
  readonly repository: Repository;
  readonly target: RefName;
  readonly attested: Attested;
}

/** `A..B`, --base and --head, an environment's span, or the time before an incident; throws UsageError for none, or two of them. */
export async function readReportRange(
  place: RangePlace,
  flags: RangeFlags,
  range: string | undefined,
): Promise<ReportRange> {
  const isDelivery = flags.environment !== undefined || flags.incident !== undefined;
  const isRange = range !== undefined || flags.base !== undefined || flags.head !== undefined;
  if (isDelivery && isRange)
    throw new UsageError(
      "a range of commits and --environment or --incident are two questions; ask one of them",
    );
  if (flags.incident !== undefined) return readIncident(place, flags, flags.incident);
  if (flags.window !== undefined) throw new UsageError("--window needs --incident");
  if (flags.environment !== undefined) return readEnvironment(place, flags, flags.environment);
  if (flags.from !== undefined || flags.to !== undefined)
    throw new UsageError("--from and --to need --environment, for example --environment production");
  return readCommitRange(place, flags, range);
}

async function readCommitRange(
  { repository, target, attested }: RangePlace,
  flags: RangeFlags,
  range: string | undefined,
): Promise<ReportRange> {
  const [from, to] = splitRange(flags, range);
  const head = await requireCommit(repository, to ?? target, to === undefined ? "--target" : "the end");
  const base = from === undefined ? null : await requireCommit(repository, from, "the beginning");
  const scope: ReportScope = { kind: "range", from: from ?? "the first commit", to: to ?? target };
  // Every delivery is told of: whether what landed also shipped is the next question.
  return { scope, base, head, deployments: attested.deployments, notes: [] };
}

async function readEnvironment(
  place: RangePlace,
  flags: RangeFlags,
  environment: string,
): Promise<ReportRange> {
  if (flags.window !== undefined) throw new UsageError("--window needs --incident");
  const from = flags.from === undefined ? null : readMoment("--from", flags.from, false);
  const until = flags.to === undefined ? null : readMoment("--to", flags.to, false);
  const scope: ReportScope = { kind: "environment", environment, from, until };
  requireBranch(place, flags, environment);
  return toDelivered(place, scope, environment, { from, until });
}

const DEFAULT_ENVIRONMENT = "production";
const DEFAULT_WINDOW = "24h";

/** The second in which it happened counts: what went out in it may be the cause. */
async function readIncident(place: RangePlace, flags: RangeFlags, incident: string): Promise<ReportRange> {
  if (flags.from !== undefined || flags.to !== undefined)
    throw new UsageError("--incident takes --window, not --from and --to");
  const at = requireMoment("--incident", incident);
  const seconds = findDuration(flags.window ?? DEFAULT_WINDOW);
  if (seconds === undefined)
    throw new UsageError(`--window ${JSON.stringify(flags.window)}: expected a span such as 24h, 90m or 7d`);
  const environment = flags.environment ?? DEFAULT_ENVIRONMENT;
  const span = { from: formatInstant(Math.max(0, at - seconds)), until: formatInstant(at + 1) };
  const scope: ReportScope = { kind: "incident", environment, at: formatInstant(at), windowSeconds: seconds };
  requireBranch(place, flags, environment);
  return toDelivered(place, scope, environment, span);
}

/**
 * Whoever asks after an incident may stand on any branch: that nothing went out from this one is no answer where everything goes out from
 * another.
 */
function requireBranch({ target, attested }: RangePlace, flags: RangeFlags, environment: string): void {
  if (flags.target !== undefined) return;
  if (attested.deployments.some((one) => one.environment === environment)) return;
  const [other] = attested.elsewhere.get(environment) ?? [];
  if (other !== undefined)
    throw new UsageError(
      `nothing was delivered to ${environment} from ${target}, where HEAD is; deliveries come from ${other}: --target ${other}`,
    );
}

async function toDelivered(
  { repository, target, attested }: RangePlace,
  scope: ReportScope,
  environment: string,
  span: Parameters<typeof findDelivered>[3],
): Promise<ReportRange> {
  const delivered: Delivered = await findDelivered(repository, attested.deployments, environment, span);
  const { base, deployments, deployedAt, notes } = delivered;
  // Where nothing ever went anywhere, there is nothing to go through.
  const head = delivered.head ?? (await requireCommit(repository, target, "--target"));
  return { scope, base: delivered.head === null ? head : base, head, deployments, deployedAt, notes };
}

function readMoment(flag: string, text: string, isEnd: boolean): string {
  return formatInstant(requireMoment(flag, text, isEnd));
}

function requireMoment(flag: string, text: string, isEnd = false): number {
  const at = findMoment(text, isEnd);
  if (at !== undefined) return at;
  throw new UsageError(
    `${flag} ${JSON.stringify(text)}: expected a time with its zone or a day, such as 2026-03-01T12:00:00Z or 2026-03-01`,
  );
}

/** The branch whose history is meant; a detached HEAD names none. */
export async function readReportTarget(repository: Repository, flag: string | undefined): Promise<RefName> {
  if (flag !== undefined) return parseRefName(flag);
  const branch = await defaultBranch(repository);
  if (branch !== undefined) return branch;
  throw new UsageError(
    "HEAD names no branch here; expected --target with a full ref, for example --target refs/heads/main",
  );
}

function splitRange(
  { base, head }: RangeFlags,
  range: string | undefined,
): readonly [string | undefined, string | undefined] {
  if (range === undefined) return [base, head];
  if (base !== undefined || head !== undefined)
    throw new UsageError(`"${range}" and --base or --head say the same twice; leave one of them out`);
  const [, from, to] = /^(.*?[^.])\.\.([^.].*)$/s.exec(range) ?? [];
  if (from === undefined || to === undefined)
    throw new UsageError(`"${range}" is no range; expected A..B, for example v1.0..v2.0`);
  return [from, to];
}

async function requireCommit(repository: Repository, revision: string, what: string): Promise<ObjectId> {
  const id = await resolveCommit(repository, revision);
  if (id !== undefined) return id;
  throw new UsageError(
    `${what} ${JSON.stringify(revision)} names no commit here; expected a tag, a branch or a commit id (is it fetched?)`,
  );
}
