// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import type { ReconcileFlags } from "../reconcile/run-reconcile.ts";

export const reconcileCommand = buildCommand<ReconcileFlags, [string?], CliContext>({
  loader: lazily(async () => (await import("../reconcile/run-reconcile.ts")).runReconcile),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      write: {
        kind: "boolean",
        brief: "Store what was found as records and notes",
        default: false,
        withNegated: false,
      },
      attest: {
        kind: "boolean",
        brief: "With --write: sign every stored record of these commits as a machine, into the evidence",
        default: false,
        withNegated: false,
      },
      machineKey: {
        kind: "parsed",
        parse: parseText,
        placeholder: "FILE",
        brief: "Ed25519 private key of a machine that may say who wrote what (machines.<id>.may: assistance)",
        optional: true,
      },
    },
    positional: {
      kind: "tuple",
      parameters: [
        {
          brief: "Commits to look at: A..B, a revision, or nothing for the newest 500 of HEAD",
          placeholder: "range",
          parse: parseText,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief:
      "Find the lines of unrecorded commits in the records of others: after a forge's squash, or a missed hook",
    fullDescription: [
      "A squash or rebase on a forge makes commits that no recorder saw. Their lines are found again by content in the records of the",
      "commits that they were made of, also where those commits are gone. Run it in CI after a merge, with the records fetched:",
      "",
      "  git fetch origin 'refs/countersign/records:refs/countersign/records' 'refs/notes/ai:refs/notes/ai'",
      "  countersign reconcile --write $BEFORE..$AFTER && countersign evidence push",
      "",
      "A record is not signed, so whoever can push could have written it, or taken it away. With --attest a machine of the policy stands for",
      "the records of the range; the gate reads its statements like records, and a ledger takes them in:",
      "",
      "  countersign reconcile --write --attest --machine-key ci.pem $BEFORE..$AFTER && countersign ledger append",
      "",
      "Exit code 3: contents or history that are needed are not in this clone; what could be found is stored all the same.",
    ].join("\n"),
  },
});
