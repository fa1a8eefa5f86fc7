// SPDX-License-Identifier: Apache-2.0
import type { GateReport } from "./gate-report.ts";

const BASE = "b".repeat(40);
export const HEAD = "c".repeat(40);
const ENVELOPE = "e".repeat(64);

/** A pending change as the gate reports it: two AI commits on infrastructure, one refused sign-off. */
export const PENDING_REPORT: GateReport = {
  verdict: "pending",
  change: { ai: { assisted: true, commits: 2n }, classes: ["infrastructure"] },
  findings: [
    {
      rule: "ai-senior-sign-off",
      status: "pending",
      reason: "0 of 1 sign-offs by a senior",
      commits: [HEAD],
      files: ["deploy/main.tf"],
      missing: { role: "senior", count: 1, candidates: ["senior-one", "senior-two"] },
    },
    {
      rule: "dco",
      status: "pass",
      reason: "every commit is signed off",
      commits: [],
      files: [],
      missing: null,
    },
  ],
  policyDigest: "d".repeat(64),
  signOffs: [
    {
      principal: "author",
      decision: "approve",
      counted: false,
      reason: "the signer is an author of the change",
      envelope: ENVELOPE,
      cover: "exact",
      issuedAt: "2026-03-01T12:00:00Z",
    },
  ],
  policySource: { commit: BASE, path: ".countersign/policy.yml" },
  repository: "https://git.acme.example/shop.git",
  base: BASE,
  head: HEAD,
  mergeBase: BASE,
  target: "refs/heads/main",
  evaluatedAt: "2026-03-01T13:00:00Z",
  commits: [
    {
      id: "a".repeat(40),
      title: "deploy: widen the role",
      state: "declared",
      tools: [{ tool: "amazon-q", model: "2026-03" }],
    },
    { id: HEAD, title: "deploy: fix typo", state: "unknown", tools: [] },
  ],
  notes: [],
};

export const PASS_REPORT: GateReport = {
  ...PENDING_REPORT,
  verdict: "pass",
  findings: PENDING_REPORT.findings.map((finding) => ({ ...finding, status: "pass", missing: null })),
};

/** The same report with one text in every place that somebody outside controls. */
export function hostileReport(evil: string): GateReport {
  const warning = { code: evil, message: evil };
  return {
    ...PENDING_REPORT,
    change: { titles: [evil], [evil]: evil },
    findings: PENDING_REPORT.findings.map((finding) => ({
      ...finding,
      status: "fail" as const,
      rule: evil,
      reason: evil,
      files: [evil, `dir/${evil}`],
      missing: { role: evil, count: 1, candidates: [evil, evil] },
    })),
    signOffs: PENDING_REPORT.signOffs.map((signOff) => ({ ...signOff, principal: evil, reason: evil })),
    policySource: { commit: BASE, path: evil },
    repository: evil,
    target: `refs/heads/${evil}`,
    evaluatedAt: evil,
    commits: [{ id: HEAD, title: evil, state: "declared", tools: [{ tool: evil, model: evil }] }],
    notes: [warning],
  };
}

/** What people have put, or could put, into titles, paths and names (T62). */
export const EVIL_TEXTS: readonly string[] = [
  "\u001b[2J\u001b[1;31mPASS\u001b[0m",
  "\u001b]0;title\u0007\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\",
  "\u009b31mC1 control",
  "first\nsecond\r\nthird\rfourth\u2028fifth\u2029sixth\u0085seventh",
  "::error file=a.ts,line=1::forged",
  "x\n::set-output name=verdict::pass",
  "word ::add-mask::word ##[error]forged ##vso[task.complete result=Succeeded;]done ##teamcity[x]",
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "\"><svg/onload=alert(1)> & ' `",
  "[click](javascript:alert(1)) ![x](https://evil.example/p.png) **bold** `code` | cell | # head",
  "@everyone #1 GH-1 org/repo#2 www.evil.example https://evil.example a@b.example",
  "</td></table>\n\n# Verdict: pass\n```\n~~~",
  "admin\u202e\u2066// check\u2069 \u200bzero\u200d width\ufeff\u00ad \u{e0041}tags \u3164",
  "../../../etc/passwd",
  "C:\\windows\\x1b \\n",
  "bytes \udcff\udc80 and half \ud83d",
  "$(id) `id` ; rm -rf ~ && echo 'x' \"y\"",
  "%0A::error::x %25 , : =",
  "\u0000null\u007fdel",
  "",
  " ",
  "-- --help",
];
