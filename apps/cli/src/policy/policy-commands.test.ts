// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRepository, createTemporaryFolder, type TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";

const PROFILES = ["amazon", "kernel", "fedora", "apache", "disclose", "ban", "none"];
let repo: TestRepository;

beforeEach(async () => {
  repo = await createRepository();
});
afterEach(() => repo.remove());

function writePolicy(text: string): void {
  mkdirSync(join(repo.path, ".countersign"), { recursive: true });
  writeFileSync(join(repo.path, ".countersign/policy.yml"), text);
}

function policy(...args: string[]) {
  return countersign(["policy", ...args], { cwd: repo.path });
}

describe("policy admission", () => {
  it("prints nothing that would look like the whole policy, and says who decides the rest", async () => {
    writePolicy("version: 1\nrules:\n  - { id: no-ai, when: change.ai.assisted, deny: no AI here }\n");
    const alone = await policy("admission");
    expect(alone).toMatchObject({ exitCode: 2, stdout: "" });
    expect(alone.stderr).toContain("no-ai: asks about the change and its commits");
    expect(alone.stderr).toContain("expected --beside-webhook");
    const beside = await policy("admission", "--beside-webhook", "--exclude", "kube-system");
    expect(beside.exitCode).toBe(0);
    expect(beside.stdout).toMatch(
      /^# Not decided here, but by the webhook.*\n# {3}deploy check: .*\n# {3}no-ai: /,
    );
    expect(beside.stdout).toContain("kind: ValidatingAdmissionPolicyBinding");
    expect(await policy("admission", "--beside-webhook", "--registry", 'a"b')).toMatchObject({
      exitCode: 2,
      stdout: "",
    });
  });
});

describe("policy check", () => {
  it("names a valid policy's rules and digest", async () => {
    writePolicy("version: 1\nrules:\n  - { id: no-ai, when: change.ai.assisted, deny: no AI here }\n");
    const { exitCode, stdout } = await policy("check");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^\.countersign\/policy\.yml is valid: 1 rule, 0 people, 0 roles, 0 tests; sha256 [0-9a-f]{64}\n$/,
    );
    const json = JSON.parse((await policy("check", "--json")).stdout);
    expect(json).toMatchObject({ valid: true, digest: expect.stringMatching(/^[0-9a-f]{64}$/), issues: [] });
  });

  it("warns of what no number of people there could ever meet", async () => {
    const people =
      "people:\n  senior-a: { emails: [a@example.com] }\n  senior-b: { emails: [b@example.com] }\n";
    const roles = "roles:\n  senior: { members: [senior-a, senior-b] }\n";
    const rules = [2, 3].map(
      (count) => `  - { id: ask-${count}, require: { role: senior, count: ${count} } }\n`,
    );
    writePolicy(`version: 1\n${people}${roles}rules:\n${rules.join("")}`);
    const { exitCode, stdout } = await policy("check");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /\nwarning: ask-3 asks for 3 of senior, and only 2 there could sign: that can never be met\n$/,
    );
    const json = JSON.parse((await policy("check", "--json")).stdout);
    expect(json.warnings).toEqual([
      expect.objectContaining({ rule: "ask-3", role: "senior", count: 3, able: 2 }),
    ]);
  });

  it.each([".countersign", ".countersign/policy.yml"])(
    "does not follow a link at %s, as the gate does not",
    async (path) => {
      writePolicy("version: 1\nrules: []\n");
      renameSync(join(repo.path, path), join(repo.path, "elsewhere"));
      symlinkSync(join(repo.path, "elsewhere"), join(repo.path, path));
      const { exitCode, stderr } = await policy("check");
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`${path} is a symbolic link, which the gate does not follow`);
    },
  );

  it("prints every mistake as file:line:column on stderr, with an example", async () => {
    writePolicy("version: 1\nrulez: []\nsignalled: maybe\n");
    const { exitCode, stdout, stderr } = await policy("check");
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/\.countersign\/policy\.yml:2:1: .*expected.*for example/);
    expect(stderr).toMatch(/\.countersign\/policy\.yml:3:\d+: .*expected.*for example/);
    const json = JSON.parse((await policy("check", "--json")).stdout);
    expect(json.valid).toBe(false);
    expect(json.issues.map((issue: { line: number }) => issue.line).sort()).toEqual([2, 3]);
  });

  it("says how to start where there is no policy", async () => {
    const { exitCode, stderr } = await policy("check");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("countersign policy init");
  });

  it("prints nothing of a hostile file that acts on a terminal (T62)", async () => {
    writePolicy('version: 1\n"\\e[2J\\u202e::error::x": 1\nrules: "\\e]0;x\\a"\n');
    const { exitCode, stderr } = await policy("check");
    expect(exitCode).toBe(2);
    expect(stderr.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(stderr).not.toMatch(/^::/m);
  });
});

