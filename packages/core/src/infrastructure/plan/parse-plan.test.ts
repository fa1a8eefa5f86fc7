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
          hidden: [],
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

  it("repeats nothing that is sensitive, and says that it changed", () => {
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
    expect(parsePlan(text)?.resources[0]).toMatchObject({
      attributes: ["engine", "password"],
      hidden: ["password"],
    });
    const whole = change(["create"], null, { user_data: "hunter2" }, { after_sensitive: true });
    expect(parsePlan(terraform("aws_instance", whole))?.resources[0]).toMatchObject({
      attributes: ["user_data"],
      hidden: ["user_data"],
      dangers: [],
    });
  });

  it("lists what is only taken in, only moved, or left over", () => {
    const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
    const still = change(["no-op"], { policy }, { policy });
    const listOf = (inner: object, more: object) =>
      parsePlan(
        JSON.stringify({
          format_version: "1.2",
          resource_changes: [
            { address: "aws_iam_policy.a", type: "aws_iam_policy", name: "a", ...more, change: inner },
          ],
        }),
      )?.resources;
    expect(listOf({ ...still, importing: { id: "arn" } }, {})).toMatchObject([
      { action: "create", attributes: ["policy"], dangers: [{ code: "wildcard-action" }, {}] },
    ]);
    expect(listOf(still, { previous_address: "aws_iam_policy.b" })).toMatchObject([
      { action: "rename", attributes: [], dangers: [] },
    ]);
    expect(listOf(still, {})).toEqual([]);
    expect(listOf(change(["delete"], { policy }, null), { deposed: "ab12" })).toMatchObject([
      { address: "aws_iam_policy.a (deposed object ab12)", action: "delete" },
    ]);
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

  const entry = (address: string, actions: readonly string[]) => ({ address, change: { actions } });

  it.each([
    [
      "actions of providers",
      { action_invocations: [{ address: "action.aws_lambda_invoke.x" }] },
      "applying it also runs actions, whose effect no plan shows: action.aws_lambda_invoke.x",
    ],
    [
      "what somebody else changed",
      { resource_drift: [entry("a.b", ["update"]), entry("a.moved", ["no-op"])] },
      "changed by somebody else since it was last applied: a.b",
    ],
    ["what is left for later", { deferred_changes: [{}] }, "the plan leaves changes for a later one"],
    ["another format", { format_version: "2.0" }, 'format version "2.0" is not known'],
    ["changes that are no list", { resource_changes: { a: 1 } }, "resource_changes is no list"],
    [
      "a resource of which nothing is known",
      {
        resource_changes: [{ address: "a.b", change: change(["create"], null, {}, { after_unknown: true }) }],
      },
      "a.b: nothing of what it will be is known",
    ],
  ])("names %s", (_what, more, problem) => {
    expect(parsePlan(terraform("x", change(["no-op"], {}, {}), more))?.problems).toEqual([problem]);
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

  it("repeats no secret, and believes the engine that one changed", () => {
    const urn = "urn:pulumi:prod::shop::aws:rds/instance:Instance::main";
    const key = "4dabf18193072939515e22adb298388d";
    const state = (password: unknown) => ({ type: "aws:rds/instance:Instance", inputs: { password } });
    const planOf = (old: unknown, now: unknown) => {
      const states = { oldState: state(old), newState: state(now) };
      return parsePlan(
        JSON.stringify({ steps: [{ op: "update", urn, ...states, diffReasons: ["password"] }] }),
      );
    };
    expect(planOf("[secret]", "[secret]")?.resources).toMatchObject([
      { attributes: ["password"], hidden: ["password"] },
    ]);
    const shown = planOf("[secret]", { [key]: "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' });
    expect(shown?.resources).toMatchObject([{ hidden: ["password"] }]);
    expect(JSON.stringify(shown)).not.toContain("hunter2");
  });

  it("says what it does not tell", () => {
    const whole = "the preview ended in an error and is not whole";
    expect(parsePlan('{"steps": [], "maybeCorrupt": true}')?.problems).toEqual([whole]);
    expect(parsePlan('{"steps": [], "diagnostics": [{"severity": "error"}]}')?.problems).toEqual([whole]);
    expect(parsePlan('{"steps": 5}')?.problems).toEqual(["steps is no list"]);
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
