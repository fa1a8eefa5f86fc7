// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import { CHANGE_FLAGS } from "../doors/change-flags.ts";
import type { GateFlags } from "../doors/run-gate-command.ts";

const several = { kind: "parsed", parse: parseText, variadic: true, optional: true } as const;

export const gateCommand = buildCommand<GateFlags, [], CliContext>({
  loader: lazily(async () => (await import("../doors/run-gate-command.ts")).runGateCommand),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...CHANGE_FLAGS,
      format: {
        kind: "enum",
        values: ["terminal", "json", "markdown", "github", "gitlab", "sarif"],
        brief: "What to print on stdout (default terminal; --json is short for json)",
        optional: true,
      },
      write: {
        ...several,
        placeholder: "FORMAT=FILE",
        brief: "Also write the report to a file; may be given again",
      },
      landing: {
        kind: "boolean",
        brief: "The target is about to move: squashes and queue commits are judged as what lands",
        default: false,
        withNegated: false,
      },
      branch: {
        kind: "parsed",
        parse: parseText,
        placeholder: "NAME",
        brief: "Name of the source branch (weak evidence)",
        optional: true,
      },
      version: {
        ...several,
        placeholder: "COMMIT",
        brief: "Head of an earlier version of the change, such as one force-pushed away",
      },
      opener: { ...several, placeholder: "WHO", brief: 'Who opened the change: a login or "Name <mail>"' },
      pusher: { ...several, placeholder: "WHO", brief: 'Who pushed it: a login or "Name <mail>"' },
      description: {
        kind: "parsed",
        parse: parseText,
        placeholder: "FILE",
        brief: "Text of the pull request, read for AI claims",
        optional: true,
      },
      ledger: {
        kind: "parsed",
        parse: parseText,
        placeholder: "DIR",
        brief:
          "Folder of the ledger that the policy names, or ref:NAME of its mirror (default: inside the Git directory)",
        optional: true,
      },
      attest: {
        kind: "boolean",
        brief: "Sign the verdict with --machine-key and add it to the evidence, denials included",
        default: false,
        withNegated: false,
      },
      machineKey: {
        kind: "parsed",
        parse: parseText,
        placeholder: "FILE",
        brief: "Ed25519 private key of this machine (openssl genpkey -algorithm ed25519)",
        optional: true,
      },
      vsa: {
        kind: "boolean",
        brief: "With --attest: also a SLSA verification summary, where AI was signed off",
        default: false,
        withNegated: false,
      },
    },
  },
  docs: {
    brief: "May this change land? Evaluates the target's policy and says why",
    fullDescription: [
      "Reads the policy of the target branch (never the change's own), the commits between base and head and the signed evidence,",
      "and prints the verdict: pass, pending (sign-offs are missing), denied, or error (could not tell).",
      "Exit code 0 pass, 1 pending or denied, 2 usage, 3 could not tell.",
      "",
      "EXAMPLES",
      "  countersign gate --base origin/main --head HEAD --target refs/heads/main",
      "  countersign gate --base $BASE --head $HEAD --target refs/heads/main --json",
      "  countersign gate --base $BASE --head $HEAD --target refs/heads/main --write sarif=gate.sarif --write markdown=gate.md",
      "  countersign gate --base $BASE --head $HEAD --target refs/heads/main --attest --machine-key ci.pem",
    ].join("\n"),
  },
});
