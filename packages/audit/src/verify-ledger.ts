// SPDX-License-Identifier: Apache-2.0
import {
  isMachineEnvelope,
  parseMachineStatement,
  parseRawStatement,
  parseStoredMachineEnvelope,
  verifyEnvelope,
} from "@countersign/core/attestation";
import { parseAssistanceRecord } from "@countersign/core/attribution";
import { formatLogEntry, type LogEntry, type LogEntryKind, toLogEntry } from "@countersign/core/audit";
import { CoreError } from "@countersign/core/ids";
import { verifyRawSignature } from "@countersign/signing";
import { type Ledger, type LoggedEntry, StoreError } from "@countersign/store";

/** Something in a log that its tree proves, and that is wrong all the same. */
export interface LedgerProblem {
  readonly index: number;
  /** `object-missing`, `object-changed`, `entry-untrue`, `time-backwards` or `redaction-dangling`. */
  readonly code: string;
  readonly message: string;
}

/** What checking a whole log found. */
export interface LedgerAudit {
  readonly kinds: ReadonlyMap<LogEntryKind, number>;
  readonly firstLoggedAt: string | null;
  readonly lastLoggedAt: string | null;
  /** Entries whose objects were removed, as the log says. */
  readonly redacted: number;
  readonly problems: readonly LedgerProblem[];
}

/**
 * Checks every entry of a log, not only that the tree holds it: times never go back, every object is there and is what the
 * entry says of it, signatures included, unless the log says that it was removed. Throws what reading throws where the
 * tree itself is wrong.
 */
export async function verifyLedger(ledger: Ledger, onEntry: () => void = () => {}): Promise<LedgerAudit> {
  const kinds = new Map<LogEntryKind, number>();
  const problems: LedgerProblem[] = [];
  let [first, last]: [string | null, string | null] = [null, null];
  let redacted = 0;
  for await (const { index, entry } of ledger.entries()) {
    kinds.set(entry.kind, (kinds.get(entry.kind) ?? 0) + 1);
    first ??= entry.loggedAt;
    if (last !== null && entry.loggedAt < last) {
      problems.push({
        index,
        code: "time-backwards",
        message: `logged at ${entry.loggedAt}, after an entry of ${last}`,
      });
    }
    last = entry.loggedAt;
    if (entry.redacts !== null) redacted++;
    const problem = await findProblem(ledger, { index, entry });
    if (problem !== undefined) problems.push({ index, ...problem });
    onEntry();
  }
  return { kinds, firstLoggedAt: first, lastLoggedAt: last, redacted, problems };
}

type Finding = Omit<LedgerProblem, "index">;

async function findProblem(
  ledger: Ledger,
  { index, entry }: Pick<LoggedEntry, "index" | "entry">,
): Promise<Finding | undefined> {
  if (entry.redacts !== null && entry.redacts >= index) {
    return {
      code: "redaction-dangling",
      message: `says that entry ${entry.redacts} was removed, which is not in front of it`,
    };
  }
  const bytes = await readObject(ledger, entry);
  if (bytes === "redacted") return undefined;
  if (typeof bytes === "string") return { code: "object-changed", message: bytes };
  if (bytes === undefined) {
    return {
      code: "object-missing",
      message: `${entry.object} is not beside the log, and nothing in the log says that it was removed`,
    };
  }
  return entry.kind === "redaction" ? undefined : findUntruth(entry, bytes);
}

async function readObject(ledger: Ledger, { object }: LogEntry): Promise<Uint8Array | string | undefined> {
  try {
    return await ledger.object(object);
  } catch (error) {
    if (error instanceof StoreError && error.code === "LEDGER_DAMAGED") return error.message;
    throw error;
  }
}

/** The entry as it would be made of the object today; the log's own clock is the one thing it adds. */
function findUntruth(entry: LogEntry, bytes: Uint8Array): Finding | undefined {
  try {
    const expected = formatLogEntry(toEntry(entry, bytes));
    if (Buffer.from(expected).equals(formatLogEntry(entry))) return undefined;
    return {
      code: "entry-untrue",
      message: `says something else of ${entry.object} than the object itself does`,
    };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return {
      code: "entry-untrue",
      message: `is about ${entry.object}, which is no sound evidence: ${error.message}`,
    };
  }
}

/**
 * A machine's key stands in a policy, which a log does not hold: who verifies a whole audit has the policy, and a bundle
 * carries it. Here the envelope has to be sound and to say what the entry says; whom a certificate names stays as logged.
 */
function toMachineEntry({ object, loggedAt, signer }: LogEntry, bytes: Uint8Array): LogEntry {
  const envelope = parseStoredMachineEnvelope(bytes);
  const said = parseMachineStatement(parseRawStatement(envelope.payload));
  const isKey = envelope.kind === "ed25519";
  const named = isKey ? envelope : ({ kind: "sigstore", issuer: "", subject: "" } as const);
  const entry = toLogEntry({ type: "machine", object, said, signer: named }, loggedAt);
  return isKey ? entry : { ...entry, signer };
}

function toEntry(entry: LogEntry, bytes: Uint8Array): LogEntry {
  const { object, loggedAt } = entry;
  if (isMachineEnvelope(bytes)) return toMachineEntry(entry, bytes);
  if (entry.kind === "assistance") {
    return toLogEntry({ type: "record", object, record: parseAssistanceRecord(bytes) }, loggedAt);
  }
  return toLogEntry({ type: "envelope", envelope: verifyEnvelope(bytes, verifyRawSignature) }, loggedAt);
}
