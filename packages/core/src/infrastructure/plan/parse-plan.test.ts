// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePlan } from "./parse-plan.ts";

const change = (actions: readonly string[], before: unknown, after: unknown, more: object = {}) => ({
  actions,
  before,
  after,
  after_unknown: {},
  before_sensitive: {},
  after_sensitive: {},
  ...more,
});
const terraform = (type: string, inner: object, more: object = {}) =>
  JSON.stringify({
    format_version: "1.2",
    resource_changes: [
      { address: `module.a.${type}.main[0]`, mode: "managed", type, name: "main", change: inner },
    ],
    ...more,
  });

describe("a plan of Terraform", () => {
  it("names what it does by address, with dangers and what is known only later", () => {
    const before = {
      ingress: [{ from_port: 443, cidr_blocks: ["10.0.0.0/8"] }],
      id: "sg-1",
      description: null,
    };
    const after = { ingress: [{ from_port: 443, cidr_blocks: ["0.0.0.0/0"] }] };
    expect(
      parsePlan(
        terraform("aws_security_group", change(["update"], before, after, { after_unknown: { id: true } })),
      ),
    ).toEqual({
      tool: "terraform",
      problems: [],
      resources: [
        {
          address: "module.a.aws_security_group.main[0]",
          kind: "terraform",
          type: "aws_security_group",
          name: "main",
          category: "network",
          action: "update",
          attributes: ["id", "ingress"],
          unknown: ["id"],
          dangers: [{ code: "cidr-opened", reason: "lets in the internet: 0.0.0.0/0 from_port 443" }],
        },
      ],
    });
  });

  it("calls a store that is made anew lost, whatever the attribute", () => {
    const plan = parsePlan(
      terraform("aws_db_instance", change(["delete", "create"], { port: 1 }, { port: 2 })),
    );
    expect(plan?.resources[0]).toMatchObject({
      action: "replace",
      dangers: [{ code: "data-store-replaced" }],
    });
    expect(parsePlan(terraform("aws_db_instance", change(["no-op"], {}, {})))?.resources).toEqual([]);
  });

  it("repeats nothing that is sensitive", () => {
    const text = terraform(
      "aws_db_instance",
      change(
        ["update"],
        { password: "old-hunter2", engine: "a" },
        { password: "new-hunter2", engine: "b" },
        { before_sensitive: { password: true }, after_sensitive: { password: true } },
      ),
    );
    expect(JSON.stringify(parsePlan(text))).not.toContain("hunter2");
  });

  it("says what it does not tell", () => {
    expect(
      parsePlan(terraform("x", change(["explode"], {}, {}), { errored: true, complete: false }))?.problems,
    ).toEqual([
      "the plan ended in an error and is not whole",
      "the plan leaves changes for a later one",
      'module.a.x.main[0]: the action "explode" is not known',
    ]);
  });
});

describe("a preview of Pulumi", () => {
  it("names resources by URN and values that nobody knows yet", () => {
    const urn = "urn:pulumi:prod::shop::aws:iam/policy:Policy::admin";
    const state = (Action: string) => ({
      type: "aws:iam/policy:Policy",
      inputs: {
        policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] }),
        arn: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      },
    });
    const text = JSON.stringify({
      steps: [
        { op: "update", urn, oldState: state("s3:Get"), newState: state("*") },
        { op: "same", urn },
      ],
    });
    expect(parsePlan(text)).toMatchObject({
      tool: "pulumi",
      resources: [
        {
          address: urn,
          name: "admin",
          category: "iam",
          action: "update",
          attributes: ["policy"],
          unknown: ["arn"],
          dangers: [{ code: "wildcard-action" }, { code: "privilege-widened" }],
        },
      ],
    });
  });
});

it("takes nothing else for a plan, and no text throws", () => {
  expect(parsePlan("{}")).toBeUndefined();
  expect(parsePlan("resource {}")).toBeUndefined();
  fc.assert(
    fc.property(
      fc.json(),
      (text) =>
        void parsePlan(`{"steps": [${text}], "format_version": ${text}, "resource_changes": [${text}]}`),
    ),
  );
});
