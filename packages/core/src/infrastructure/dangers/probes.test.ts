// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const F = "failover-changed";
const HTTP = "readinessProbe: { httpGet: { path: /, port: 80 } }";
const deployment = (probe: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { template: { spec: { containers: [{ name: a, image: "r.example/a:1", ${probe} }] } } }\n`;
const exec = (command: string) => `livenessProbe: { exec: { command: [${command}] } }`;

describe("a probe that succeeds whatever the program does", () => {
  it.each([
    ["of a command that does nothing", HTTP, 'readinessProbe: { exec: { command: ["true"] } }', F],
    ["of a shell that says yes", exec("cat, /tmp/a"), exec("sh, -c, exit 0"), F],
    ["of a failure that is forgiven", exec("sh, -c, pg_isready"), exec("sh, -c, pg_isready || true"), F],
    ["of another path", HTTP, HTTP.replace("/,", "/ready,"), ""],
    ["of another command", exec("cat, /tmp/a"), exec("cat, /tmp/b"), ""],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.yaml", deployment(before), deployment(after))).toBe(codes);
  });

  it("of a task of Amazon", () => {
    const task = (command: string) =>
      block(
        "aws_ecs_task_definition",
        `container_definitions = jsonencode([{ healthCheck = { command = ["CMD-SHELL", "${command}"] } }])`,
      );
    expect(codesOf("a.tf", task("curl -f http://localhost/"), task("exit 0"))).toBe(F);
  });
});
