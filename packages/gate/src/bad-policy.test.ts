// SPDX-License-Identifier: Apache-2.0
import { formatTerminalReport, type GateReport, PLAIN_PALETTE } from "@countersign/core/render";
import { openRepository } from "@countersign/git";
import { describe, expect, it } from "vitest";
import { judgePush } from "./judge-push.ts";
import {
  createScenario,
  findingOf,
  NOW,
  peopleYaml,
  SENIOR_RULES,
  TARGET,
} from "./threats/gate-scenario.fixture.ts";

const VALID = `version: 1\n${SENIOR_RULES}`;
const BOMB = `a: &a ["x","x","x","x","x","x","x","x","x"]\n${"bcdefghi"
  .split("")
  .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[i]}`).join(",")}]`)
  .join("\n")}\nversion: 1\n`;

/** A policy that cannot be used denies with its place in the file, quickly, and without a crash. */
async function judgePolicy(policyFile: string | Uint8Array | null): Promise<GateReport> {
  await using scenario = await createScenario({ policyFile });
  const head = await scenario.propose();
  const started = process.cpuUsage().user / 1000;
  const report = await scenario.gate({ head });
  expect(process.cpuUsage().user / 1000 - started).toBeLessThan(5_000);
  expect(formatTerminalReport(report, { palette: PLAIN_PALETTE, width: 80 })).toContain("DENIED");
  return report;
}

