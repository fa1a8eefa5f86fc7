// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, codesOf, summarize } from "../assess.fixture.ts";

const object = (version: string, kind: string, rest: string, name = "a") =>
  `apiVersion: ${version}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}\n`;
const service = (annotation: string, type = "LoadBalancer") =>
  object(
    "v1",
    "Service",
    `  annotations:\n    x: y\n${annotation === "" ? "" : `    ${annotation}\n`}spec: { type: ${type}, selector: { app: a } }`,
  );
const ingress = (annotation: string, name = "nginx") =>
  object(
    "networking.k8s.io/v1",
    "Ingress",
    `  annotations:\n    x: y\n${annotation === "" ? "" : `    ${annotation}\n`}spec: { ingressClassName: ${name} }`,
  );
const cilium = (entity: string) =>
  object("cilium.io/v2", "CiliumNetworkPolicy", `spec: { ingress: [{ ${entity} }] }`);
const C = "cidr-opened";

describe("doors that no range tells of", () => {
  it.each([
    [
      "no longer inside, at Azure",
      service('service.beta.kubernetes.io/azure-load-balancer-internal: "true"'),
      service(""),
      C,
    ],
    [
      "no longer inside, at Amazon",
      service("service.beta.kubernetes.io/aws-load-balancer-scheme: internal"),
      service("service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing"),
      `${C} isolation-lost`,
    ],
    [
      "no longer inside, at Google",
      service("networking.gke.io/load-balancer-type: Internal"),
      service(""),
      C,
    ],
    [
      "inside by another annotation",
      service('service.beta.kubernetes.io/aws-load-balancer-internal: "true"'),
      service("service.beta.kubernetes.io/aws-load-balancer-scheme: internal"),
      "",
    ],
    [
      "no balancer any more",
      service('service.beta.kubernetes.io/aws-load-balancer-internal: "true"'),
      service("", "ClusterIP"),
      "",
    ],
    ["everything outside", cilium("fromEntities: [cluster]"), cilium("fromEntities: [world]"), C],
    ["to the outside", cilium("toEntities: [cluster]"), cilium("toEntities: [world]"), ""],
    [
      "one range more of a list",
      ingress("alb.ingress.kubernetes.io/inbound-cidrs: 10.0.0.0/8"),
      ingress("alb.ingress.kubernetes.io/inbound-cidrs: 10.0.0.0/8,0.0.0.0/0"),
      C,
    ],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.yaml", before, after)).toBe(codes);
  });

  it("the class of an ingress, where its name tells", () => {
    expect(codesOf("a.yaml", ingress("", "nginx-internal"), ingress("", "nginx-external"))).toContain(C);
    expect(codesOf("a.yaml", ingress("", "nginx-external"), ingress("", "nginx-internal"))).not.toContain(C);
  });
});

describe("where a cluster keeps what", () => {
  const workload = (rest: string) => object("apps/v1", "StatefulSet", `spec:\n  replicas: 1\n${rest}`);
  const encryption = (providers: string) =>
    object(
      "apiserver.config.k8s.io/v1",
      "EncryptionConfiguration",
      `resources: [{ resources: [secrets], providers: [${providers}] }]`,
    );
  const pod = (flags: string) =>
    object("v1", "Pod", `spec: { containers: [{ command: [kube-apiserver, ${flags}] }] }`);
  const config = (name: string, data: string) => object("v1", "ConfigMap", `data:\n${data}`, name);
  it.each([
    [
      "a volume of its own",
      workload("  volumeClaimTemplates: [{ metadata: { name: d } }]"),
      workload("  template: { spec: { volumes: [{ name: d, emptyDir: {} }] } }"),
      "data-store-replaced",
    ],
    [
      "another claim",
      workload("  template: { spec: { volumes: [{ persistentVolumeClaim: { claimName: a } }] } }"),
      workload("  template: { spec: { volumes: [{ persistentVolumeClaim: { claimName: b } }] } }"),
      "data-store-replaced",
    ],
    [
      "a database of an operator",
      object("postgresql.cnpg.io/v1", "Cluster", "spec: { instances: 3 }"),
      null,
      "data-store-replaced",
    ],
    [
      "what writes first",
      encryption("{ kms: { name: a } }, { identity: {} }"),
      encryption("{ identity: {} }, { kms: { name: a } }"),
      "protection-off",
    ],
    [
      "what reads first",
      encryption("{ identity: {} }, { kms: { name: a } }"),
      encryption("{ kms: { name: a } }, { identity: {} }"),
      "",
    ],
    ["a flag", pod("--anonymous-auth=false"), pod("--anonymous-auth=true"), "protection-off"],
    ["a log that a flag names", pod("--audit-log-path=/a, --v=2"), pod("--v=2"), "audit-off"],
    [
      "a plugin of admission",
      pod('"--enable-admission-plugins=A,B"'),
      pod('"--enable-admission-plugins=A"'),
      "protection-off",
    ],
    [
      "a line of a file",
      config("x", "  redis.conf: |\n    protected-mode yes\n    port 1"),
      config("x", "  redis.conf: |\n    protected-mode no\n    port 1"),
      "protection-off",
    ],
    [
      "a key of a known program",
      config("ingress-nginx-controller", '  allow-snippet-annotations: "false"'),
      config("ingress-nginx-controller", '  allow-snippet-annotations: "true"'),
      "protection-off",
    ],
    [
      "a key of one's own program",
      config("shop", '  CHECKOUT_AUTH_HINTS: "true"'),
      config("shop", '  CHECKOUT_AUTH_HINTS: "false"'),
      "",
    ],
    [
      "a backup that stands still",
      object("batch/v1", "CronJob", "spec: { schedule: a }", "db-backup"),
      object("batch/v1", "CronJob", "spec: { schedule: a, suspend: true }", "db-backup"),
      "protection-off",
    ],
    [
      "a job that stands still",
      object("batch/v1", "CronJob", "spec: { schedule: a }", "report"),
      object("batch/v1", "CronJob", "spec: { schedule: a, suspend: true }", "report"),
      "capacity-removed",
    ],
    [
      "a warning instead of a refusal",
      object(
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicyBinding",
        "spec: { validationActions: [Deny] }",
      ),
      object(
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicyBinding",
        "spec: { validationActions: [Warn] }",
      ),
      "protection-off",
    ],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.yaml", before, after)).toBe(codes);
  });

  it("what an object is, its operator tells", () => {
    const categories = ([version, kind]: readonly [string, string]) =>
      summarize(assessFile("a.yaml", null, object(version, kind, "spec: { a: b }")))[0]?.split(" ")[2];
    const of = (text: string) =>
      text.split(" ").map((each) => categories(each.split(":") as unknown as [string, string]));
    expect(
      of(
        "postgresql.cnpg.io/v1:Cluster rds.aws.upbound.io/v1:Instance sql.cnrm.cloud.google.com/v1:SQLInstance kafka.strimzi.io/v1:Kafka",
      ),
    ).toEqual(["data:", "data:", "data:", "data:"]);
    expect(
      of("kyverno.io/v1:ClusterPolicy kafka.strimzi.io/v1:KafkaUser iam.services.k8s.aws/v1:Role"),
    ).toEqual(["iam:", "iam:", "iam:"]);
    expect(
      of(
        "argoproj.io/v1:Application argoproj.io/v1:Rollout external-secrets.io/v1:ExternalSecret cilium.io/v2:CiliumEgressGatewayPolicy",
      ),
    ).toEqual(["pipeline:", "compute:", "secrets:", "network:"]);
  });
});
