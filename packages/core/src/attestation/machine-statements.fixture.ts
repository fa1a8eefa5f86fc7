// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord } from "../attribution/index.ts";
import { CoreError, toText, toUtf8 } from "../ids/index.ts";
import { toAssistanceStatement } from "./assistance-v0.1.ts";
import { type DeploymentPredicate, toDeploymentStatement } from "./deployment-v0.1.ts";
import { type GateVerdictPredicate, toGateVerdict } from "./gate-verdict-v0.1.ts";
import { parseMachineStatement } from "./parse-machine-statement.ts";
import { formatRawStatement, parseRawStatement, type RawStatement } from "./statement.ts";
import { CHANGE } from "./statements.fixture.ts";
import { toVerdictStatement } from "./verdict-statement.ts";
import { toSummaryStatement } from "./verification-summary.ts";

// Values for tests, and the makers of specs/vectors for statements of machines; no product code imports this file.

export const VERDICT: GateVerdictPredicate = toGateVerdict({
  verdict: "pass",
  repository: CHANGE.repository,
  target: CHANGE.target,
  base: CHANGE.mergeBase,
  head: CHANGE.head,
  change: CHANGE,
  policyDigest: CHANGE.policyDigest,
  evaluatedAt: "2026-03-01T12:05:00Z",
  assisted: true,
  tools: ["claude-code"],
  findings: [{ rule: "ai-senior-sign-off", status: "pass", reason: "1 of 1 sign-off by senior" }],
  signOffs: [{ envelope: "a".repeat(64), principal: "senior", decision: "approve" }],
  program: { name: "countersign", version: "0.1.0" },
  nonce: "101112131415161718191a1b1c1d1e1f",
});

export const DENIAL: GateVerdictPredicate = toGateVerdict({
  ...VERDICT,
  verdict: "denied",
  findings: [
    { rule: "unknown-author", status: "warning", reason: "guest@example.com maps to nobody in `people`" },
    {
      rule: "contradictory-claim",
      status: "fail",
      reason: "claims that no AI took part and names one all the same",
    },
  ],
  signOffs: [],
});

export const DEPLOYMENT: DeploymentPredicate = {
  environment: "production",
  commits: { base: "1".repeat(40), head: "3".repeat(40) },
  artifacts: [{ name: "registry.example/acme/shop", digest: { sha256: "b".repeat(64) } }],
  repository: CHANGE.repository,
  target: CHANGE.target,
  at: "2026-03-02T08:00:00Z",
  pipeline: {
    issuer: "https://ci.example",
    subject: "acme/shop/release",
    run: "https://ci.example/acme/shop/runs/4711",
  },
  verdict: "pass",
  kind: "forward",
  policyDigest: CHANGE.policyDigest,
  gaps: [],
  reasons: [],
  previous: "c".repeat(64),
  nonce: "202122232425262728292a2b2c2d2e2f",
};

export const RECORD: AssistanceRecord = {
  version: 1,
  commit: "3".repeat(40),
  tree: "4".repeat(40),
  grade: "observed",
  recorder: { name: "countersign", version: "0.1.0" },
  coverage: { isWhole: true, from: 1_772_445_000, to: 1_772_445_600, gaps: [] },
  agents: [{ tool: "claude-code", session: "0b51d6a2-session", model: "claude-opus-4-8" }],
  files: [
    {
      path: "src/add.ts",
      blob: "5".repeat(40),
      ranges: [
        {
          first: 1,
          last: 1,
          origin: "ai",
          agent: 0,
          extent: "generated",
          evidence: "observed",
          fingerprints: ["gVdQpFh7"],
        },
      ],
    },
  ],
  derivedFrom: [],
};

export interface StatementVector {
  readonly name: string;
  readonly payload: string;
  readonly statement: unknown;
}

export interface InvalidStatementVector {
  readonly name: string;
  readonly payload: string;
  readonly code: string;
}

const toValid = (name: string, statement: RawStatement): StatementVector => {
  const payload = toText(formatRawStatement(statement));
  return { name, payload, statement: parseMachineStatement(parseRawStatement(toUtf8(payload))) };
};

const SUMMARY = {
  commit: "3".repeat(40),
  repository: CHANGE.repository,
  verifiedAt: "2026-03-01T12:05:00Z",
  policyDigest: CHANGE.policyDigest,
  version: "0.1.0",
};

export const VALID: Readonly<Record<string, () => readonly StatementVector[]>> = {
  "gate-verdict": () => [
    toValid("a pass with sign-off", toVerdictStatement(VERDICT)),
    toValid("a denial", toVerdictStatement(DENIAL)),
    toValid(
      "a pass without AI",
      toVerdictStatement({ ...VERDICT, assisted: false, tools: [], signOffs: [] }),
    ),
    toValid(
      "an error without policy",
      toVerdictStatement({ ...DENIAL, verdict: "error", change: null, policyDigest: null, assisted: null }),
    ),
  ],
  deployment: () => [
    toValid("forward", toDeploymentStatement(DEPLOYMENT)),
    toValid(
      "the first of an environment, without artifact and pipeline",
      toDeploymentStatement({
        ...DEPLOYMENT,
        commits: { base: null, head: "3".repeat(40) },
        artifacts: [],
        pipeline: null,
        verdict: "baseline",
        kind: "first",
        previous: null,
      }),
    ),
    toValid(
      "denied, with a gap",
      toDeploymentStatement({
        ...DEPLOYMENT,
        verdict: "denied",
        gaps: ["6".repeat(40)],
        reasons: [{ rule: "no-verdict", reason: "1 commit landed without a verdict" }],
      }),
    ),
  ],
  assistance: () => [toValid("a record", toAssistanceStatement(RECORD))],
  "verification-summary": () => [toValid("a sign-off", toSummaryStatement(SUMMARY))],
};

