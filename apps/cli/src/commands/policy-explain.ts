// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import { CHANGE_FLAGS } from "../doors/change-flags.ts";
import type { ExplainFlags } from "../policy/run-policy-explain.ts";
import type { SimulateFlags } from "../policy/run-policy-simulate.ts";

const DRAFT = {
  kind: "parsed",
  parse: parseText,
  placeholder: "FILE",
  brief: "Judge by this draft instead of the target's policy",
  optional: true,
} as const;
const EXAMPLE = "--base origin/main --head HEAD --target refs/heads/main";

export const policyExplainCommand = buildCommand<ExplainFlags, [], CliContext>({
  loader: lazily(async () => (await import("../policy/run-policy-explain.ts")).runPolicyExplain),
  parameters: { flags: { ...COMMON_FLAGS, ...CHANGE_FLAGS, policy: DRAFT } },
  docs: {
    brief: "Trace the policy rule by rule over a change, with the value of every operand",
    fullDescription: [
      "Shows for each rule what its conditions saw in this change and what the rule made of it. Exit code as of gate.",
      "",
      "EXAMPLES",
      `  countersign policy explain ${EXAMPLE}`,
      `  countersign policy explain ${EXAMPLE} --policy drafts/stricter.yml`,
    ].join("\n"),
  },
});

export const policySimulateCommand = buildCommand<SimulateFlags, [], CliContext>({
  loader: lazily(async () => (await import("../policy/run-policy-simulate.ts")).runPolicySimulate),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      ...CHANGE_FLAGS,
      policy: DRAFT,
      sign: {
        kind: "parsed",
        parse: parseText,
        placeholder: "PERSON",
        brief: "What if this person approved; may be given again",
        variadic: true,
        optional: true,
      },
      touch: {
        kind: "parsed",
        parse: parseText,
        placeholder: "PATH",
        brief: "What if the change also touched this path; may be given again",
        variadic: true,
        optional: true,
      },
    },
  },
  docs: {
    brief: "What if: these people signed, these files were touched, or another policy held",
    fullDescription: [
      "Prints the verdict as it is and as it would be. Nothing is signed or stored. Exit code as of gate, for the pretended verdict.",
      "",
      "EXAMPLES",
      `  countersign policy simulate ${EXAMPLE} --sign senior`,
      `  countersign policy simulate ${EXAMPLE} --touch deploy/main.tf`,
      `  countersign policy simulate ${EXAMPLE} --policy drafts/stricter.yml`,
    ].join("\n"),
  },
});
