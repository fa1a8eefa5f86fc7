// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { codesOf } from "../assess.fixture.ts";

const policy = (peers: string, list = "from") =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a }\nspec:\n  podSelector: {}\n  ${list === "from" ? "ingress" : "egress"}:\n    - ${list}: ${peers}\n`;
const space = "namespaceSelector: { matchLabels: { team: a } }";
const pod = "podSelector: { matchLabels: { app: b } }";
const listed = (values: string) =>
  `podSelector: { matchExpressions: [{ key: app, operator: In, values: [${values}] }] }`;

describe("peers of a network policy", () => {
  it.each([
    [
      "two in place of one that asks for both",
      `[{ ${space}, ${pod} }]`,
      `[{ ${space} }, { ${pod} }]`,
      "cidr-opened",
    ],
    ["one that asks for both in place of two", `[{ ${space} }, { ${pod} }]`, `[{ ${space}, ${pod} }]`, ""],
    [
      "one more that asks for as much",
      `[{ ${space}, ${pod} }]`,
      `[{ ${space}, ${pod} }, { ${pod}, ${space} }]`,
      "",
    ],
    ["one of the values that were listed", `[{ ${listed("a, b")} }]`, `[{ ${listed("a")} }]`, ""],
    ["what was let in by another one already", `[{ ${space} }, { ${space}, ${pod} }]`, `[{ ${space} }]`, ""],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("p.yaml", policy(before), policy(after))).toBe(codes);
  });

  it("what leaves is told as a protection that is off", () => {
    expect(
      codesOf("p.yaml", policy(`[{ ${space}, ${pod} }]`, "to"), policy(`[{ ${space} }, { ${pod} }]`, "to")),
    ).toBe("protection-off");
  });
});

describe("rules of a network policy that name nobody", () => {
  const rules = (list: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a }\nspec:\n  podSelector: {}\n  ingress: ${list}\n`;
  const named = `{ ports: [{ port: 1 }], from: [{ ${pod} }] }`;
  it.each([
    ["the only one", `[${named}]`, "[{ ports: [{ port: 1 }] }]", "cidr-opened"],
    ["one of two", `[${named}, ${named}]`, `[${named}, { ports: [{ port: 1 }] }]`, "cidr-opened"],
    ["as before", "[{ ports: [{ port: 1 }] }]", "[{ ports: [{ port: 2 }] }]", ""],
    ["none at all", `[${named}]`, "[]", ""],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("p.yaml", rules(before), rules(after))).toBe(codes);
  });
});

describe("what a cluster's objects say of others", () => {
  const intentions = (sources: string) =>
    `apiVersion: consul.hashicorp.com/v1alpha1\nkind: ServiceIntentions\nmetadata: { name: a }\nspec:\n  destination: { name: a }\n  sources: ${sources}\n`;
  it.each([
    [
      "a refusal of everybody",
      "[{ name: b, action: allow }]",
      '[{ name: b, action: allow }, { name: "*", action: deny }]',
      "",
    ],
    [
      "everybody let in",
      '[{ name: "*", action: deny }]',
      '[{ name: "*", action: allow }]',
      "privilege-widened wildcard-principal",
    ],
    [
      "everybody let in besides others",
      "[{ name: b, action: allow }]",
      '[{ name: b, action: allow }, { name: "*", action: allow }]',
      "wildcard-principal",
    ],
  ])("%s by Consul", (_, before, after, codes) => {
    expect(codesOf("i.yaml", intentions(before), intentions(after))).toBe(codes);
  });

  const ingress = (annotation: string, tls = ", tls: [{ secretName: a }]") =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations:\n    a/b: c\n${annotation === "" ? "" : `    nginx.ingress.kubernetes.io/${annotation}\n`}spec: { ingressClassName: nginx${tls} }\n`;
  it.each([
    ["more to the canary", 'canary-weight: "5"', 'canary-weight: "50"', "route-changed"],
    [
      "a client's certificate that nobody signed",
      'auth-tls-verify-client: "on"',
      "auth-tls-verify-client: optional_no_ca",
      "protection-off",
    ],
    [
      "a client's certificate that may be there, where none was asked for",
      "",
      "auth-tls-verify-client: optional",
      "",
    ],
    ["no way on to HTTPS, which was there by itself", "", 'ssl-redirect: "false"', "protection-off"],
    ["a way on to HTTPS that was there by itself", 'ssl-redirect: "true"', "", ""],
    ["a comment on it", "", "x-note: canary", ""],
  ])("%s by an annotation", (_, before, after, codes) => {
    expect(codesOf("i.yaml", ingress(before), ingress(after))).toBe(codes);
  });

  it("no way on to HTTPS where there is no certificate", () => {
    const plain = (annotation: string) => ingress(annotation, "");
    expect(codesOf("i.yaml", plain(""), plain('ssl-redirect: "false"'))).toBe("");
  });

  it("volumes that go with the set that claims them", () => {
    const set = (line: string) =>
      `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: a }\nspec:\n  serviceName: a\n${line}`;
    const policyOf = (value: string) => `  persistentVolumeClaimRetentionPolicy: { whenDeleted: ${value} }\n`;
    expect(codesOf("s.yaml", set(""), set(policyOf("Delete")))).toBe("protection-off");
    expect(codesOf("s.yaml", set(""), set(policyOf("Retain")))).toBe("");
  });
});
