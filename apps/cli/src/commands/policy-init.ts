// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import type { InitFlags } from "../policy/run-policy-init.ts";

export const policyInitCommand = buildCommand<InitFlags, [], CliContext>({
  loader: lazily(async () => (await import("../policy/run-policy-init.ts")).runPolicyInit),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      profile: {
        kind: "parsed",
        parse: parseText,
        placeholder: "NAME",
        brief: "amazon, kernel, fedora, apache, disclose, ban or none",
      },
      write: {
        kind: "boolean",
        brief: "Write .countersign/policy.yml; never overwrites",
        default: false,
        withNegated: false,
      },
    },
  },
  docs: {
    brief: "Start a policy from a profile",
    fullDescription: [
      "Prints a policy to start from, or writes it. A policy counts from the moment it is on the target branch.",
      "",
      "EXAMPLES",
      "  countersign policy init --profile amazon            look at it",
      "  countersign policy init --profile amazon --write    write .countersign/policy.yml",
    ].join("\n"),
  },
});
