// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, reasonsOf } from "../assess.fixture.ts";

const reasons = (path: string, before: string, after: string) => reasonsOf(assessFile(path, before, after));
const flow = (job: string, top = "") =>
  `on: push\n${top}jobs:\n  deploy:\n    runs-on: ubuntu-24.04\n${job}    steps: [{ run: ./go }]\n`;
const object = (kind: string, rest: string, version = "v1") =>
  `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: a }\n${rest}\n`;
const task = (module: string, args: string) => `- name: t\n  ${module}: { ${args} }\n`;

describe("what loosens a pipeline", () => {
  it.each([
    [
      "permissions",
      flow("", "permissions: { contents: read }\n"),
      flow("", "permissions: write-all\n"),
      /^privilege-widened: its token may do more: permissions \(none\) → write-all/,
    ],
    [
      "an environment",
      flow("    environment: production\n"),
      flow(""),
      /^protection-off: no longer waits for jobs\.deploy\.environment production/,
    ],
    [
      "needs",
      flow("    needs: [test]\n"),
      flow(""),
      /^protection-off: no longer waits for jobs\.deploy\.needs test/,
    ],
    [
      "a failure",
      flow("    continue-on-error: false\n"),
      flow("    continue-on-error: true\n"),
      /may fail without stopping anything/,
    ],
    [
      "a machine",
      flow(""),
      flow("").replace("ubuntu-24.04", "self-hosted"),
      /^isolation-lost: runs on a machine of one's own: self-hosted/,
    ],
  ])("%s", (_what, before, after, expected) => {
    expect(reasons(".github/workflows/a.yml", before, after).join("\n")).toMatch(expected);
  });

  it("and not what tightens it", () => {
    const [wide, narrow] = [
      flow("", "permissions: write-all\n"),
      flow("    needs: [test]\n", "permissions: { contents: read }\n"),
    ];
    expect(reasons(".github/workflows/a.yml", wide, narrow)).toEqual([]);
  });
});

describe("what loosens a cluster", () => {
  it.each([
    [
      "a door",
      object("Service", "spec: { type: ClusterIP }"),
      object("Service", "spec: { type: LoadBalancer }"),
      /^cidr-opened: can be reached from outside/,
    ],
    [
      "admission",
      object("ValidatingWebhookConfiguration", "webhooks: [{ name: w, failurePolicy: Fail }]"),
      object("ValidatingWebhookConfiguration", "webhooks: [{ name: w, failurePolicy: Ignore }]"),
      /^protection-off: lets in what is not checked/,
    ],
    [
      "mutual TLS",
      object("PeerAuthentication", "spec: { mtls: { mode: STRICT } }", "security.istio.io/v1"),
      object("PeerAuthentication", "spec: { mtls: { mode: PERMISSIVE } }", "security.istio.io/v1"),
      /protection-off: is no longer protected: spec\.mtls\.mode/,
    ],
    [
      "a policy patched away",
      object("NetworkPolicy", ""),
      object("NetworkPolicy", "$patch: delete"),
      /^protection-off: what keeps others out is taken away/,
    ],
    [
      "an anonymous caller",
      object("ServerAuthorization", "spec: { client: {} }", "policy.linkerd.io/v1"),
      object("ServerAuthorization", "spec: { client: { unauthenticated: true } }", "policy.linkerd.io/v1"),
      /^wildcard-principal: lets in everybody/m,
    ],
  ])("%s", (_what, before, after, expected) => {
    expect(reasons("k/a.yaml", before, after).join("\n")).toMatch(expected);
  });

  it("a policy that is deleted, a base that can be moved", () => {
    const found = assessFile("k/a.yaml", object("NetworkPolicy", ""), null);
    expect(reasonsOf(found).join("\n")).toMatch(/protection-off: what keeps others out/);
    const base = (ref: string) => `resources:\n  - github.com/acme/base//deploy?ref=${ref}\n`;
    expect(reasons("o/kustomization.yaml", base("v1.4.0"), base("main"))).toEqual([
      "untrusted-code: takes code that can change unseen: github.com/acme/base//deploy?ref=main",
    ]);
  });
});

describe("what loosens a host", () => {
  it.each([
    [
      "root",
      task("ansible.builtin.lineinfile", "path: /etc/sudoers"),
      task("ansible.builtin.lineinfile", 'path: /etc/sudoers, line: "a ALL=(ALL) NOPASSWD: ALL"'),
      /^privilege-widened: makes root of a ALL=/,
    ],
    [
      "the firewall",
      task("community.general.ufw", "rule: allow, from_ip: 10.0.0.0/8"),
      task("community.general.ufw", "rule: allow, from_ip: any"),
      /^cidr-opened: lets in everybody: from_ip any/,
    ],
    [
      "the watchman",
      task("ansible.builtin.service", "name: auditd, state: started"),
      task("ansible.builtin.service", "name: auditd, state: stopped"),
      /^audit-off: auditd no longer watches/,
    ],
    [
      "a key's mode",
      task("ansible.builtin.copy", 'dest: /etc/ssl/private/a.key, mode: "0600"'),
      task("ansible.builtin.copy", 'dest: /etc/ssl/private/a.key, mode: "0644"'),
      /^secret-exposed: can be read by others/,
    ],
  ])("%s", (_what, before, after, expected) => {
    expect(reasons("roles/a/tasks/main.yml", before, after).join("\n")).toMatch(expected);
  });
});
