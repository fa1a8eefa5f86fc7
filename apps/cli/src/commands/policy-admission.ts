// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import type { PolicyAdmissionFlags } from "../policy/run-policy-admission.ts";
import { POLICY_FILE } from "./policy-check.ts";

const text = { kind: "parsed", parse: parseText } as const;
const texts = { ...text, optional: true, variadic: true } as const;

export const policyAdmissionCommand = buildCommand<PolicyAdmissionFlags, [string?], CliContext>({
  loader: lazily(async () => (await import("../policy/run-policy-admission.ts")).runPolicyAdmission),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      name: {
        ...text,
        placeholder: "NAME",
        brief: "Name of the policy in the cluster",
        default: "countersign",
      },
      registry: { ...texts, placeholder: "PREFIX", brief: "Where images may come from; may be given again" },
      foreign: {
        ...texts,
        placeholder: "PREFIX",
        brief: "Images of others, of which nothing is asked, as serve has them; may be given again",
      },
      annotation: {
        ...text,
        optional: true,
        placeholder: "KEY",
        brief: "Annotation that pods must carry; anybody may set one, so it proves nothing",
      },
      approved: {
        ...text,
        optional: true,
        placeholder: "CONFIGMAP",
        brief: "List of digests that may run, in the own namespace: the deployment step writes it",
      },
      ownNamespace: {
        ...text,
        placeholder: "NAME",
        brief: "Namespace of the gate, of which nothing is asked",
        default: "countersign",
      },
      exclude: { ...texts, placeholder: "NAMESPACE", brief: "Another such namespace; may be given again" },
      besideWebhook: {
        kind: "boolean",
        brief: "The webhook decides what this cannot",
        default: false,
        withNegated: false,
      },
    },
    positional: POLICY_FILE,
  },
  docs: {
    brief: "Print a ValidatingAdmissionPolicy with what a Kubernetes API server can decide by itself",
    fullDescription: [
      "CEL in an API server (from 1.30 on) sees an object and no repository: it can ask for digests, registries, an annotation, and for a digest",
      "that stands in a list. What the policy demands beyond that is listed above the YAML, rule by rule; without --beside-webhook or --approved,",
      "where nobody would decide it, nothing is printed and the exit code is 2.",
      "",
      "EXAMPLES",
      "  countersign policy admission --beside-webhook --exclude kube-system | kubectl apply -f -",
      "  countersign policy admission --approved countersign-approved --registry registry.example/acme | kubectl apply -f -",
    ].join("\n"),
  },
});
