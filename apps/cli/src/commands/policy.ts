// SPDX-License-Identifier: Apache-2.0
import { buildRouteMap } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { policyAdmissionCommand } from "./policy-admission.ts";
import { policyCheckCommand } from "./policy-check.ts";
import { policyExplainCommand, policySimulateCommand } from "./policy-explain.ts";
import { policyInitCommand } from "./policy-init.ts";
import { policySchemaCommand } from "./policy-schema.ts";
import { policyTestCommand } from "./policy-test.ts";

export const policyRoutes = buildRouteMap<string, CliContext>({
  routes: {
    check: policyCheckCommand,
    test: policyTestCommand,
    explain: policyExplainCommand,
    simulate: policySimulateCommand,
    init: policyInitCommand,
    schema: policySchemaCommand,
    admission: policyAdmissionCommand,
  },
  docs: {
    brief:
      "Validate, test, explain and simulate the policy, start one, or print what a Kubernetes API server can decide of it",
  },
});
