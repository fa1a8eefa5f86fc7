// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common-flags.ts";
import { POLICY_FILE } from "./policy-check.ts";

export const policyTestCommand = buildCommand<CommonFlags, [string?], CliContext>({
  loader: lazily(async () => (await import("../policy/run-policy-test.ts")).runPolicyTest),
  parameters: { flags: COMMON_FLAGS, positional: POLICY_FILE },
  docs: {
    brief: "Run the tests that stand in the policy file",
    fullDescription: [
      "Evaluates each entry of `tests:` and compares the verdict with what it expects.",
      "Exit code 0 where all hold, 1 where one does not, 2 where the policy is invalid or has no tests.",
      "",
      "EXAMPLES",
      "  countersign policy test",
      "  countersign policy test drafts/policy.yml --json",
    ].join("\n"),
  },
});
