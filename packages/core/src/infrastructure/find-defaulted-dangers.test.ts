// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, summarize } from "./assess.fixture.ts";
import { assessChange } from "./assess-change.ts";

const policy = (mode: string) =>
  block("azurerm_web_application_firewall_policy", `policy_settings {\n mode = ${mode}\n }`);
const variable = (body: string) => `variable "waf_mode" {\n type = string\n ${body}\n}\n`;

function dangersOf(before: string, after: string, old: string | null, now: string, path = "a/vars.tf") {
  const side = (own: string, text: string | null) => (text === null ? null : { path: own, text });
  return summarize(
    assessChange([
      { path: "a/main.tf", before: side("a/main.tf", before), after: side("a/main.tf", after) },
      { path, before: side(path, old), after: side(path, now) },
    ]),
  ).filter((line) => !line.endsWith(":"));
}

describe("a value that goes into a variable", () => {
  const [before, after] = [policy('"Prevention"'), policy("var.waf_mode")];

  it("that is new and weaker by default is told with both", () => {
    expect(dangersOf(before, after, null, variable('default = "Detection"'))).toEqual([
      "update azurerm_web_application_firewall_policy.a network: protection-off",
      "create variable.waf_mode network: protection-off",
    ]);
  });

  it("that is weaker is told with the one that is weaker alone", () => {
    const named = policy("var.waf_mode\n request_body_check = var.checks");
    const both = `${variable('default = "Detection"')}variable "checks" {\n default = true\n}\n`;
    expect(dangersOf(before, named, null, both)).toEqual([
      "update azurerm_web_application_firewall_policy.a network: protection-off",
      "create variable.waf_mode network: protection-off",
    ]);
  });

  it.each([
    ["that is new and says the same", null, 'default = "Prevention"', "a/vars.tf"],
    ["that is new and says nothing", null, "nullable = false", "a/vars.tf"],
    ["that was there", variable('default = "Detection"'), 'default = "Detection"', "a/vars.tf"],
    ["of another folder", null, 'default = "Detection"', "b/vars.tf"],
  ])("%s is told with none", (_, old, now, path) => {
    expect(dangersOf(before, after, old, variable(now), path)).toEqual([]);
  });
});
