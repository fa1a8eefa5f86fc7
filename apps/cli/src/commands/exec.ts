// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { parseText } from "../common-flags.ts";
import type { ExecFlags } from "../deploy/run-exec.ts";
import { PLAN_FLAGS } from "../plan/plan-flags.ts";
import { DEPLOY_FLAGS, RECORD_FLAGS } from "./deploy-parameters.ts";

const optional = { kind: "parsed", parse: parseText, optional: true } as const;

export const execCommand = buildCommand<ExecFlags, string[], CliContext>({
  loader: lazily(async () => (await import("../deploy/run-exec.ts")).runExec),
  parameters: {
    flags: {
      ...DEPLOY_FLAGS,
      ...RECORD_FLAGS,
      plan: {
        ...optional,
        placeholder: "FILE",
        brief: "The saved plan among the command's arguments; it is copied, and the copy is what is applied",
      },
      planDigest: {
        ...optional,
        placeholder: "sha256:HEX",
        brief:
          "Digest of the plan that was reviewed, as countersign impact --plan-file shows it; another one is not applied",
      },
      ...PLAN_FLAGS,
      planWorkspace: {
        ...optional,
        placeholder: "NAME",
        brief: "Workspace that the plan must be for (default: default)",
      },
      planState: {
        ...optional,
        variadic: true,
        placeholder: "NAME=VALUE",
        brief: "Where the plan's state must be, such as key=prod/net.tfstate; may be given again",
      },
      planDigestOnly: {
        kind: "boolean",
        brief:
          "Apply a plan of which nobody can tell from which commit it was made: Pulumi's, or an encrypted one",
        optional: true,
      },
    },
    positional: {
      kind: "array",
      parameter: { parse: parseText, placeholder: "command", brief: "What to run, behind --" },
    },
  },
  docs: {
    brief: "Run a command that deploys, only if the check passes, and record the deployment",
    fullDescription: [
      "Asks what countersign deploy check asks; only where it passes is the command run, with its own input and output (what this program",
      "says goes to stderr), and what came of it is recorded, signed by a machine: as deployed where it succeeded, else as tried. A saved plan",
      "is copied where nobody else can change it, compared with the digest that was reviewed, and the command is given the copy. The configuration",
      "that Terraform and OpenTofu keep in a plan must be the commit's, byte for byte: every file of its root module and of each local module.",
      "What no commit can show (values of variables, the state, modules of registries) is named; the last need --trust-module.",
      "Exit code 0 ran and recorded, 1 not run: denied, pending, another plan, one of another commit or workspace, 2 not run: usage,",
      "3 not run: could not tell, 4 it was run",
      "and is not recorded as deployed: it failed, or could not be recorded.",
      "",
      "EXAMPLES",
      "  countersign exec --environment production --target refs/heads/main --commit HEAD --machine-key deploy.pem -- ./deploy.sh",
      "  countersign exec --environment production --target refs/heads/main --commit HEAD --machine-key deploy.pem \\",
      "    --plan plan.tfplan --plan-digest sha256:$REVIEWED -- terraform apply plan.tfplan",
      "  countersign exec --environment production --target refs/heads/main --commit HEAD --machine-key deploy.pem --plan plan.tfplan \\",
      "    --plan-digest sha256:$REVIEWED --trust-module 'terraform-aws-modules/*' -- terraform -chdir=infra/prod apply plan.tfplan",
    ].join("\n"),
  },
});
