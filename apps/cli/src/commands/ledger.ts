// SPDX-License-Identifier: Apache-2.0
import { buildCommand, buildRouteMap, numberParser } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import { LEDGER_FLAGS, type LedgerFlags, TRUST_FLAGS } from "../ledger/ledger-flags.ts";
import type { LedgerInitFlags } from "../ledger/run-ledger-init.ts";
import type { LedgerMirrorFlags } from "../ledger/run-ledger-mirror.ts";
import type { LedgerProveFlags } from "../ledger/run-ledger-prove.ts";
import type { LedgerRedactFlags } from "../ledger/run-ledger-redact.ts";
import type { LedgerVerifyFlags } from "../ledger/run-ledger-verify.ts";
import type { WitnessInitFlags, WitnessSignFlags } from "../ledger/run-ledger-witness.ts";

const optionalText = { kind: "parsed", parse: parseText, optional: true } as const;

const initCommand = buildCommand<LedgerInitFlags, [], CliContext>({
  loader: lazily(async () => (await import("../ledger/run-ledger-init.ts")).runLedgerInit),
  parameters: {
    flags: {
      ...LEDGER_FLAGS,
      origin: {
        ...optionalText,
        placeholder: "NAME",
        brief: "Name of the log, such as git.example/team/project (default: the policy's repository)",
      },
      bucket: {
        ...optionalText,
        placeholder: "s3://BUCKET/PREFIX",
        brief:
          "Keep the log in an S3-compatible bucket with conditional writes, and only its key in the folder",
      },
    },
  },
  docs: {
    brief: "Make a ledger with a key of its own, and print the key that it is checked with",
    fullDescription: [
      "The verifier key goes to stdout. The secret key stays in the ledger's folder, readable by you alone; whoever has it",
      "can append to the log, and nobody can take anything out of it unnoticed.",
      "",
      "EXAMPLES",
      "  countersign ledger init",
      "  countersign ledger init --dir ../audit/ledger --origin git.example/team/project > log.vkey",
      "  countersign ledger init --dir ../audit/ledger --bucket s3://audit/project?region=eu-central-1",
    ].join("\n"),
  },
});

const appendCommand = buildCommand<LedgerFlags, [], CliContext>({
  loader: lazily(async () => (await import("../ledger/run-ledger-append.ts")).runLedgerAppend),
  parameters: { flags: LEDGER_FLAGS },
  docs: {
    brief: "Log every record and signed statement that is not in the log yet",
    fullDescription: [
      'Prints one line of JSON, {"index": …}, for each entry once it is on the disk for good. Any number of processes may',
      "append at once. What proves nothing, such as a statement with a bad signature, is named and not logged.",
      "",
      "Exit codes: 0 · 2 no ledger · 3 evidence is damaged or missing, so that not everything could be logged.",
      "",
      "EXAMPLES",
      "  countersign ledger append",
      "  countersign evidence fetch && countersign ledger append --dir ../audit/ledger",
    ].join("\n"),
  },
});

const verifyCommand = buildCommand<LedgerVerifyFlags, [], CliContext>({
  loader: lazily(async () => (await import("../ledger/run-ledger-verify.ts")).runLedgerVerify),
  parameters: {
    flags: {
      ...LEDGER_FLAGS,
      ...TRUST_FLAGS,
      quorum: {
        kind: "parsed",
        parse: numberParser,
        placeholder: "N",
        brief: "How many of the witnesses must have cosigned (default: all that are named)",
        optional: true,
      },
      proof: {
        ...optionalText,
        placeholder: "FILE",
        brief: "Check this one proof instead of a whole ledger",
      },
      bundle: {
        ...optionalText,
        placeholder: "FILE",
        brief: "Check a report's bundle, or an HTML report with one inside; needs no repository",
      },
      trustedRoot: {
        ...optionalText,
        placeholder: "FILE",
        brief: "With --bundle: trusted_root.json of the Sigstore instance whose certificates count",
      },
    },
  },
  docs: {
    brief:
      "Check a whole ledger, or one proof: signatures, every entry, every object, and that history only grew",
    fullDescription: [
      "Needs no network. In a repository the last checkpoint seen is remembered: a log that was rolled back, or that shows",
      "two histories, is reported with both of its signed checkpoints as evidence.",
      "",
      "Exit codes: 0 sound · 1 not, and what is wrong · 2 usage · 3 could not tell.",
      "",
      "EXAMPLES",
      "  countersign ledger verify --log-key log.vkey",
      "  countersign ledger verify --log-key log.vkey --witness w1.vkey --witness w2.vkey --quorum 1",
      "  countersign ledger verify --proof entry-42.tlog-proof --log-key log.vkey",
      "  countersign ledger verify --bundle report.html --log-key log.vkey",
      "  countersign ledger verify --json      one JSON object: specs/ledger-verify.schema.json",
    ].join("\n"),
  },
});

