// SPDX-License-Identifier: Apache-2.0
import {
  type CodeReviewPredicate,
  formatInstant,
  toAssistanceAmendmentStatement,
  toCodeReviewStatement,
} from "@countersign/core/attestation";
import { sha256Hex } from "@countersign/core/ids";
import type { GateReport } from "@countersign/core/render";
import { addEvidence } from "@countersign/git";
import { newNonce, signStatement } from "@countersign/signing";
import {
  type CommitOptions,
  createRepository,
  createSshKey,
  type FileContent,
  type SshKey,
  START,
  type TestRepository,
} from "@countersign/testkit";
import { describeChange } from "../describe-change.ts";
import type { GateRequest } from "../gate-request.ts";
import { runGate } from "../run-gate.ts";
import { openOnce } from "./open-once.fixture.ts";

/** The moment at which scenarios are judged unless they say otherwise: ten days after the first commit. */
export const NOW = START + 864_000;
export const TARGET = "refs/heads/main";

export type PersonId =
  | "author"
  | "senior"
  | "second"
  | "auditor"
  | "commander"
  | "deputy"
  | "stranger"
  | "robot";
const keys = new Map<PersonId, Promise<SshKey>>();

/** One key pair per person and test process: making keys is slow, and no test depends on a key being fresh. */
export function keyOf(person: PersonId): Promise<SshKey> {
  const known = keys.get(person) ?? createSshKey(person);
  keys.set(person, known);
  return known;
}

export const identityOf = (person: PersonId) => ({ name: person, email: `${person}@example.com` });

/** People and roles that most policies here share; `stranger` is left out, `robot` is a bot. */
export async function peopleYaml(): Promise<string> {
  const rows = await Promise.all(
    (["author", "senior", "second", "auditor", "commander", "deputy", "robot"] as const).map(async (id) => {
      const kind = id === "robot" ? ", kind: bot" : "";
      return `  ${id}: { emails: [${id}@example.com], login: ${id}, keys: ["${(await keyOf(id)).publicKey}"]${kind} }`;
    }),
  );
  return `people:\n${rows.join("\n")}\n`;
}

export const SENIOR_RULES = `
roles:
  senior: { members: [senior, second, author] }
  commander: { members: [commander, deputy] }
classes:
  infrastructure: { paths: ["**/*.tf", "deploy/**"], content: [terraform, iam, network, kubernetes] }
rules:
  - id: ai-senior-sign-off
    when: change.ai.assisted
    require: { role: senior, count: 1 }
  - id: ai-infrastructure
    when: change.ai.assisted && "infrastructure" in change.classes
    require: { role: senior, count: 2 }
`;

export interface Scenario extends AsyncDisposable {
  readonly repo: TestRepository;
  /** Tip of the target when the scenario began: holds the policy. */
  readonly start: string;
  /** Commits on the branch `change` (created from the target's tip when it does not exist yet) and returns the id. */
  readonly commit: (options: Partial<CommitOptions> & { readonly message: string }) => Promise<string>;
  /** A change of its own beside all others: a branch made from `start` (or `from`) with content nobody else has. */
  readonly propose: (options?: ProposalOptions) => Promise<string>;
  /** Signs as anybody could with a text editor: no refusal by our own command stands in the way. */
  readonly sign: (person: PersonId, options?: SignOptions) => Promise<string>;
  /** What `sign` would sign, for tests that sign it some other way. */
  readonly describe: (person: PersonId, options?: SignOptions) => Promise<CodeReviewPredicate>;
  /** Puts any bytes into the evidence, as anybody who may push could. */
  readonly addEnvelope: (envelope: Uint8Array) => Promise<string>;
  readonly amendLabel: (person: PersonId, commit: string, tool: string, model?: string) => Promise<void>;
  readonly gate: (options?: Partial<GateRequest>) => Promise<GateReport>;
}

export interface ProposalOptions extends Partial<CommitOptions> {
  /** Commit to start from; default the scenario's first. */
  readonly from?: string;
}

export interface SignOptions {
  readonly base?: string;
  readonly head?: string;
  readonly target?: string;
  /** Seconds since the epoch; default one hour before NOW. */
  readonly at?: number;
  /** Anything a forger might write instead. */
  readonly predicate?: Partial<CodeReviewPredicate>;
  /** Key to sign with; default the person's own. */
  readonly with?: PersonId;
  /** Any other key, such as a person's second one. */
  readonly key?: SshKey;
}

export const AI_MESSAGE = "net: route the new subnet\n\nAI-Assisted: claude-code/claude-opus-4-8\n";

export interface ScenarioOptions {
  /** The policy after the people; default SENIOR_RULES. */
  readonly policy?: string;
  /** Lines before the people, such as `repository:`. */
  readonly head?: string;
  /** Instead of the people that most policies share. */
  readonly people?: string;
  /** The whole policy file, valid or not; null for a repository without one. */
  readonly policyFile?: FileContent;
  readonly objectFormat?: "sha1" | "sha256";
  readonly files?: CommitOptions["files"];
}

