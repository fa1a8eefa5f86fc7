// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { parseInstant } from "@countersign/core/attestation";
import type { ObjectId, Sha256 } from "@countersign/core/ids";
import { type LogTrust, parseVerifierKey } from "@countersign/core/ledger";
import type { FactsProblem, LedgerPolicy, Policy } from "@countersign/core/policy";
import type { Repository } from "@countersign/git";
import { type Ledger, openLedger } from "@countersign/store";
import type { VerifiedReview } from "../read-statements.ts";
import { defaultLedgerPlace, openLedgerSource } from "./open-ledger-source.ts";

/** What the policy's ledger knows of the evidence. */
export interface Inclusion {
  /** When an envelope was logged; null where it is not and has to be, undefined where no log is asked. */
  readonly loggedAt: (envelope: Sha256) => Promise<number | null | undefined>;
  /** Envelopes that restrict somebody and stand in the log, by name: deleting them elsewhere takes nothing back (T36). */
  readonly envelopes: ReadonlyMap<Sha256, Uint8Array>;
  /** Signed statements of who wrote these commits, as the log has them; of those named in `here` the log need not be asked. */
  readonly stated: (
    commits: readonly ObjectId[],
    here: ReadonlySet<Sha256>,
  ) => Promise<readonly LoggedStatement[]>;
  /**
   * Deployments that stand in the log, in its order: each is part of the chain, whoever deleted it elsewhere; and signed assistance
   * statements. Of those named in `here` the log need not be asked. Reads the whole log.
   */
  readonly statements: (here: ReadonlySet<Sha256>) => Promise<LoggedStatements>;
  /** Why the log cannot be relied on, where the policy says that it must be. */
  readonly problems: readonly FactsProblem[];
  /** The same where it need not be. */
  readonly notes: readonly { readonly code: string; readonly message: string }[];
}

/** A statement as the log has it. */
interface LoggedPiece {
  readonly index: number;
  readonly envelope: Sha256;
  /** `redacted`: removed, as the log itself says; `lost`: not beside the log. */
  readonly bytes: Uint8Array | "redacted" | "lost";
}

export type LoggedDeployment = LoggedPiece;

export interface LoggedStatements {
  readonly deployments: readonly LoggedDeployment[];
  readonly assistance: readonly LoggedPiece[];
}

/** What a machine signed of who wrote a commit. */
export interface LoggedStatement extends LoggedPiece {
  readonly commit: ObjectId;
}

export interface InclusionRequest {
  readonly repository: Repository;
  readonly policy: Policy;
  /** Folder of the log, or `ref:` and a ref; default the folder inside the Git directory, or else the mirror. */
  readonly ledgerDir: string | undefined;
  /** Whether a commit is one of the change, in any of its versions: what the log lost of it cannot be told. */
  readonly isOurs: (commit: ObjectId) => boolean;
}

/** Of a policy that names no ledger. */
export const NO_LEDGER: Inclusion = {
  loggedAt: async () => undefined,
  envelopes: new Map(),
  statements: async () => ({ deployments: [], assistance: [] }),
  stated: async () => [],
  problems: [],
  notes: [],
};

/** Asks the ledger that the policy names. What it cannot say is a problem where the policy requires it, and never a yes. */
export async function readInclusion(request: InclusionRequest): Promise<Inclusion> {
  const { ledger: asked } = request.policy;
  if (asked === null) return NO_LEDGER;
  try {
    const ledger = await open(request, asked);
    const { envelopes, problems } = await readRestrictions(ledger, request.isOurs);
    const absent = asked.required ? null : undefined;
    return {
      loggedAt: async (envelope) => {
        const found = await ledger.find(envelope);
        return found === undefined ? absent : parseInstant(found.entry.loggedAt);
      },
      envelopes,
      statements: (here) => readAllStatements(ledger, here),
      stated: (commits, here) => readStatedOf(ledger, commits, here),
      problems,
      notes: [],
    };
  } catch (error) {
    const fault = toFault(error);
    if (fault === undefined) throw error;
    if (!asked.required) return { ...NO_LEDGER, notes: [fault] };
    return { ...NO_LEDGER, loggedAt: async () => null, problems: [{ ...fault, objects: [] }] };
  }
}