const proveCommand = buildCommand<LedgerProveFlags, [string], CliContext>({
  loader: lazily(async () => (await import("../ledger/run-ledger-prove.ts")).runLedgerProve),
  parameters: {
    flags: {
      ...LEDGER_FLAGS,
      out: { ...optionalText, placeholder: "FILE", brief: "Write the proof to this file" },
    },
    positional: {
      kind: "tuple",
      parameters: [
        {
          brief: "Index of an entry, or name of the object it is about",
          placeholder: "entry",
          parse: parseText,
        },
      ],
    },
  },
  docs: {
    brief: "Write the proof that an entry is in the log: a C2SP .tlog-proof file",
    fullDescription: [
      "Whoever has the file and the log's verifier key can check it, without the log, a repository or a network.",
      "",
      "EXAMPLES",
      "  countersign ledger prove 42 --out entry-42.tlog-proof",
      "  countersign ledger prove 4f6c…(64 hex characters)",
    ].join("\n"),
  },
});

const FOLDER = {
  kind: "tuple",
  parameters: [{ brief: "Folder of the witness", placeholder: "folder", parse: parseText }],
} as const;

const witnessInitCommand = buildCommand<WitnessInitFlags, [string], CliContext>({
  loader: lazily(async () => (await import("../ledger/run-ledger-witness.ts")).runWitnessInit),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      name: {
        kind: "parsed",
        parse: parseText,
        placeholder: "NAME",
        brief: "Name, such as witness.example/w1",
      },
    },
    positional: FOLDER,
  },
  docs: {
    brief: "Make a witness with a key of its own, and print the key that its cosignatures are checked with",
    fullDescription: [
      "Each witness belongs to another party, on another machine than the log: together they make it impossible to show",
      "different people different histories.",
      "",
      "EXAMPLES",
      "  countersign ledger witness init ~/witness --name witness.example/w1 > w1.vkey",
    ].join("\n"),
  },
});

const witnessSignCommand = buildCommand<WitnessSignFlags, [string], CliContext>({
  loader: lazily(async () => (await import("../ledger/run-ledger-witness.ts")).runWitnessSign),
  parameters: { flags: { ...LEDGER_FLAGS, logKey: TRUST_FLAGS.logKey }, positional: FOLDER },
  docs: {
    brief: "Cosign the newest checkpoint of a ledger, if it continues the last one cosigned",
    fullDescription: [
      "The witness remembers the last checkpoint that it signed of each log, and demands the proof that nothing of it was changed.",
      "Exit codes: 0 cosigned · 1 refused, with both checkpoints as evidence · 2 usage · 3 could not tell.",
      "",
      "EXAMPLES",
      "  countersign ledger witness sign ~/witness --dir ../audit/ledger --log-key log.vkey",
    ].join("\n"),
  },
});

const witnessRoutes = buildRouteMap<string, CliContext>({
  routes: { init: witnessInitCommand, sign: witnessSignCommand },
  docs: { brief: "Cosign checkpoints for others, so that no log can show two histories" },
});

const redactCommand = buildCommand<LedgerRedactFlags, [string], CliContext>({
  loader: lazily(async () => (await import("../ledger/run-ledger-redact.ts")).runLedgerRedact),
  parameters: {
    flags: {
      ...LEDGER_FLAGS,
      reason: { kind: "parsed", parse: parseText, placeholder: "TEXT", brief: "Why; it stays in the log" },
    },
    positional: {
      kind: "tuple",
      parameters: [{ brief: "Index of the entry", placeholder: "index", parse: parseText }],
    },
  },
  docs: {
    brief: "Remove the object of an entry; the log still verifies, and says that it was removed",
    fullDescription: [
      "The entry itself stays, so that every proof still checks: it names no person. Only the copy beside the log is removed.",
      "",
      "EXAMPLES",
      '  countersign ledger redact 42 --reason "erasure request of 2026-03-01"',
    ].join("\n"),
  },
});

const mirrorCommand = buildCommand<LedgerMirrorFlags, [], CliContext>({
  loader: lazily(async () => (await import("../ledger/run-ledger-mirror.ts")).runLedgerMirror),
  parameters: { flags: { ...LEDGER_FLAGS, logKey: TRUST_FLAGS.logKey } },
  docs: {
    brief: "Copy a ledger into refs/countersign/ledger, from where every clone can read and check it",
    fullDescription: [
      "Writes tiles, entries, the signed checkpoint with its cosignatures, and the reasons of redactions as one commit on top of the last;",
      "evidence itself stays in refs/countersign/evidence. Only what verifies is copied, and only where it continues what was copied",
      "before: else both checkpoints are shown as evidence. Pushes and fetches of evidence take the ref along, forward only.",
      "",
      "A mirror is only read: verify, prove, gate, report and deploy check use it where a clone has no ledger of its own, or by name.",
      "",
      "Exit codes: 0 mirrored · 1 the log has forked, was rolled back or is damaged · 2 usage · 3 could not tell.",
      "",
      "EXAMPLES",
      "  countersign ledger append && countersign ledger mirror && countersign evidence push",
      "  countersign ledger mirror --dir ../audit/ledger --log-key log.vkey",
      "  countersign ledger verify --dir ref:refs/countersign/ledger --log-key log.vkey",
    ].join("\n"),
  },
});

export const ledgerRoutes = buildRouteMap<string, CliContext>({
  routes: {
    init: initCommand,
    append: appendCommand,
    verify: verifyCommand,
    prove: proveCommand,
    witness: witnessRoutes,
    redact: redactCommand,
    mirror: mirrorCommand,
  },
  docs: { brief: "The transparency log of evidence: nobody can change or drop an entry unnoticed" },
});