export async function createScenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const repo = await createRepository(
    options.objectFormat === undefined ? {} : { objectFormat: options.objectFormat },
  );
  const files = {
    ".countersign/policy.yml": await toPolicyFile(options),
    "README.md": "A project.\n",
    ...options.files,
  };
  const start = await repo.commit({
    message: "project: start\n",
    files,
    author: identityOf("auditor"),
    committer: identityOf("auditor"),
  });
  return {
    repo,
    start,
    commit: (commit) => commitChange(repo, commit),
    propose: createProposals(repo, start),
    sign: (person, sign) => signChange(repo, person, sign ?? {}),
    describe: (person, sign) => toPredicate(repo, person, sign ?? {}),
    addEnvelope: (envelope) => addEnvelope(repo, envelope),
    amendLabel: (person, commit, tool, model) =>
      signLabel(repo, person, commit, { tool, model: model ?? null }),
    gate: (gate) => askGate(repo, gate ?? {}),
    [Symbol.asyncDispose]: repo.remove,
  };
}

async function toPolicyFile(options: ScenarioOptions): Promise<FileContent> {
  if (options.policyFile !== undefined) return options.policyFile;
  const head = options.head ?? "repository: https://git.example/team/project\n";
  return `version: 1\n${head}${options.people ?? (await peopleYaml())}${options.policy ?? SENIOR_RULES}`;
}

function createProposals(repo: TestRepository, start: string): Scenario["propose"] {
  let count = 0;
  return ({ from, ...options } = {}) => {
    count += 1;
    return repo.commit({
      message: AI_MESSAGE,
      branch: `proposal-${count}`,
      parents: [from ?? start],
      files: { [`proposal-${count}.txt`]: "content\n" },
      author: identityOf("author"),
      ...options,
    });
  };
}

async function commitChange(
  repo: TestRepository,
  options: Partial<CommitOptions> & { readonly message: string },
): Promise<string> {
  const exists =
    (await repo.tryGit(["rev-parse", "--verify", "--quiet", "refs/heads/change"])).exitCode === 0;
  if (!exists) await repo.branch("change", TARGET);
  return await repo.commit({
    branch: "change",
    author: identityOf("author"),
    committer: identityOf("author"),
    ...options,
  });
}

async function toRequest(repo: TestRepository, options: Partial<GateRequest>): Promise<GateRequest> {
  return {
    repository: await openOnce(repo),
    base: options.base ?? (await repo.id(TARGET)),
    head: options.head ?? (await repo.id("refs/heads/change")),
    target: TARGET,
    evaluatedAt: NOW,
    isLanding: false,
    branchNames: [],
    versions: [],
    contributors: [],
    description: null,
    evidence: [],
    ...options,
  };
}

async function askGate(repo: TestRepository, options: Partial<GateRequest>): Promise<GateReport> {
  return await runGate(await toRequest(repo, options));
}

async function toPredicate(
  repo: TestRepository,
  person: PersonId,
  options: SignOptions,
): Promise<CodeReviewPredicate> {
  const { base, head, target } = options;
  const wish = { ...(base && { base }), ...(head && { head }), ...(target && { target }) };
  const change = await describeChange(await toRequest(repo, wish));
  const at = options.at ?? NOW - 3600;
  return {
    decision: "approve",
    principal: person,
    role: "senior",
    change,
    changeKind: "change",
    nonce: newNonce(),
    issuedAt: formatInstant(at),
    expiresAt: null,
    method: "ssh",
    reason: null,
    revokes: [],
    ...options.predicate,
  };
}

async function signChange(repo: TestRepository, person: PersonId, options: SignOptions): Promise<string> {
  const predicate = await toPredicate(repo, person, options);
  const key = options.key ?? (await keyOf(options.with ?? person));
  return await addEnvelope(repo, await signStatement(toCodeReviewStatement(predicate), key.privateKeyPath));
}

async function addEnvelope(repo: TestRepository, envelope: Uint8Array): Promise<string> {
  await addEvidence(await openOnce(repo), [envelope]);
  return sha256Hex(envelope);
}

async function signLabel(
  repo: TestRepository,
  person: PersonId,
  commit: string,
  label: { tool: string; model: string | null },
): Promise<void> {
  const tree = await repo.id(`${commit}^{tree}`);
  const predicate = {
    principal: person,
    assistance: [{ ...label, extent: null }],
    reason: "an agent wrote this and nobody said so",
    nonce: newNonce(),
    issuedAt: formatInstant(NOW - 3600),
  };
  const envelope = await signStatement(
    toAssistanceAmendmentStatement({ commit, tree }, predicate),
    (await keyOf(person)).privateKeyPath,
  );
  await addEvidence(await openOnce(repo), [envelope]);
}

/** Finding of a rule; a test that asks for one that is not there fails with the list of those that are. */
export function findingOf(report: GateReport, rule: string): GateReport["findings"][number] {
  const found = report.findings.find((finding) => finding.rule === rule);
  if (found === undefined)
    throw new Error(
      `no finding ${rule} among ${report.findings.map((one) => `${one.rule}: ${one.status}`).join(", ")}`,
    );
  return found;
}
