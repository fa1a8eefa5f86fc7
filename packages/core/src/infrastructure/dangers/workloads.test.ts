// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { codesOf } from "../assess.fixture.ts";

const [P, I, W, C] = ["protection-off", "isolation-lost", "privilege-widened", "capacity-removed"];
const object = (api: string, kind: string, spec: string) =>
  `apiVersion: ${api}\nkind: ${kind}\nmetadata: { name: a }\nspec: { ${spec} }\n`;
const row = (what: string, api: string, kind: string, before: string, after: string, codes: string) =>
  [what, object(api, kind, before), object(api, kind, after), codes] as const;
const pod = (what: string, before: string, after: string, codes: string) =>
  row(
    what,
    "apps/v1",
    "Deployment",
    `template: { spec: { ${before} } }`,
    `template: { spec: { ${after} } }`,
    codes,
  );
const policy = (what: string, before: string, after: string, codes: string) =>
  row(
    what,
    "cilium.io/v2",
    "CiliumNetworkPolicy",
    `endpointSelector: {}, ${before}`,
    `endpointSelector: {}, ${after}`,
    codes,
  );
const kafka = (what: string, before: string, after: string, codes: string) =>
  row(what, "kafka.strimzi.io/v1beta2", "Kafka", `kafka: { ${before} }`, `kafka: { ${after} }`, codes);
const zones = (values: string) =>
  `template: { spec: { requirements: [{ key: topology.kubernetes.io/zone, operator: In, values: [${values}] }] } }`;

describe("what pods and roll-outs are told", () => {
  it.each([
    pod("no sandbox", "runtimeClassName: gvisor", "restartPolicy: Always", I),
    pod("another sandbox", "runtimeClassName: gvisor", "runtimeClassName: kata", ""),
    pod(
      "a setting of the kernel",
      "x: 1",
      "securityContext: { sysctls: [{ name: kernel.msgmax, value: '1' }] }",
      I,
    ),
    pod(
      "a safe setting of the kernel",
      "x: 1",
      "securityContext: { sysctls: [{ name: net.ipv4.tcp_syncookies, value: '1' }] }",
      "",
    ),
    pod(
      "an unconfined type",
      "securityContext: { seLinuxOptions: { type: container_t } }",
      "securityContext: { seLinuxOptions: { type: spc_t } }",
      I,
    ),
    pod(
      "a host's process",
      "securityContext: { windowsOptions: { hostProcess: false } }",
      "securityContext: { windowsOptions: { hostProcess: true } }",
      I,
    ),
    pod("an administrator's account", "serviceAccountName: app", "serviceAccountName: app-admin", W),
    pod("another account", "serviceAccountName: app", "serviceAccountName: shop", ""),
    pod(
      "another address of a name",
      "hostAliases: [{ ip: 10.0.0.1, hostnames: [b] }]",
      "hostAliases: [{ ip: 203.0.113.9, hostnames: [b] }]",
      "route-changed",
    ),
    pod(
      "places that are only wished for",
      "topologySpreadConstraints: [{ whenUnsatisfiable: DoNotSchedule }]",
      "topologySpreadConstraints: [{ whenUnsatisfiable: ScheduleAnyway }]",
      P,
    ),
    row(
      "traffic before it is ready",
      "v1",
      "Service",
      "publishNotReadyAddresses: false",
      "publishNotReadyAddresses: true",
      "failover-changed",
    ),
    row(
      "an address of outside",
      "v1",
      "Service",
      "selector: { a: b }",
      "selector: { a: b }, externalIPs: [203.0.113.9]",
      "cidr-opened",
    ),
    row(
      "the project of everything",
      "argoproj.io/v1alpha1",
      "Application",
      "project: a",
      "project: default",
      W,
    ),
    row(
      "the controller's rights",
      "kustomize.toolkit.fluxcd.io/v1",
      "Kustomization",
      "serviceAccountName: a",
      "path: ./a",
      W,
    ),
    row(
      "no look at what it measures",
      "argoproj.io/v1alpha1",
      "Rollout",
      "strategy: { canary: { analysis: { templates: [{ templateName: a }] } } }",
      "strategy: { canary: {} }",
      P,
    ),
    row(
      "all nodes at once",
      "karpenter.sh/v1",
      "NodePool",
      "disruption: { budgets: [{ nodes: '10%' }] }",
      "disruption: { budgets: [{ nodes: '100%' }] }",
      P,
    ),
    row("one zone", "karpenter.sh/v1", "NodePool", zones("a, b"), zones("a"), C),
    row("more zones", "karpenter.sh/v1", "NodePool", zones("a"), zones("a, b"), ""),
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.yaml", before, after)).toBe(codes);
  });
});

