// SPDX-License-Identifier: Apache-2.0
import { type Application, buildApplication, buildRouteMap } from "@stricli/core";
import type { CliContext } from "./cli-context.ts";
import { blameCommand } from "./commands/blame.ts";
import { declareCommand } from "./commands/declare.ts";
import { deployRoutes } from "./commands/deploy.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { evidenceRoutes } from "./commands/evidence.ts";
import { execCommand } from "./commands/exec.ts";
import { gateCommand } from "./commands/gate.ts";
import { hookRoutes } from "./commands/hook.ts";
import { hooksRoutes } from "./commands/hooks.ts";
import { impactCommand } from "./commands/impact.ts";
import { initCommand } from "./commands/init.ts";
import { ledgerRoutes } from "./commands/ledger.ts";
import { policyRoutes } from "./commands/policy.ts";
import { reconcileCommand } from "./commands/reconcile.ts";
import { recordCommand } from "./commands/record.ts";
import { reportCommand } from "./commands/report.ts";
import { scanCommand } from "./commands/scan.ts";
import { serveCommand } from "./commands/serve.ts";
import { approveCommand, breakGlassCommand, rejectCommand, revokeCommand } from "./commands/sign-off.ts";
import { statusCommand } from "./commands/status.ts";
import { tourCommand } from "./commands/tour.ts";
import { VERSION } from "./version.ts";

const routes = buildRouteMap<string, CliContext>({
  routes: {
    init: initCommand,
    status: statusCommand,
    doctor: doctorCommand,
    scan: scanCommand,
    record: recordCommand,
    blame: blameCommand,
    reconcile: reconcileCommand,
    gate: gateCommand,
    impact: impactCommand,
    report: reportCommand,
    approve: approveCommand,
    reject: rejectCommand,
    revoke: revokeCommand,
    "break-glass": breakGlassCommand,
    declare: declareCommand,
    deploy: deployRoutes,
    exec: execCommand,
    serve: serveCommand,
    evidence: evidenceRoutes,
    ledger: ledgerRoutes,
    policy: policyRoutes,
    hooks: hooksRoutes,
    hook: hookRoutes,
    tour: tourCommand,
  },
  docs: {
    brief: "AI provenance and sign-off for Git",
    fullDescription: [
      "AI provenance and sign-off for Git: which commits an AI helped to write, who has to sign them off, and who did.",
      "",
      "Exit codes: 0 pass · 1 the policy says no, or not yet · 2 usage or configuration · 3 could not tell.",
    ].join("\n"),
  },
});

export const app: Application<CliContext> = buildApplication(routes, {
  name: "countersign",
  versionInfo: { currentVersion: VERSION },
  scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
  documentation: { caseStyle: "convert-camel-to-kebab", disableAnsiColor: true, useAliasInUsageLine: false },
});
