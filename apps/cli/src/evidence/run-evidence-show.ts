// SPDX-License-Identifier: Apache-2.0
import {
  isMachineEnvelope,
  parseEnvelope,
  parseMachineEnvelope,
  parseRawStatement,
} from "@countersign/core/attestation";
import { CoreError } from "@countersign/core/ids";
import { displayText, formatSafeJson } from "@countersign/core/render";
import { openRepository } from "@countersign/git";
import { type CliContext, paletteOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { type EvidenceRow, toEvidenceRow } from "./evidence-row.ts";
import { readAllEvidence, readNamingPolicy } from "./read-evidence.ts";

const SHORTEST = 8;

/** One statement, whole, with what its signature proves. Exit code 1 where it proves nothing. */
export async function runEvidenceShow(
  context: CliContext,
  flags: CommonFlags,
  name: string,
): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  const { envelopes } = await readAllEvidence(repository);
  const [envelope, bytes] = findOne(envelopes, name);
  const row = toEvidenceRow(envelope, bytes, await readNamingPolicy(repository));
  const statement = readStatement(bytes);
  if (flags.json) await context.output.write(`${formatSafeJson({ ...row, statement })}\n`);
  else await context.output.write(formatShown(context, flags, row, statement));
  return row.problem === null && !isUnknownMachine(row) ? 0 : 1;
}

function isUnknownMachine(row: EvidenceRow): boolean {
  return row.kind === "machine" && row.principal === null;
}

function findOne(envelopes: ReadonlyMap<string, Uint8Array>, name: string): readonly [string, Uint8Array] {
  if (!/^[0-9a-f]{8,64}$/.test(name)) {
    throw new UsageError(
      `${JSON.stringify(name)} is no piece of evidence; expected at least ${SHORTEST} characters of its name, as countersign evidence list prints it`,
    );
  }
  const found = [...envelopes].filter(([envelope]) => envelope.startsWith(name));
  const [only] = found;
  if (only === undefined)
    throw new UsageError(`no evidence ${name} in this clone; fetch it: countersign evidence fetch`);
  if (found.length > 1)
    throw new UsageError(`${name} could be ${found.length} pieces of evidence; give more characters`);
  return only;
}

/** The statement as it was signed, also where the signature does not hold: to see what somebody tried. */
function readStatement(bytes: Uint8Array): unknown {
  try {
    const envelope = isMachineEnvelope(bytes) ? parseMachineEnvelope(bytes) : parseEnvelope(bytes);
    return parseRawStatement(envelope.payload);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return null;
  }
}

function formatShown(context: CliContext, flags: CommonFlags, row: EvidenceRow, statement: unknown): string {
  const palette = paletteOf(context, flags.color);
  const who = row.principal === null ? "nobody in the policy at HEAD" : displayText(row.principal);
  const verdict = isUnknownMachine(row)
    ? "? signed by a machine that the policy at HEAD does not know, so nothing can be checked"
    : row.problem === null
      ? palette.good(
          `✔ signature holds; key ${row.fingerprint ?? ""} belongs to ${who}${row.isTouched ? "; touched" : ""}`,
        )
      : palette.bad(`✘ ${row.problem.code}: ${displayText(row.problem.message, 2000)}`);
  const json = JSON.stringify(statement, null, 2)
    .split("\n")
    .map((line) => displayText(line, 100_000));
  return `${[row.envelope, verdict, ...json].join("\n")}\n`;
}