describe("what a network policy lets pass", () => {
  it.each([
    policy(
      "any name",
      "egress: [{ toFQDNs: [{ matchName: a.example }] }]",
      "egress: [{ toFQDNs: [{ matchPattern: '*' }] }]",
      P,
    ),
    policy(
      "what it refused",
      "ingressDeny: [{ fromEntities: [world] }], ingress: [{ fromEntities: [cluster] }]",
      "ingress: [{ fromEntities: [cluster] }]",
      "cidr-opened",
    ),
    policy(
      "any request",
      "ingress: [{ toPorts: [{ ports: [{ port: '80' }], rules: { http: [{ method: GET }] } }] }]",
      "ingress: [{ toPorts: [{ ports: [{ port: '80' }] }] }]",
      P,
    ),
    row(
      "any port",
      "networking.k8s.io/v1",
      "NetworkPolicy",
      "ingress: [{ from: [{ podSelector: { matchLabels: { a: b } } }], ports: [{ port: 443 }] }]",
      "ingress: [{ from: [{ podSelector: { matchLabels: { a: b } } }] }]",
      "cidr-opened",
    ),
    row(
      "fewer ports",
      "networking.k8s.io/v1",
      "NetworkPolicy",
      "ingress: [{ from: [{ podSelector: { matchLabels: { a: b } } }] }]",
      "ingress: [{ from: [{ podSelector: { matchLabels: { a: b } } }], ports: [{ port: 443 }] }]",
      "",
    ),
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.yaml", before, after)).toBe(codes);
  });
});

describe("what operators of data stores are told", () => {
  it.each([
    row(
      "fewer copies that say yes",
      "postgresql.cnpg.io/v1",
      "Cluster",
      "minSyncReplicas: 1",
      "minSyncReplicas: 0",
      P,
    ),
    row(
      "no copies elsewhere",
      "postgresql.cnpg.io/v1",
      "Cluster",
      "instances: 3, backup: { barmanObjectStore: { destinationPath: b } }",
      "instances: 3",
      P,
    ),
    row(
      "a shorter time",
      "kafka.strimzi.io/v1beta2",
      "KafkaTopic",
      "config: { retention.ms: -1 }",
      "config: { retention.ms: 3600000 }",
      P,
    ),
    row(
      "no end of it",
      "kafka.strimzi.io/v1beta2",
      "KafkaTopic",
      "config: { retention.ms: 3600000 }",
      "config: { retention.ms: -1 }",
      "",
    ),
    kafka(
      "a disk of its own pod",
      "storage: { type: persistent-claim }",
      "storage: { type: ephemeral }",
      "data-store-replaced",
    ),
    kafka(
      "a door to outside",
      "listeners: [{ port: 1, type: internal }]",
      "listeners: [{ port: 1, type: loadbalancer }]",
      "cidr-opened",
    ),
    kafka("no rights", "authorization: { type: simple }", "replicas: 3", P),
    row(
      "plain text",
      "elasticsearch.k8s.elastic.co/v1",
      "Elasticsearch",
      "http: { tls: { selfSignedCertificate: { disabled: false } } }",
      "http: { tls: { selfSignedCertificate: { disabled: true } } }",
      P,
    ),
    row(
      "fewer members",
      "mongodbcommunity.mongodb.com/v1",
      "MongoDBCommunity",
      "members: 3",
      "members: 1",
      C,
    ),
    row(
      "to leave a namespace out",
      "velero.io/v1",
      "Schedule",
      "template: { includedNamespaces: ['*'] }",
      "template: { includedNamespaces: ['*'], excludedNamespaces: [b] }",
      P,
    ),
    row(
      "to take one more",
      "velero.io/v1",
      "Schedule",
      "template: { includedNamespaces: [a] }",
      "template: { includedNamespaces: [a, b] }",
      "",
    ),
    row(
      "to delete what it made",
      "rds.aws.upbound.io/v1beta1",
      "Instance",
      "managementPolicies: [Observe, Create]",
      "managementPolicies: ['*']",
      P,
    ),
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.yaml", before, after)).toBe(codes);
  });
});
