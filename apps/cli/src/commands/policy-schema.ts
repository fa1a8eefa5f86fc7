// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, type CommonFlags } from "../common-flags.ts";

export const policySchemaCommand = buildCommand<CommonFlags, [], CliContext>({
  loader: lazily(async () => (await import("../policy/run-policy-schema.ts")).runPolicySchema),
  parameters: { flags: COMMON_FLAGS },
  docs: {
    brief: "Print the JSON Schema of the policy file, for editors",
    fullDescription: [
      "Editors complete and check the policy with it, for example the YAML extension of VS Code.",
      "",
      "EXAMPLES",
      "  countersign policy schema > .countersign/policy.schema.json",
      "  # then as the first line of the policy:",
      "  # yaml-language-server: $schema=policy.schema.json",
    ].join("\n"),
  },
});
