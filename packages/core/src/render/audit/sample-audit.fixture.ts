// SPDX-License-Identifier: Apache-2.0
import {
  type AuditReport,
  createGapCollector,
  createShippedTally,
  type LoggedProof,
  NO_FAULTS,
  type ShippedChange,
} from "../../audit/index.ts";

const id = (n: number) => n.toString(16).padStart(4, "0").repeat(10);
const sha = (n: number) => n.toString(16).padStart(4, "0").repeat(16);

const TITLES = [
  "net: route the new subnet",
  "checkout: retry a declined card once",
  "iam: narrow the deployer's role",
  "docs: how to rotate keys",
  "search: rank by freshness",
  "cart: sum in minor units",
  "mesh: retry budget of the gateway",
  "tests: cover the empty basket",
];
const TOOLS = [
  ["claude-code", "Anthropic", "claude-opus-4-8"],
  ["github-copilot", "GitHub", "gpt-4o"],
  ["amazon-q", "Amazon", "2026-03"],
  ["cursor", "Anysphere", null],
] as const;
const FOLDERS = ["services/", "infra/", "web/", "docs/"];
const TEAMS = ["@acme/shop", "@acme/cloud", "@acme/web", "(unowned)"];
const AREAS: readonly (readonly string[])[] = [[], ["infrastructure"], [], ["docs"]];
const STATES = [
  "recorded",
  "cleared",
  "declared",
  "unknown",
  "recorded",
  "cleared",
  "unknown",
  "signalled",
] as const;

/** The n-th change of a project that is partly recorded: every kind of state, verdict and gap comes by. */
export function sampleChange(n: number): ShippedChange {
  const state = STATES[n % STATES.length] ?? "unknown";
  const isAssisted = state === "recorded" || state === "declared";
  const added = 12 + ((n * 37) % 160);
  const ai = state === "recorded" ? Math.floor(added * 0.7) : 0;
  const isSigned = isAssisted && n % 5 !== 0;
  const month = 1 + (Math.floor(n / 9) % 9);
  const at = `2026-0${month}-${String(1 + (n % 27)).padStart(2, "0")}T0${n % 9}:30:00Z`;
  const proof = { index: 3 * n, loggedAt: at, isRedacted: n % 31 === 4 };
  return {
    head: id(n + 1),
    base: n === 0 ? null : id(n),
    title: TITLES[n % TITLES.length] ?? "",
    author: { name: "author", email: "author@example.com" },
    committedAt: at,
    seen: n % 3 === 0 ? null : { at, by: "ledger" },
    commits: 1 + (n % 3),
    files: 1 + (n % 6),
    state,
    isAssisted,
    tools: isAssisted ? [toTool(n, ai)] : [],
    lines: {
      added,
      ai,
      claimed: state === "declared" ? added : 0,
      human: state === "cleared" ? added : state === "recorded" ? added - ai : 0,
      unknown: state === "unknown" || state === "signalled" ? added : 0,
    },
    classes: AREAS[n % AREAS.length] ?? [],
    paths: [FOLDERS[n % FOLDERS.length] ?? ""],
    teams: [TEAMS[n % TEAMS.length] ?? ""],
    infrastructure: isAssisted && n % 4 === 0 ? [toTouched(n)] : [],
    verdict: isAssisted && !isSigned ? "pending" : n % 40 === 3 ? "denied" : "pass",
    unjudged: null,
    policyDigest: sha(7),
    judgedAt: at,
    conditions: toConditions(n, isAssisted, isSigned),
    signOffs: isSigned ? [toSignOff(n, at, proof)] : [],
    verdicts: [],
    records: state === "recorded" ? [{ object: sha(2000 + n), proof }] : [],
    sessions: ai > 0 ? [{ tool: toTool(n, ai).tool, session: `0b9f-${n}` }] : [],
    afterwards: { revertedBy: n % 23 === 8 ? [id(n + 2)] : [], editedLines: ai > 0 ? Math.floor(ai / 9) : 0 },
    recorderGaps: n % 29 === 4 ? [{ code: "event-lost", message: "an event of the agent never came" }] : [],
    gaps: [],
  };
}

const TOUCHED = [
  ["routing", "aws_route.peer", "route-changed", "sends 10.0.0.0/8 to a peering connection"],
  ["iam", "aws_iam_policy.deployer", "privilege-widened", "newly allows s3:* on *"],
] as const;

function toTouched(n: number): ShippedChange["infrastructure"][number] {
  const [category, resource, code, reason] = TOUCHED[Math.floor(n / 4) % TOUCHED.length] ?? TOUCHED[0];
  const dangers = [{ code, resource, path: "infra/main.tf", reason }];
  return { category, resources: 2, byAi: 1, lines: { ai: 3, of: 5 }, dangers, moreDangers: 0 };
}

