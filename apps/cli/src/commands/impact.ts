// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import { CHANGE_FLAGS } from "../doors/change-flags.ts";
import type { ImpactFlags } from "../doors/run-impact-command.ts";

export const impactCommand = buildCommand<ImpactFlags, [], CliContext>({
  loader: lazily(async () => (await import("../doors/run-impact-command.ts")).runImpactCommand),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      base: CHANGE_FLAGS.base,
      head: CHANGE_FLAGS.head,
      plan: {
        kind: "parsed",
        parse: parseText,
        placeholder: "FILE",
        brief: "Also what a plan says: terraform show -json, or pulumi preview --json",
        optional: true,
      },
    },
  },
  docs: {
    brief:
      "What a change touches: infrastructure resources, what makes them dangerous, and the lines an AI wrote",
    fullDescription: [
      "Reads what lies between the fork point of base and head, by content and not only by path: Terraform and OpenTofu, policy documents,",
      "Kubernetes, CloudFormation, Dockerfiles, workflows. Names each touched resource with its category, its lines, why it is dangerous, and how",
      "many of the changed lines an AI wrote. What cannot be understood is listed with the reason, never left out.",
      "Exit code 0, whatever it found; 3 where history or content is missing.",
      "",
      "EXAMPLES",
      "  countersign impact --base origin/main --head HEAD",
      "  countersign impact --base origin/main --json | jq '.resources[] | select(.ai.lines > 0 and (.dangers | length > 0))'",
      "  terraform show -json plan.tfplan > plan.json; countersign impact --base origin/main --plan plan.json",
      "  countersign impact --base v1.4.0 --head v1.5.0      what a release touched",
    ].join("\n"),
  },
});