/** Reviews with the times at which they were logged. */
export async function withLoggedTimes(
  reviews: readonly VerifiedReview[],
  { loggedAt }: Inclusion,
): Promise<readonly VerifiedReview[]> {
  const timed: VerifiedReview[] = [];
  for (const review of reviews) timed.push({ ...review, loggedAt: await loggedAt(review.envelope) });
  return timed;
}

async function open({ repository, ledgerDir }: InclusionRequest, asked: LedgerPolicy): Promise<Ledger> {
  const memory = join(repository.commonDir, "countersign");
  const trust: LogTrust = {
    log: parseVerifierKey(asked.verifierKey),
    witnesses: asked.witnesses.map(parseVerifierKey),
    quorum: asked.quorum,
  };
  const backend = await openLedgerSource(repository, ledgerDir ?? (await defaultLedgerPlace(repository)));
  return await openLedger({ backend, trust, memory });
}

async function readRestrictions(
  ledger: Ledger,
  isOurs: InclusionRequest["isOurs"],
): Promise<Pick<Inclusion, "envelopes" | "problems">> {
  const envelopes = new Map<Sha256, Uint8Array>();
  const problems: FactsProblem[] = [];
  for await (const { index, entry } of ledger.restrictions()) {
    const bytes = await ledger.object(entry.object);
    if (bytes instanceof Uint8Array) envelopes.set(entry.object, bytes);
    else if (entry.commit !== null && isOurs(entry.commit)) {
      const why = bytes === "redacted" ? "was redacted" : "is not beside the log";
      const message = `the ${entry.kind} of ${entry.commit.slice(0, 12)} that the ledger holds as entry ${index} ${why}, so nobody can tell what it said`;
      problems.push({ code: "ledger-object-missing", message, objects: [entry.commit] });
    }
  }
  return { envelopes, problems };
}

async function readAllStatements(ledger: Ledger, here: ReadonlySet<Sha256>): Promise<LoggedStatements> {
  const found = { deployments: [] as LoggedPiece[], assistance: [] as LoggedPiece[] };
  for await (const { index, entry } of ledger.entries()) {
    const isStated = entry.kind === "assistance" && entry.predicateType !== null;
    if ((!isStated && entry.kind !== "deployment") || here.has(entry.object)) continue;
    const bytes = (await ledger.object(entry.object)) ?? "lost";
    found[isStated ? "assistance" : "deployments"].push({ index, envelope: entry.object, bytes });
  }
  return found;
}

async function readStatedOf(
  ledger: Ledger,
  commits: readonly ObjectId[],
  here: ReadonlySet<Sha256>,
): Promise<readonly LoggedStatement[]> {
  const found: LoggedStatement[] = [];
  for await (const { index, entry } of ledger.statedOf(commits)) {
    const { object: envelope, commit } = entry;
    if (commit === null || here.has(envelope)) continue;
    found.push({ index, envelope, commit, bytes: (await ledger.object(envelope)) ?? "lost" });
  }
  return found;
}

/** Errors of the log itself; whatever else went wrong is none of its doing. */
function toFault(error: unknown): { readonly code: string; readonly message: string } | undefined {
  if (!(error instanceof Error) || (error.name !== "StoreError" && error.name !== "CoreError"))
    return undefined;
  const code = "code" in error ? String(error.code).toLowerCase().replaceAll("_", "-") : "unreadable";
  const advice = "see what is wrong with it: countersign ledger verify";
  return {
    code: code.startsWith("ledger") ? code : `ledger-${code}`,
    message: `the ledger: ${error.message}; ${advice}`,
  };
}
