// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import { CHANGE_FLAGS } from "../doors/change-flags.ts";
import type { ImpactFlags } from "../doors/run-impact-command.ts";
import { PLAN_FLAGS } from "../plan/plan-flags.ts";

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
        brief:
          "Also what a plan's JSON says: terraform show -json, or pulumi preview --json; bound to nothing",
        optional: true,
      },
      planFile: {
        kind: "parsed",
        parse: parseText,
        placeholder: "FILE",
        brief:
          "Also what a saved plan of Terraform or OpenTofu does, read from the file itself and compared with the head",
        optional: true,
      },
      ...PLAN_FLAGS,
    },
  },
  docs: {
    brief:
      "What a change touches: infrastructure resources, what makes them dangerous, and the lines an AI wrote",
    fullDescription: [
      "Reads what lies between the fork point of base and head, by content and not only by path: Terraform and OpenTofu, policy documents,",
      "Kubernetes, CloudFormation, Dockerfiles, workflows. Names each touched resource with its category, its lines, why it is dangerous, and how",
      "many of the changed lines an AI wrote. What cannot be understood is listed with the reason, never left out.",
      "",
      "With --plan-file a private copy of the saved plan is hashed, read by terraform or tofu show -json, and its configuration compared byte for",
      "byte with the head's: what is shown is what countersign exec --plan-digest applies. A JSON given with --plan beside it must say the same.",
      "Exit code 0, whatever it found; 2 where two plans differ, or a file is no plan; 3 where history, content or a program is missing.",
      "",
      "EXAMPLES",
      "  countersign impact --base origin/main --head HEAD",
      "  countersign impact --base origin/main --json | jq '.resources[] | select(.ai.lines > 0 and (.dangers | length > 0))'",
      "  terraform plan -out plan.tfplan; countersign impact --base origin/main --plan-file plan.tfplan",
      "  cd infra/prod; countersign impact --base origin/main --plan-file plan.tfplan --trust-module 'terraform-aws-modules/*'",
      "  pulumi preview --json > preview.json; countersign impact --base origin/main --plan preview.json",
      "  countersign impact --base v1.4.0 --head v1.5.0      what a release touched",
    ].join("\n"),
  },
});