describe("a policy file that cannot be used denies, and says where and why", () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ["empty", "", /policy\.yml:1:1: .*expected/s],
    ["blank", "\n\n  \n", /policy\.yml:/],
    ["only a comment", "# nothing\n", /policy\.yml:/],
    ["a list", "- version: 1\n", /policy\.yml:1:1/],
    ["a word", "version\n", /policy\.yml:1:1/],
    ["null", "~\n", /policy\.yml:1:1/],
    ["no version", "rules: []\n", /version/],
    ["another version", "version: 2\n", /policy\.yml:1:10: .*version.*expected/s],
    ["a version as text", 'version: "1"\n', /policy\.yml:1:10/],
    ["no YAML", "version: 1\n  bad: [\n", /policy\.yml:\d+:\d+/],
    ["an unclosed quote", 'version: "1\n', /policy\.yml:/],
    ["an unknown key", `${VALID}rule: []\n`, /rule.*did you mean.*rules/s],
    [
      "an unknown key in a rule",
      VALID.replace("when: change.ai.assisted\n", "wen: change.ai.assisted\n"),
      /wen/,
    ],
    ["a key twice", `${VALID}unknown: deny\nunknown: allow\n`, /policy\.yml:24:1: .*expected every key once/],
    ["a key twice in a map in flow", "version: 1\nlimits: { commits: 1, commits: 2 }\n", /policy\.yml:2:/],
    ["an anchor bomb", BOMB, /anchor|alias/i],
    ["one anchor", "version: &v 1\n", /anchor/i],
    ["a merge key", "version: 1\nlimits:\n  <<: { commits: 1 }\n", /<<|merge/i],
    ["a tag", "version: !!int 1\n", /tag/i],
    ["a directive", "%YAML 1.1\n---\nversion: 1\n", /directive/i],
    ["two documents", "version: 1\n---\nversion: 1\n", /document/i],
    ["a NUL", "version: 1\n#\0\n", /policy\.yml:2:|control|U\+0000/],
    ["an escape", "version: 1\n# \u001b[2J\n", /policy\.yml:2:|control|U\+001B/i],
    ["right-to-left order", "version: 1 # \u202e\n", /U\+202E/],
    ["bytes that are no UTF-8", Uint8Array.from([0x76, 0xff, 0xfe, 0x0a]), /UTF-8/],
    ["UTF-16", Buffer.from("version: 1\n", "utf16le"), /UTF-8|control|U\+0000/],
    ["half a megabyte", `version: 1\n#${"x".repeat(524_288)}\n`, /256 KiB|262144|too large|long/i],
    [
      "a hundred levels",
      `version: 1\ndescription: ${"[".repeat(100)}${"]".repeat(100)}\n`,
      /deep|level|nest/i,
    ],
    [
      "an id twice",
      `${VALID}  - { id: ai-infrastructure, require: { role: senior } }\n`,
      /ai-infrastructure/,
    ],
    ["an id of ours", `${VALID}  - { id: too-large, require: { role: senior } }\n`, /too-large/],
    [
      "a role that does not exist",
      VALID.replace("role: senior, count: 1", "role: seniors, count: 1"),
      /seniors.*senior/s,
    ],
    ["a member who does not exist", "version: 1\nroles: { senior: { members: [ghost] } }\n", /ghost/],
    [
      "a key that is none",
      'version: 1\npeople: { a: { keys: ["ssh-ed25519 AAAA"] } }\n',
      /policy\.yml:2:.*key/s,
    ],
    [
      "a private key",
      'version: 1\npeople: { a: { keys: ["-----BEGIN OPENSSH PRIVATE KEY-----"] } }\n',
      /key/,
    ],
    [
      "an expression that does not parse",
      VALID.replace("when: change.ai.assisted\n", "when: change.ai.\n"),
      /policy\.yml:\d+:\d+/,
    ],
    [
      "an expression about nothing",
      VALID.replace("when: change.ai.assisted\n", "when: change.ai.asisted\n"),
      /asisted.*assisted/s,
    ],
    [
      "an expression that is no condition",
      VALID.replace("when: change.ai.assisted\n", "when: change.commitCount\n"),
      /bool|true or false|condition/,
    ],
    [
      "a regular expression without end",
      VALID.replace("when: change.ai.assisted\n", `when: change.target.matches("${"a".repeat(300)}")\n`),
      /256|long|pattern/,
    ],
    ["a negative count", VALID.replace("count: 1", "count: -1"), /count.*expected/s],
    ["an endless duration", VALID.replace("count: 1", "count: 1, maxAge: 99999999d"), /maxAge/],
    ["more people than one rule can want", VALID.replace("count: 1", "count: 101"), /count/],
    [
      "a rule with two effects",
      VALID.replace("require: { role: senior, count: 1 }", "require: { role: senior }\n    deny: no"),
      /exactly one|deny|require/,
    ],
    ["Terraform", 'resource "a" "b" {\n}\n', /policy\.yml:/],
    ["a Git conflict", `<<<<<<< ours\n${VALID}=======\n>>>>>>> theirs\n`, /policy\.yml:/],
    ["an unknown profile", "version: 1\nextends: amazn\n", /amazn.*amazon/s],
    ["a number that is not one", "version: 1\nlimits: { commits: .inf }\n", /commits/],
    ["a prototype's name as a key", "version: 1\n__proto__: { x: 1 }\n", /__proto__/],
  ])("%s", async (_what, file, reason) => {
    const text =
      typeof file === "string" && file.startsWith("version: 1\n\nroles:")
        ? `${await peopleYaml()}${file}`
        : file;
    const report = await judgePolicy(text);
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "policy").status).toBe("fail");
    expect(findingOf(report, "policy").reason).toMatch(
      /is invalid, so nothing passes|cannot be read, so nothing passes/,
    );
    expect(findingOf(report, "policy").reason).toMatch(reason);
    expect(report.policyDigest).toBeNull();
  });

  it("several mistakes are reported together, each with its place", async () => {
    const report = await judgePolicy("version: 3\nrules: [{ id: A }]\nunknwon: allow\n");
    const reasons = report.findings.map((finding) => finding.reason);
    for (const line of [1, 2, 3])
      expect(reasons[line - 1]).toMatch(new RegExp(`nothing passes: .countersign/policy\\.yml:${line}:`));
    expect(formatTerminalReport(report, { palette: PLAIN_PALETTE, width: 80 })).not.toContain("\\n");
  });

  it.each([["none at all", null]])(
    "%s: no policy is not permission, and how to get one",
    async (_what, file) => {
      const report = await judgePolicy(file);
      expect(report.verdict).toBe("denied");
      expect(findingOf(report, "policy").reason).toMatch(
        /no policy is not permission.*countersign policy init/s,
      );
    },
  );

  it.each([
    ["a folder", { ".countersign/policy.yml/x": "version: 1\n" }],
    ["a submodule", { ".countersign/policy.yml": { gitlink: "1".repeat(40) } }],
    ["a link that leads nowhere", { ".countersign/policy.yml": { symlink: "../nothing" } }],
    [
      "a link to a valid policy",
      { ".countersign/policy.yml": { symlink: "../valid.yml" }, "valid.yml": "version: 1\nextends: none\n" },
    ],
    ["17 MB", { ".countersign/policy.yml": Buffer.alloc(17 * 1024 * 1024, 0x23) }],
  ])("%s in its place", async (_what, files) => {
    await using scenario = await createScenario({ policyFile: null, files });
    const report = await scenario.gate({ head: await scenario.propose() });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "policy").status).toBe("fail");
  });

  it("a valid one among them, so that the tests above can fail", async () => {
    await using scenario = await createScenario({
      policyFile: `version: 1\n${await peopleYaml()}${SENIOR_RULES}`,
    });
    expect((await scenario.gate({ head: await scenario.propose() })).verdict).toBe("pending");
  });

  it("the gate that was working before a mistake got in is not blocked for ever: the fix is judged by the old policy's owners at the server", async () => {
    await using scenario = await createScenario({ policyFile: "version: 9\n" });
    const repository = await openRepository(scenario.repo.path);
    const head = await scenario.propose({
      message: "fix the policy\n",
      files: { ".countersign/policy.yml": VALID },
    });
    const [judgement] = await judgePush({
      repository,
      updates: [{ ref: TARGET, old: scenario.start, new: head }],
      evaluatedAt: NOW,
    });
    expect(judgement?.isAccepted).toBe(false);
    expect(judgement?.report && findingOf(judgement.report, "policy").reason).toContain("expected");
  });
});
