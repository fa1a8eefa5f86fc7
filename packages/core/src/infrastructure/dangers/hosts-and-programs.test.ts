// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { codesOf } from "../assess.fixture.ts";

const [P, U, W] = ["protection-off", "untrusted-code", "privilege-widened"];
const task = (module: string, ...lines: readonly string[]) =>
  `- name: a\n  ansible.builtin.${module}:\n${lines.map((line) => `    ${line}\n`).join("")}`;
const file = (mode: string, path = "/etc/app") => task("file", `path: ${path}`, `mode: "${mode}"`);

describe("what a task does to machines", () => {
  it.each([
    [
      "packages of an index that nobody checks",
      task("pip", "name: b"),
      task("pip", "name: b", "extra_args: --trusted-host c"),
      U,
    ],
    [
      "packages of any digest",
      task("pip", "name: b", "extra_args: --require-hashes"),
      task("pip", "name: b"),
      U,
    ],
    ["a file that everybody writes", file("0755"), file("0777"), W],
    ["the same in words", file("u=rwx,o=rx"), file("u=rwx,o=rwx"), W],
    ["a program that makes its owner of everybody", file("0755"), file("4755"), W],
    ["a file that more may read", file("0750"), file("0755"), ""],
    ["a folder made for everybody", file("0755", "/tmp/a"), file("0777", "/tmp/a"), ""],
    [
      "a job that keeps copies",
      task("cron", "name: pg-dump"),
      task("cron", "name: pg-dump", "disabled: true"),
      P,
    ],
    [
      "security updates",
      task("apt", "name: unattended-upgrades", "state: present"),
      task("apt", "name: unattended-upgrades", "state: absent"),
      P,
    ],
    [
      "a check whose failure is ignored",
      task("command", "cmd: sha256sum -c b"),
      `${task("command", "cmd: sha256sum -c b")}  ignore_errors: true\n`,
      P,
    ],
    [
      "another task whose failure is ignored",
      task("command", "cmd: b"),
      `${task("command", "cmd: b")}  ignore_errors: true\n`,
      "",
    ],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("roles/a/tasks/main.yml", before, after)).toBe(codes);
  });
});

const pod = (name: string, value: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, env: [{ name: ${name}, value: "${value}" }] }] }\n`;
const literal = (text: string) =>
  `kind: Kustomization\nconfigMapGenerator: [{ name: a, literals: [${text}] }]\n`;

describe("what a program is told by its environment", () => {
  it.each([
    ["to ask nobody", pod("AUTH_ENABLED", "true"), pod("AUTH_ENABLED", "false"), P],
    ["to look at no certificate", pod("TLS_SKIP_VERIFY", "false"), pod("TLS_SKIP_VERIFY", "true"), P],
    ["to log nothing", pod("AUDIT_ENABLED", "true"), pod("AUDIT_ENABLED", "false"), "audit-off"],
    ["to ask", pod("AUTH_ENABLED", "false"), pod("AUTH_ENABLED", "true"), ""],
    ["something else", pod("AUTHOR_ENABLED", "true"), pod("AUTHOR_ENABLED", "false"), ""],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.yaml", before, after)).toBe(codes);
  });

  it("may be told by a generator of settings", () => {
    expect(codesOf("kustomization.yaml", literal("AUTH_ENABLED=true"), literal("AUTH_ENABLED=false"))).toBe(
      P,
    );
  });
});
