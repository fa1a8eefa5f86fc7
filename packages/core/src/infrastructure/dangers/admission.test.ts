// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const P = "protection-off";
const object = (api: string, kind: string, body: string) =>
  `apiVersion: ${api}\nkind: ${kind}\nmetadata: { name: a }\n${body}\n`;
const ASKED = "rules: [{ operations: [CREATE], resources: [pods] }]";
const webhook = (more: string) =>
  object(
    "admissionregistration.k8s.io/v1",
    "ValidatingWebhookConfiguration",
    `webhooks:\n  - { name: a, ${more} }`,
  );
const binding = (more: string) =>
  object(
    "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicyBinding",
    `spec: { policyName: a, ${more} }`,
  );
const kyverno = (...rules: readonly string[]) =>
  object(
    "kyverno.io/v1",
    "ClusterPolicy",
    `spec:\n  rules:\n${rules.map((rule) => `    - ${rule}\n`).join("")}`,
  );
const kinds = (name: string, more: string) =>
  `{ name: ${name}, match: { any: [{ resources: { ${more} } }] } }`;
const gatekeeper = (more: string) =>
  object(
    "constraints.gatekeeper.sh/v1beta1",
    "K8sRequiredLabels",
    `spec: { match: { kinds: [{ kinds: [Namespace] }] ${more} } }`,
  );

describe("admission that asks about fewer objects", () => {
  it.each([
    [
      "of namespaces that say so",
      webhook(ASKED),
      webhook(`${ASKED}, namespaceSelector: { matchLabels: { a: b } }`),
      P,
    ],
    [
      "of all namespaces again",
      webhook(`${ASKED}, namespaceSelector: { matchLabels: { a: b } }`),
      webhook(ASKED),
      "",
    ],
    [
      "at fewer operations",
      webhook("rules: [{ operations: [CREATE, UPDATE] }]"),
      webhook("rules: [{ operations: [CREATE] }]"),
      P,
    ],
    [
      "at all operations",
      webhook("rules: [{ operations: [CREATE, UPDATE] }]"),
      webhook("rules: [{ operations: ['*'] }]"),
      "",
    ],
    [
      "where a condition holds",
      webhook(ASKED),
      webhook(`${ASKED}, matchConditions: [{ name: a, expression: b }]`),
      P,
    ],
    ["of more values", webhook(selector("In", "a")), webhook(selector("In", "a, b")), ""],
    ["of fewer values", webhook(selector("In", "a, b")), webhook(selector("In", "a")), P],
    ["of all but more", webhook(selector("NotIn", "a")), webhook(selector("NotIn", "a, b")), P],
    [
      "of one version",
      webhook(`${ASKED}, matchPolicy: Equivalent`),
      webhook(`${ASKED}, matchPolicy: Exact`),
      P,
    ],
    [
      "where its settings are there",
      binding("paramRef: { parameterNotFoundAction: Deny }"),
      binding("paramRef: { parameterNotFoundAction: Allow }"),
      P,
    ],
    [
      "of one environment",
      binding("validationActions: [Deny]"),
      binding("validationActions: [Deny], matchResources: { namespaceSelector: { matchLabels: { a: b } } }"),
      P,
    ],
    ["of fewer kinds", kyverno(kinds("a", "kinds: [Pod, Job]")), kyverno(kinds("a", "kinds: [Job]")), P],
    [
      "by fewer rules",
      kyverno(kinds("a", "kinds: [Pod]"), kinds("b", "kinds: [Job]")),
      kyverno(kinds("a", "kinds: [Pod]")),
      P,
    ],
    [
      "by one more rule",
      kyverno(kinds("a", "kinds: [Pod]")),
      kyverno(kinds("a", "kinds: [Pod]"), kinds("b", "kinds: [Job], namespaces: [c]")),
      "",
    ],
    ["of named namespaces", gatekeeper(""), gatekeeper(", namespaces: [dev]"), P],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.yaml", before, after)).toBe(codes);
  });

  it("is told where Terraform makes it", () => {
    const rule = (operations: string) =>
      block(
        "kubernetes_validating_webhook_configuration_v1",
        `webhook {\n rule {\n operations = [${operations}]\n}\n}`,
      );
    expect(codesOf("a.tf", rule('"CREATE", "UPDATE"'), rule('"CREATE"'))).toBe(P);
  });

  it("counts the standard of the namespaces that name none, and those that are exempt", () => {
    const configuration = (level: string, exempt: string) =>
      object(
        "apiserver.config.k8s.io/v1",
        "AdmissionConfiguration",
        `plugins: [{ name: PodSecurity, configuration: { defaults: { enforce: ${level} }, exemptions: { namespaces: [${exempt}] } } }]`,
      );
    expect(codesOf("a.yaml", configuration("restricted", ""), configuration("baseline", ""))).toBe(P);
    expect(codesOf("a.yaml", configuration("restricted", ""), configuration("restricted", "dev"))).toBe(P);
  });
});

function selector(operator: string, values: string): string {
  return `namespaceSelector: { matchExpressions: [{ key: a, operator: ${operator}, values: [${values}] }] }`;
}
