// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, block, codesOf, summarize } from "../assess.fixture.ts";

const object = (apiVersion: string, kind: string, rest: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: a\n${rest}\n`;

describe("objects of operators", () => {
  it.each([
    [
      "acid.zalan.do/v1",
      "postgresql",
      "spec: { numberOfInstances: 3 }",
      "spec: { numberOfInstances: 1 }",
      "data: capacity-removed",
    ],
    [
      "split.smi-spec.io/v1alpha2",
      "TrafficSplit",
      "spec: { backends: [{ service: a, weight: 9 }] }",
      "spec: { backends: [{ service: a, weight: 0 }] }",
      "routing: route-changed",
    ],
    [
      "gateway.envoyproxy.io/v1alpha1",
      "SecurityPolicy",
      "spec: { authorization: { defaultAction: Deny } }",
      "spec: { authorization: { defaultAction: Allow } }",
      "iam: privilege-widened",
    ],
    [
      "gateway.envoyproxy.io/v1alpha1",
      "SecurityPolicy",
      "spec: { authorization: { defaultAction: Allow } }",
      "spec: { authorization: { defaultAction: Deny } }",
      "iam:",
    ],
    [
      "networking.istio.io/v1",
      "ServiceEntry",
      "spec: { endpoints: [{ address: 198.51.100.1 }] }",
      "spec: { endpoints: [{ address: 203.0.113.9 }] }",
      "network: route-changed",
    ],
    [
      "externaldns.k8s.io/v1alpha1",
      "DNSEndpoint",
      "spec: { endpoints: [{ providerSpecific: [{ name: aws/weight, value: '50' }] }] }",
      "spec: { endpoints: [{ providerSpecific: [{ name: aws/weight, value: '0' }] }] }",
      "failover: failover-changed",
    ],
    [
      "externaldns.k8s.io/v1alpha1",
      "DNSEndpoint",
      "spec: { endpoints: [{ targets: [a.example] }] }",
      "spec: { endpoints: [{ targets: [b.example] }] }",
      "failover: route-changed",
    ],
    [
      "external-secrets.io/v1",
      "ClusterSecretStore",
      "spec: { provider: {} }",
      "spec: { conditions: [{ namespaces: [pay] }] }",
      "secrets:",
    ],
    [
      "external-secrets.io/v1",
      "ClusterSecretStore",
      "spec: { conditions: [{ namespaces: [pay] }] }",
      "spec: { provider: {} }",
      "secrets: privilege-widened",
    ],
    [
      "external-secrets.io/v1",
      "ClusterSecretStore",
      "spec: { conditions: [{ namespaces: [pay, shop] }] }",
      "spec: { conditions: [{ namespaces: [pay] }] }",
      "secrets:",
    ],
    [
      "source.toolkit.fluxcd.io/v1",
      "OCIRepository",
      "spec: { ref: { digest: sha256:ab } }",
      "spec: { ref: { tag: 1.2.3 } }",
      "pipeline: untrusted-code",
    ],
    [
      "source.toolkit.fluxcd.io/v1",
      "OCIRepository",
      "spec: { ref: { tag: 1.2.3 } }",
      "spec: { ref: { digest: sha256:ab } }",
      "pipeline:",
    ],
    [
      "ceph.rook.io/v1",
      "CephCluster",
      "spec: { cleanupPolicy: { confirmation: '' } }",
      "spec: { cleanupPolicy: { confirmation: yes-really-destroy-data } }",
      "data: protection-off",
    ],
    [
      "ceph.rook.io/v1",
      "CephFilesystem",
      "spec: { preserveFilesystemOnDelete: true }",
      "spec: { preserveFilesystemOnDelete: false }",
      "data: protection-off",
    ],
  ])("%s %s: %s → %s", (version, kind, before, after, says) => {
    const touched = assessFile("a.yaml", object(version, kind, before), object(version, kind, after));
    expect(summarize(touched)).toEqual([`update ${kind}.a ${says}`]);
  });

  it.each([
    ["logging.banzaicloud.io/v1beta1", "ClusterFlow"],
    ["observability.openshift.io/v1", "ClusterLogForwarder"],
    ["fluentbit.fluent.io/v1alpha2", "ClusterOutput"],
  ])("%s %s that goes takes the logs along", (version, kind) => {
    expect(codesOf("a.yaml", object(version, kind, "spec: {}"), null)).toBe("audit-off");
  });

  it("takes no kind in small letters for an object where the group is nobody's", () => {
    expect(assessFile("a.yaml", null, "apiVersion: 1\nkind: prometheus\n").resources).toEqual([]);
  });
});

describe("names of every provider", () => {
  const answers = (...texts: readonly string[]) =>
    `rrdatas = [${texts.map((text) => `"${text}"`).join(", ")}]`;
  it("fewer answers carry what several did", () => {
    const type = "google_dns_record_set";
    const change = (now: string) => codesOf("a.tf", block(type, answers("a", "b")), block(type, now));
    expect(change(answers("a"))).toBe("failover-changed route-changed");
    expect(change(answers("a", "c"))).toBe("route-changed");
  });

  it.each([
    [
      "ns1_record",
      'answers {\n answer = "192.0.2.1"\n }',
      'answers {\n answer = "192.0.2.2"\n }',
      "route-changed",
    ],
    ["infoblox_a_record", 'ip_addresses = ["192.0.2.1"]', 'ip_addresses = ["192.0.2.2"]', "route-changed"],
    ["ns1_record", "ttl = 30", "ttl = 30\n tags = {}", ""],
  ])("%s: %s → %s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });

  it("members of a group of a cluster", () => {
    const group = (...users: readonly string[]) =>
      `apiVersion: user.openshift.io/v1\nkind: Group\nmetadata:\n  name: a\nusers: [${users.join(", ")}]\n`;
    expect(codesOf("a.yaml", group("a"), group("a", "b"))).toBe("privilege-widened");
    expect(codesOf("a.yaml", group("a", "b"), group("a"))).toBe("");
  });

  it("filters choose among answers", () => {
    const filters = (...names: readonly string[]) =>
      block("ns1_record", names.map((name) => `filters {\n filter = "${name}"\n}`).join("\n"));
    expect(codesOf("a.tf", filters("up", "priority"), filters("priority"))).toBe("failover-changed");
  });
});
