// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const P = "protection-off";
const chain = (...names: readonly string[]) =>
  `static_resources:\n  listeners:\n    - name: l\n      filter_chains:\n        - filters:\n            - name: envoy.filters.network.http_connection_manager\n              typed_config:\n                http_filters:\n${[...names, "router"].map((name) => `                  - { name: envoy.filters.http.${name} }\n`).join("")}`;
const object = (api: string, kind: string, body: string) =>
  `apiVersion: ${api}\nkind: ${kind}\nmetadata:\n  name: a\n${body}\n`;
const route = (middlewares: string) =>
  object(
    "traefik.io/v1alpha1",
    "IngressRoute",
    `spec:\n  routes:\n    - { match: Host, middlewares: [${middlewares}], services: [{ name: a, port: 80 }] }`,
  );
const ingress = (plugins: string) =>
  object("networking.k8s.io/v1", "Ingress", `  annotations:\n    konghq.com/plugins: ${plugins}`);
const plugin = (disabled: boolean) =>
  object("configuration.konghq.com/v1", "KongPlugin", `plugin: key-auth\ndisabled: ${disabled}`);
const nginx = (line: string) =>
  object(
    "v1",
    "ConfigMap",
    `data:\n  nginx.conf: |\n    location / {\n      ${line}\n      proxy_pass http://a;\n    }`,
  );

describe("a proxy that asks no longer who calls", () => {
  it.each([
    ["without its filter for tokens", "envoy.yaml", chain("jwt_authn"), chain(), P],
    ["without its filter for rights", "envoy.yaml", chain("rbac", "cors"), chain("cors"), P],
    ["without one that only adds headers", "envoy.yaml", chain("cors"), chain(), ""],
    ["with one more", "envoy.yaml", chain("jwt_authn"), chain("jwt_authn", "compressor"), ""],
    [
      "without a middleware",
      "a.yaml",
      route("{ name: auth }, { name: headers }"),
      route("{ name: headers }"),
      P,
    ],
    [
      "without another middleware",
      "a.yaml",
      route("{ name: auth }, { name: headers }"),
      route("{ name: auth }"),
      "",
    ],
    ["without what an annotation names", "a.yaml", ingress("jwt-auth,cors"), ingress("cors"), P],
    ["with a plugin that is off", "a.yaml", plugin(false), plugin(true), P],
    ["without a line of its file", "a.yaml", nginx("auth_request /auth;"), nginx("proxy_buffering off;"), P],
    ["with the line written elsewhere", "a.yaml", nginx("deny all;"), nginx("deny  all;"), ""],
  ])("%s", (_, path, before, after, codes) => {
    expect(codesOf(path, before, after)).toBe(codes);
  });

  it("is told where Terraform writes its policy", () => {
    const policy = (check: string) =>
      block(
        "azurerm_api_management_api_policy",
        `xml_content = <<XML\n<policies><inbound>${check}<base/></inbound></policies>\nXML`,
      );
    expect(codesOf("a.tf", policy('<validate-jwt header-name="a"/>'), policy(""))).toContain(P);
    expect(
      codesOf("a.tf", policy('<validate-jwt header-name="a"/>'), policy('<validate-jwt header-name="b"/>')),
    ).not.toContain(P);
  });
});
