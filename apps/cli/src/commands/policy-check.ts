// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, type CommonFlags, parseText } from "../common-flags.ts";

export const POLICY_FILE = {
  kind: "tuple",
  parameters: [
    {
      brief: "Policy file (default .countersign/policy.yml)",
      placeholder: "file",
      parse: parseText,
      optional: true,
    },
  ],
} as const;

export const policyCheckCommand = buildCommand<CommonFlags, [string?], CliContext>({
  loader: lazily(async () => (await import("../policy/run-policy-check.ts")).runPolicyCheck),
  parameters: { flags: COMMON_FLAGS, positional: POLICY_FILE },
  docs: {
    brief: "Validate a policy file: every mistake with file:line:column",
    fullDescription: [
      "Validates the policy as the gate would and prints every mistake with what was expected and an example.",
      "Exit code 0 where it is valid, 2 where it is not.",
      "",
      "EXAMPLES",
      "  countersign policy check",
      "  countersign policy check drafts/policy.yml --json",
    ].join("\n"),
  },
});