const spoil = (name: string, statement: RawStatement, from: string, to: string): InvalidStatementVector => {
  const good = toText(formatRawStatement(statement));
  if (!good.includes(from)) throw new Error(`the statement has no ${from}`);
  const payload = good.replace(from, to);
  return { name, payload, code: codeOf(payload) };
};

function codeOf(payload: string): string {
  try {
    parseMachineStatement(parseRawStatement(toUtf8(payload)));
  } catch (error) {
    if (error instanceof CoreError) return error.code;
    throw error;
  }
  return "accepted";
}

export const INVALID: Readonly<Record<string, () => readonly InvalidStatementVector[]>> = {
  "gate-verdict": () => {
    const pass = toVerdictStatement(VERDICT);
    const denial = toVerdictStatement(DENIAL);
    const svr = '"predicateType":"https://in-toto.io/attestation/svr/v0.2"';
    const own = '"predicateType":"https://countersign.dev/gate-verdict/v0.1"';
    return [
      spoil("a denial inside a result", pass, '"verdict":"pass"', '"verdict":"denied"'),
      spoil("a denial called a result", denial, own, svr),
      spoil("a pass outside a result", denial, '"verdict":"denied"', '"verdict":"pass"'),
      spoil(
        "a property more than the verdict gives",
        pass,
        '["COUNTERSIGN_GATE_PASS"',
        '["SLSA_SOURCE_LEVEL_4","COUNTERSIGN_GATE_PASS"',
      ),
      spoil(
        "another time in the result than in the verdict",
        pass,
        '"timeCreated":"2026',
        '"timeCreated":"2027',
      ),
      spoil(
        "another head than the subject",
        pass,
        `"gitCommit":"${"3".repeat(40)}"`,
        `"gitCommit":"${"9".repeat(40)}"`,
      ),
      spoil("a change for another target", denial, '"target":"refs/heads/main"', '"target":"refs/heads/dev"'),
      spoil("an unknown member", denial, '"omitted":0', '"omitted":0,"waived":true'),
      spoil("an escape sequence in a reason", denial, "claims that", "\\u001b[2J"),
      spoil(
        "a result of another verifier",
        pass,
        "https://countersign.dev/gate-verdict/v0.1",
        "https://example.com/x",
      ),
    ];
  },
  deployment: () => {
    const statement = toDeploymentStatement(DEPLOYMENT);
    return [
      spoil(
        "another commit than the subject",
        statement,
        `"gitCommit":"${"3".repeat(40)}"`,
        `"gitCommit":"${"9".repeat(40)}"`,
      ),
      spoil(
        "another artifact than the subject",
        statement,
        `{"sha256":"${"b".repeat(64)}"}`,
        `{"sha256":"${"d".repeat(64)}"}`,
      ),
      spoil("a tag in place of a digest", statement, `"sha256":"${"b".repeat(64)}"`, '"tag":"latest"'),
      spoil(
        "a path for an environment",
        statement,
        '"environment":"production"',
        '"environment":"../production"',
      ),
      spoil("a verdict that does not exist", statement, '"verdict":"pass"', '"verdict":"waived"'),
      spoil("an abbreviated commit", statement, `"head":"${"3".repeat(40)}"`, '"head":"3333333"'),
      spoil("no previous", statement, `"previous":"${"c".repeat(64)}",`, ""),
    ];
  },
  assistance: () => {
    const statement = toAssistanceStatement(RECORD);
    return [
      spoil(
        "another commit than the subject",
        statement,
        `"gitCommit":"${"3".repeat(40)}"`,
        `"gitCommit":"${"9".repeat(40)}"`,
      ),
      spoil("a record that is none", statement, '"grade":"observed"', '"grade":"certain"'),
      spoil("contents of a file", statement, '"path":"src/add.ts"', '"content":"x","path":"src/add.ts"'),
    ];
  },
  "verification-summary": () => {
    const statement = toSummaryStatement(SUMMARY);
    return [
      spoil("a failure", statement, '"PASSED"', '"FAILED"'),
      spoil(
        "a level that the gate does not verify",
        statement,
        '["ORG_SOURCE_AI_SIGNOFF"]',
        '["ORG_SOURCE_AI_SIGNOFF","SLSA_SOURCE_LEVEL_4"]',
      ),
      spoil("no repository", statement, '"resourceUri":"https://git.example/acme/shop"', '"resourceUri":""'),
      spoil(
        "another verifier",
        statement,
        "https://countersign.dev/gate/v0.1",
        "https://example.com/verifier",
      ),
    ];
  },
};
