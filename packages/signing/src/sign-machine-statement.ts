// SPDX-License-Identifier: Apache-2.0
import { sign } from "node:crypto";
import {
  formatMachineEnvelope,
  formatRawStatement,
  type RawStatement,
  toPreAuthEncoding,
} from "@countersign/core/attestation";
import type { MachineSigningKey } from "./machine-key-file.ts";

/**
 * A machine's envelope in canonical form around a statement's canonical JSON. Throws CoreError STATEMENT_MALFORMED where
 * the statement would be too large to log.
 */
export function signMachineStatement(statement: RawStatement, key: MachineSigningKey): Uint8Array {
  const payload = formatRawStatement(statement);
  const signature = sign(null, toPreAuthEncoding(payload), key.privateKey);
  return formatMachineEnvelope({ kind: "ed25519", payload, keyid: key.keyid, signature });
}
