// SPDX-License-Identifier: Apache-2.0
import type { LoggedProof, ShippedChange, ShippedSignOff } from "../../audit/index.ts";
import { shortId } from "../report-words.ts";
import { formatTime, plural } from "./audit-words.ts";

/** One thing that is known of a change's review. */
export interface ReviewLine {
  readonly tone: "good" | "bad" | "wait" | "quiet";
  /** As outsiders wrote parts of it: not safe to print. */
  readonly text: string;
}

export const REVIEW_MARKS: Readonly<Record<ReviewLine["tone"], string>> = {
  good: "✔",
  bad: "✘",
  wait: "…",
  quiet: "·",
};

/** What anybody does with the entry numbers; the commands that the documentation runs. */
export const HOW_TO_CHECK =
  "One entry is checked by: countersign ledger prove N --out N.tlog-proof; then, on any machine and with nothing else at hand: countersign ledger verify --proof N.tlog-proof --log-key log.vkey. All of them at once: report --bundle FILE, then countersign ledger verify --bundle FILE.";

/** Who reviewed a change and when (UTC), which conditions were met, and which entries of the log prove it; what counted comes first. */
export function describeReview(change: ShippedChange): readonly ReviewLine[] {
  const { signOffs, verdicts, isAssisted } = change;
  const counted = [...signOffs].sort((a, b) => Number(b.counted) - Number(a.counted));
  const nobody: ReviewLine = { tone: isAssisted ? "bad" : "quiet", text: "nobody signed" };
  return [
    ...(counted.length === 0 ? [nobody] : counted.map(toSignOffLine)),
    ...describeVerdict(change),
    ...verdicts.map(({ verdict, at, proof }): ReviewLine => {
      const text = `a gate signed ${verdict} at ${formatTime(at)}; ${describeProof(proof)}`;
      return { tone: verdict === "pass" ? "good" : "bad", text };
    }),
    ...describeRecords(change),
  ];
}

/** Where the log has a piece of evidence. */
export function describeProof(proof: LoggedProof | null): string {
  if (proof === null) return "not in a log";
  return `log entry ${proof.index} of ${formatTime(proof.loggedAt)} UTC${proof.isRedacted ? ", redacted since" : ""}`;
}

function toSignOffLine({
  person,
  role,
  decision,
  counted,
  reason,
  issuedAt,
  proof,
}: ShippedSignOff): ReviewLine {
  const who = person ?? "a key of nobody in the policy";
  const as = role === null || role === person ? "" : ` as ${role}`;
  const not = counted ? "" : `, not counted: ${reason}`;
  const text = `${who} ${DECIDED[decision]}${as} ${formatTime(issuedAt)}${not}; ${describeProof(proof)}`;
  return { tone: counted ? (decision === "approve" ? "good" : "bad") : "quiet", text };
}

const DECIDED = {
  approve: "approved",
  reject: "rejected",
  revoke: "took back",
  override: "overrode",
} as const;

const TONES = {
  pass: "good",
  fail: "bad",
  error: "bad",
  pending: "wait",
  warning: "wait",
  skipped: "quiet",
} as const;

function describeVerdict({
  verdict,
  unjudged,
  policyDigest,
  judgedAt,
  conditions,
}: ShippedChange): readonly ReviewLine[] {
  if (verdict === null) return [{ tone: "wait", text: `not judged: ${unjudged ?? "no policy"}` }];
  const under = `${verdict} under policy ${shortId(policyDigest ?? "")}, as of ${formatTime(judgedAt)} UTC`;
  return [
    ...conditions.map(({ rule, status, reason }) => ({
      tone: TONES[status],
      text: `${rule}: ${status}, ${reason}`,
    })),
    { tone: TONES[verdict === "denied" ? "fail" : verdict], text: under },
  ];
}

function describeRecords({ records }: ShippedChange): readonly ReviewLine[] {
  if (records.length === 0) return [];
  const places = records.map(({ proof }) => describeProof(proof)).slice(0, MOST_RECORDS);
  const rest = records.length - places.length;
  const more = rest > 0 ? `; and ${rest} more` : "";
  return [
    {
      tone: "quiet",
      text: `${plural(records.length, "record")} of who wrote which lines; ${places.join("; ")}${more}`,
    },
  ];
}

const MOST_RECORDS = 5;
