// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const [P, U, F] = ["protection-off", "untrusted-code", "failover-changed"];
const layer = (account: string, version: number) =>
  `layers = ["arn:aws:lambda:eu-west-1:${account}:layer:a:${version}"]`;
const controls = (operator: string, ...names: readonly string[]) =>
  `grant_controls {\n operator = "${operator}"\n built_in_controls = [${names.map((name) => `"${name}"`).join(", ")}]\n}`;

describe("what a service asks for, and of whom", () => {
  it.each([
    ["aws_autoscaling_group", "min_size = 2", 'min_size = 2\nsuspended_processes = ["HealthCheck"]', F],
    ["aws_lambda_function", layer("1", 1), layer("2", 1), U],
    ["aws_lambda_function", layer("1", 1), layer("1", 2), ""],
    [
      "aws_api_gateway_method_settings",
      "settings {\n throttling_rate_limit = 100\n}",
      "settings {\n throttling_rate_limit = -1\n}",
      P,
    ],
    ["azurerm_lb_probe", "number_of_probes = 2", "number_of_probes = 20", F],
    [
      "azurerm_cosmosdb_account",
      'ip_range_filter = ["10.0.0.1"]',
      'ip_range_filter = ["0.0.0.0"]',
      "cidr-opened",
    ],
    ["azuread_conditional_access_policy", controls("AND", "mfa", "a"), controls("OR", "mfa", "a"), P],
    ["azuread_conditional_access_policy", controls("AND", "mfa", "a"), controls("AND", "a"), P],
    [
      "azurerm_virtual_network",
      'dns_servers = ["10.0.0.4"]',
      'dns_servers = ["203.0.113.53"]',
      "route-changed",
    ],
  ])("%s: %s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });

  it("is more where values and variables hand on more", () => {
    const values = (registry: string) => `image:\n  registry: ${registry}\n`;
    expect(codesOf("charts/a/values.yaml", values("r.example"), values("docker.io"))).toBe(U);
    const admins = (more: string) => `admin_role_arns = ["a"${more}]\n`;
    expect(codesOf("a.tfvars", admins(""), admins(', "b"'))).toBe("privilege-widened");
  });

  it("is another one's where tokens of another issuer are taken", () => {
    const issuer = (name: string) =>
      `apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: { name: a }\nspec: { jwtRules: [{ issuer: "https://${name}" }] }\n`;
    expect(codesOf("a.yaml", issuer("a.example"), issuer("b.example"))).toBe("privilege-widened");
  });

  it("is nothing where the provider that is asked is asked no longer", () => {
    const policy = (action: string) =>
      `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: a }\nspec: { action: ${action}, rules: [{ to: [{ operation: { paths: [/a] } }] }] }\n`;
    expect(codesOf("a.yaml", policy("CUSTOM"), policy("ALLOW"))).toBe(P);
  });
});