function toTool(n: number, lines: number): ShippedChange["tools"][number] {
  const [tool, vendor, model] = TOOLS[Math.floor(n / 2) % TOOLS.length] ?? TOOLS[0];
  const known = { tool, vendor, model, commits: 1, lines };
  return lines > 0
    ? { ...known, extents: ["edited", "generated"], evidence: "observed" }
    : { ...known, extents: [], evidence: "declared" };
}

function toConditions(n: number, isAssisted: boolean, isSigned: boolean): ShippedChange["conditions"] {
  const rule = "ai-senior-sign-off";
  if (!isAssisted)
    return n % 40 === 3
      ? [{ rule: "signalled", status: "fail", reason: "signs of AI, nothing declared" }]
      : [];
  return isSigned
    ? [{ rule, status: "pass", reason: "1 sign-off by senior (senior), 1 needed" }]
    : [{ rule, status: "pending", reason: "0 of 1 sign-offs by senior; 1 more needed" }];
}

function toSignOff(n: number, at: string, proof: LoggedProof): ShippedChange["signOffs"][number] {
  return {
    person: n % 3 === 0 ? "second" : "senior",
    role: "senior",
    decision: "approve",
    counted: true,
    reason: "landed: Git merges the signed head onto the target to exactly this tree",
    comment: n % 4 === 0 ? "checked against the live routing table" : null,
    cover: "landed",
    issuedAt: at,
    envelope: sha(1000 + n),
    proof,
  };
}

/** A report as it would be gathered over the given changes, oldest first. */
export function toReport(changes: readonly ShippedChange[], more: Partial<AuditReport> = {}): AuditReport {
  const tally = createShippedTally();
  const gaps = createGapCollector({ isLogged: true, isAttested: false });
  const rows = changes.map((change) => ({ ...change, gaps: gaps.add(change) }));
  for (const row of rows) tally.add(row);
  return {
    version: 1,
    scope: { kind: "range", from: "v1.0", to: "v2.0" },
    generatedAt: "2026-10-01T12:00:00Z",
    repository: "https://git.acme.example/shop",
    target: "refs/heads/main",
    base: id(0),
    head: id(changes.length),
    isPseudonymous: false,
    totals: tally.totals(),
    gaps: gaps.groups(NO_FAULTS),
    changes: rows.reverse(),
    deployments: [],
    surviving: {
      at: id(changes.length),
      files: 64,
      filesLeft: 3,
      lines: 9120,
      ai: 2904,
      claimed: 610,
      human: 3300,
      unknown: 2306,
      byTool: [{ name: "claude-code", lines: 2904 }],
    },
    ledger: {
      origin: "shop.acme.example/ledger",
      treeSize: 4096,
      rootHash: sha(9),
      verifierKey: "shop.acme.example/ledger+0a1b2c3d+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh",
      cosignatures: 2,
    },
    notes: [],
    ...more,
  };
}

export const SAMPLE_AUDIT: AuditReport = toReport(
  Array.from({ length: 80 }, (_, n) => sampleChange(n)),
  {
    deployments: [
      {
        environment: "production",
        at: "2026-09-01T10:00:00Z",
        base: id(1),
        head: id(80),
        verdict: "pass",
        pipeline: "https://ci.acme.example/run/17",
        artifacts: [{ name: "shop", digest: sha(5) }],
        envelope: sha(6),
        proof: { index: 900, loggedAt: "2026-09-01T10:00:05Z", isRedacted: false },
        problem: null,
      },
    ],
  },
);

/** The same with one text in every place that somebody outside controls. */
export function hostileAudit(evil: string): AuditReport {
  const changes = [0, 4, 3].map((n): ShippedChange => {
    const change = sampleChange(n);
    return {
      ...change,
      title: evil,
      author: { name: evil, email: evil },
      tools: change.tools.map((tool) => ({ ...tool, tool: evil, vendor: evil, model: evil })),
      classes: [evil],
      paths: [evil],
      teams: [evil],
      infrastructure: [
        { ...toTouched(0), dangers: [{ code: "route-changed", resource: evil, path: evil, reason: evil }] },
      ],
      unjudged: evil,
      conditions: [{ rule: evil, status: "fail", reason: evil }],
      signOffs: sampleChange(4).signOffs.map((one) => ({
        ...one,
        person: evil,
        role: evil,
        reason: evil,
        comment: evil,
      })),
      sessions: [{ tool: evil, session: evil }],
      recorderGaps: [{ code: evil, message: evil }],
    };
  });
  const item = { change: null, title: evil, reason: evil };
  return {
    ...toReport(changes),
    scope: { kind: "range", from: evil, to: evil },
    repository: evil,
    target: `refs/heads/${evil}`,
    deployments: SAMPLE_AUDIT.deployments.map((one) => ({
      ...one,
      environment: evil,
      verdict: evil,
      pipeline: evil,
      problem: evil,
    })),
    gaps: [{ code: "denied", severity: "high", meaning: "It shipped.", count: 1, items: [item] }],
    ledger: { origin: evil, treeSize: 1, rootHash: sha(1), verifierKey: evil, cosignatures: 0 },
    notes: [{ code: evil, message: evil }],
  };
}
