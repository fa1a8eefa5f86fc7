// SPDX-License-Identifier: Apache-2.0
import type { BuildContext } from "./build-context.ts";
import type { LedgerPolicy } from "./policy.ts";

/** Null where the policy names no log: then everything is judged at the gate's own time. */
export function buildLedger(context: BuildContext): LedgerPolicy | null {
  const { ledger } = context.file;
  if (ledger === undefined) return null;
  const { verifierKey, required = true, witnesses = [] } = ledger;
  const quorum = ledger.quorum ?? witnesses.length;
  const path = ["ledger", "quorum"];
  if (quorum > witnesses.length) {
    const message = `a quorum of ${quorum} can never be reached with ${witnesses.length} witness(es)`;
    context.fail(path, message, "at most as many as there are witnesses", `quorum: ${witnesses.length}`);
  }
  if (new Set(witnesses).size < witnesses.length) {
    context.fail(
      ["ledger", "witnesses"],
      "one witness is named twice",
      "each witness once",
      "witnesses: […]",
    );
  }
  return { verifierKey, required, witnesses, quorum };
}
