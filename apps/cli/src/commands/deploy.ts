// SPDX-License-Identifier: Apache-2.0
import { buildCommand, buildRouteMap } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS } from "../common-flags.ts";
import type { DeployFlags } from "../deploy/deploy-flags.ts";
import type { DeployRecordFlags } from "../deploy/run-deploy-record.ts";
import { DEPLOY_FLAGS, RECORD_FLAGS } from "./deploy-parameters.ts";

const checkCommand = buildCommand<DeployFlags, [], CliContext>({
  loader: lazily(async () => (await import("../deploy/run-deploy-check.ts")).runDeployCheck),
  parameters: { flags: { ...DEPLOY_FLAGS, json: COMMON_FLAGS.json } },
  docs: {
    brief: "May this commit or artifact be deployed? Judges everything since the last deployment",
    fullDescription: [
      "Looks at everything that would reach the environment: each change since what runs there now is judged by the gate's own evaluation,",
      "under the policy under which it landed. Sign-offs that were revoked since, changes that landed without a verdict, and reviews that",
      "are overdue deny it; so does a commit that was not deployed to the environment that must come before.",
      "Exit code 0 pass, 1 denied or pending, 2 usage, 3 could not tell.",
      "",
      "EXAMPLES",
      "  countersign deploy check --environment production --target refs/heads/main --commit $COMMIT",
      "  countersign deploy check --environment production --target refs/heads/main --artifact shop@sha256:$DIGEST --oci ./image",
      "  countersign deploy check --environment production --target refs/heads/main --artifact shop@sha256:$DIGEST --provenance shop.intoto.json",
    ].join("\n"),
  },
});

const recordCommand = buildCommand<DeployRecordFlags, [], CliContext>({
  loader: lazily(async () => (await import("../deploy/run-deploy-record.ts")).runDeployRecord),
  parameters: {
    flags: {
      ...DEPLOY_FLAGS,
      json: COMMON_FLAGS.json,
      ...RECORD_FLAGS,
      baseline: {
        kind: "boolean",
        brief: "The first record of an environment: take what runs there as it is",
        default: false,
        withNegated: false,
      },
    },
  },
  docs: {
    brief: "Record what was deployed where, with what the check says of it, signed by a machine",
    fullDescription: [
      "Writes a signed deployment into the evidence, linked to the one before it in the environment. What was deployed without approval is",
      "recorded as that, and approves nothing: it is judged again with whatever comes next.",
      "Exit code 0 recorded and approved, 1 recorded and not approved, 2 usage, 3 recorded without being able to tell.",
      "",
      "EXAMPLES",
      "  countersign deploy record --environment production --target refs/heads/main --commit $COMMIT --machine-key deploy.pem",
      "  countersign deploy record --environment production --target refs/heads/main --commit $COMMIT --machine-key deploy.pem --baseline",
    ].join("\n"),
  },
});

export const deployRoutes = buildRouteMap<string, CliContext>({
  routes: { check: checkCommand, record: recordCommand },
  docs: { brief: "What was deployed where, and what may be" },
});