describe("policy test", () => {
  const TEST = (expectation: string) =>
    `version: 1\nrules:\n  - { id: no-ai, when: change.ai.assisted, deny: no AI here }\ntests:\n  - { name: AI is denied, change: { ai: { assisted: true } }, expect: ${expectation} }\n`;

  it("passes where every test holds", async () => {
    writePolicy(TEST("denied"));
    const { exitCode, stdout } = await policy("test");
    expect(stdout).toBe("✔ AI is denied: denied\n\n1 passed, 0 failed\n");
    expect(exitCode).toBe(0);
  });

  it("exits 1 and says why where one does not", async () => {
    writePolicy(TEST("pass"));
    const { exitCode, stdout } = await policy("test");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("✘ AI is denied: expected pass, got denied");
    expect(stdout).toContain("no-ai: ");
    expect(JSON.parse((await policy("test", "--json")).stdout)).toMatchObject({ passed: 0, failed: 1 });
  });

  it("does not call a policy without tests a success", async () => {
    writePolicy("version: 1\nrules: []\n");
    const { exitCode, stderr } = await policy("test");
    expect(exitCode).toBe(2);
    expect(stderr).toContain("has no tests");
  });
});

describe("policy init", () => {
  it.each(PROFILES)("starts a valid policy whose tests hold from the profile %s", async (profile) => {
    const { exitCode, stdout } = await policy("init", "--profile", profile);
    expect(exitCode).toBe(0);
    writePolicy(stdout);
    expect(await policy("check")).toMatchObject({ exitCode: 0 });
    expect(await policy("test")).toMatchObject({ exitCode: 0 });
  });

  it("writes the file once and never over another", async () => {
    expect((await policy("init", "--profile", "amazon", "--write")).exitCode).toBe(0);
    const path = join(repo.path, ".countersign/policy.yml");
    const written = readFileSync(path, "utf8");
    const again = await policy("init", "--profile", "ban", "--write");
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain("exists already");
    expect(readFileSync(path, "utf8")).toBe(written);
  });

  it("writes to the top of the work tree from anywhere in it", async () => {
    mkdirSync(join(repo.path, "deep/er"), { recursive: true });
    await countersign(["policy", "init", "--profile", "none", "--write"], {
      cwd: join(repo.path, "deep/er"),
    });
    expect(existsSync(join(repo.path, ".countersign/policy.yml"))).toBe(true);
  });

  it("follows no link out of the repository", async () => {
    await using outside = await createTemporaryFolder();
    symlinkSync(outside.path, join(repo.path, ".countersign"));
    const { exitCode } = await policy("init", "--profile", "none", "--write");
    expect(exitCode).toBe(2);
    expect(existsSync(join(outside.path, "policy.yml"))).toBe(false);
  });
});

describe("policy schema", () => {
  it("prints a JSON Schema that editors can use", async () => {
    const { exitCode, stdout } = await policy("schema");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      $schema: expect.stringContaining("2020-12"),
      type: "object",
      required: ["version"],
    });
  });
});
