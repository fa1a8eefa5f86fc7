// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const W = "privilege-widened";
const vault = (path: string, capabilities: string) =>
  `policy = <<EOT\npath "${path}" {\n  capabilities = [${capabilities}]\n}\nEOT`;
const EKS = "arn:aws:eks::aws:cluster-access-policy/";

describe("privileges by name", () => {
  it.each([
    ["vault_policy", vault("secret/a/*", '"read"'), vault("secret/*", '"read"'), W],
    ["vault_policy", vault("secret/*", '"read", "list"'), vault("secret/a/*", '"read"'), ""],
    ["vault_policy", vault("secret/*", '"read"'), vault("secret/*", '"deny"'), ""],
    [
      "consul_acl_policy",
      'rules = <<EOT\nkey_prefix "a/" {\n policy = "read"\n}\nEOT',
      'rules = <<EOT\nkey_prefix "" {\n policy = "read"\n}\nEOT',
      W,
    ],
    ["vault_jwt_auth_backend_role", 'bound_claims = { repository = "a" }', "", W],
    [
      "aws_eks_access_policy_association",
      `policy_arn = "${EKS}AmazonEKSViewPolicy"`,
      `policy_arn = "${EKS}AmazonEKSClusterAdminPolicy"`,
      W,
    ],
    [
      "google_container_cluster",
      "enable_legacy_abac = false",
      "enable_legacy_abac = true",
      `${W} protection-off`,
    ],
    [
      "google_compute_instance",
      'service_account {\n scopes = ["logging-write"]\n}',
      'service_account {\n scopes = ["cloud-platform"]\n}',
      W,
    ],
    [
      "azurerm_key_vault_access_policy",
      'secret_permissions = ["Get"]',
      'secret_permissions = ["Get", "Purge"]',
      W,
    ],
    [
      "azurerm_key_vault_access_policy",
      'secret_permissions = ["Get", "Purge"]',
      'secret_permissions = ["Get"]',
      "",
    ],
    ["postgresql_grant", 'privileges = ["SELECT"]', 'privileges = ["SELECT", "DELETE"]', W],
    ["postgresql_role", "superuser = false", "superuser = true", W],
    ["github_membership", 'role = "member"', 'role = "admin"', W],
    [
      "aws_vpc_endpoint",
      'policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "x" }] })',
      "",
      W,
    ],
  ])("%s: %s → %s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });

  it("a policy of Vault in a file of its own", () => {
    const text = (capabilities: string) => `path "secret/a" {\n  capabilities = [${capabilities}]\n}\n`;
    expect(codesOf("policies/a.hcl", text('"read"'), text('"read", "sudo"'))).toBe(W);
    expect(codesOf("policies/a.hcl", text('"read", "sudo"'), text('"read"'))).toBe("");
  });
});

describe("privileges in a cluster", () => {
  const object = (version: string, kind: string, rest: string, name = "a") =>
    `apiVersion: ${version}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}\n`;
  const rbac = "rbac.authorization.k8s.io/v1";
  const istio = "security.istio.io/v1";
  const csv = (lines: string) =>
    object("v1", "ConfigMap", `data:\n  policy.csv: |\n${lines}`, "argocd-rbac-cm");

  it.each([
    [
      "an aggregated role",
      object(rbac, "ClusterRole", "rules: []"),
      object(
        rbac,
        "ClusterRole",
        '  labels: { rbac.authorization.k8s.io/aggregate-to-view: "true" }\nrules: []',
      ),
      W,
    ],
    [
      "a binding in the whole cluster",
      null,
      object(rbac, "ClusterRoleBinding", "roleRef: { kind: ClusterRole, name: edit }"),
      W,
    ],
    [
      "a role by default",
      object("v1", "ConfigMap", "data: { policy.default: role:readonly }", "argocd-rbac-cm"),
      object("v1", "ConfigMap", "data: { policy.default: role:admin }", "argocd-rbac-cm"),
      W,
    ],
    [
      "a line that allows",
      csv("    g, a, role:readonly"),
      csv("    g, a, role:readonly\n    p, role:a, *, *, */*, allow"),
      W,
    ],
    [
      "a line that is gone",
      csv("    g, a, role:readonly\n    g, b, role:admin"),
      csv("    g, a, role:readonly"),
      "",
    ],
    [
      "a project of everything",
      object("argoproj.io/v1alpha1", "AppProject", "spec: { destinations: [{ namespace: a }] }"),
      object("argoproj.io/v1alpha1", "AppProject", 'spec: { destinations: [{ namespace: "*" }] }'),
      W,
    ],
    [
      "a mesh that lets in by more methods",
      object(istio, "AuthorizationPolicy", "spec: { rules: [{ to: [{ operation: { methods: [GET] } }] }] }"),
      object(
        istio,
        "AuthorizationPolicy",
        "spec: { rules: [{ to: [{ operation: { methods: [GET, POST] } }] }] }",
      ),
      W,
    ],
    [
      "a mesh that asks for no claim",
      object(
        istio,
        "AuthorizationPolicy",
        "spec: { rules: [{ to: [{ operation: { methods: [GET] } }], when: [{ key: a, values: [b] }] }] }",
      ),
      object(istio, "AuthorizationPolicy", "spec: { rules: [{ to: [{ operation: { methods: [GET] } }] }] }"),
      W,
    ],
    [
      "a mesh that denies more",
      object(
        istio,
        "AuthorizationPolicy",
        "spec: { action: DENY, rules: [{ to: [{ operation: { paths: [/a] } }] }] }",
      ),
      object(
        istio,
        "AuthorizationPolicy",
        "spec: { action: DENY, rules: [{ to: [{ operation: { paths: [/a, /b] } }] }] }",
      ),
      "",
    ],
    [
      "an API server that allows all",
      object("v1", "Pod", "spec: { containers: [{ command: [kube-apiserver, --authorization-mode=RBAC] }] }"),
      object(
        "v1",
        "Pod",
        "spec: { containers: [{ command: [kube-apiserver, --authorization-mode=AlwaysAllow] }] }",
      ),
      W,
    ],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.yaml", before, after)).toBe(codes);
  });
});

describe("everybody", () => {
  const E = "wildcard-principal";
  it.each([
    ["aws_s3_bucket_acl", "", 'grantee {\n uri = "http://acs.amazonaws.com/groups/global/AllUsers"\n}', E],
    [
      "aws_cognito_identity_pool",
      "allow_unauthenticated_identities = false",
      "allow_unauthenticated_identities = true",
      `protection-off ${E}`,
    ],
    [
      "cloudflare_zero_trust_access_policy",
      'include {\n email = ["a"]\n}',
      "include {\n everyone = true\n}",
      E,
    ],
    ["aws_vpc_endpoint_service", 'allowed_principals = ["a"]', 'allowed_principals = ["*"]', E],
    [
      "vault_kubernetes_auth_backend_role",
      'bound_service_account_names = ["a"]',
      'bound_service_account_names = ["*"]',
      E,
    ],
    [
      "azuread_application",
      'sign_in_audience = "AzureADMyOrg"',
      'sign_in_audience = "AzureADMultipleOrgs"',
      E,
    ],
  ])("%s: %s → %s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });

  it("an image that everybody may start", () => {
    expect(codesOf("a.tf", null, block("aws_ami_launch_permission", 'group = "all"'))).toBe(E);
  });
});
