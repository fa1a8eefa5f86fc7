// SPDX-License-Identifier: Apache-2.0
import {
  type DeployedArtifact,
  toDeploymentStatement,
  toVerdictStatement,
} from "@countersign/core/attestation";
import type { DeployReport } from "@countersign/core/audit";
import { sha256Hex } from "@countersign/core/ids";
import { runGate, toVerdict } from "@countersign/gate";
import { type MachineSigningKey, newNonce, readMachineKey, signMachineStatement } from "@countersign/signing";
import { createSshKey, type SshKey } from "@countersign/testkit";
import {
  createScenario,
  identityOf,
  NOW,
  type ProposalOptions,
  type Scenario,
  SENIOR_RULES,
  TARGET,
} from "../../../gate/src/threats/gate-scenario.fixture.ts";
import { openOnce } from "../../../gate/src/threats/open-once.fixture.ts";
import { checkDeployment, type DeployRequest } from "./check-deployment.ts";
import { toDeployment } from "./to-deployment.ts";

export { identityOf, NOW, SENIOR_RULES, TARGET };
export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** A project that deploys: one machine attests, one deploys, one builds. */
export interface DeployScenario extends Scenario {
  readonly keyOfMachine: (id: MachineId) => MachineSigningKey;
  /** A signed-off change, or what the options make of it, landed on the target; returns the new tip. */
  readonly ship: (options?: ShipOptions) => Promise<string>;
  /** Moves the target without asking anybody. */
  readonly forcePush: (commit: string) => Promise<void>;
  /** Has the gate judge `base..head` and sign what it said. */
  readonly attest: (base: string, head: string, options?: AttestOptions) => Promise<string>;
  readonly check: (commit: string | null, options?: CheckOptions) => Promise<DeployReport>;
  /** Records what the check says; returns it with the envelope's name. */
  readonly record: (
    commit: string,
    options?: RecordOptions,
  ) => Promise<DeployReport & { readonly envelope: string }>;
}

export type MachineId = "ci" | "deployer" | "builder" | "stranger";

export interface ShipOptions extends ProposalOptions {
  readonly as?: "fast-forward" | "merge" | "squash";
  /** Default: senior. */
  readonly signedBy?: "senior" | "second" | null;
  /** Default true. */
  readonly isAttested?: boolean;
  /** Moment of signing and landing, seconds since the epoch. */
  readonly at?: number;
  /** Seconds after which the sign-off expires; default never. */
  readonly lifetime?: number;
}

export interface AttestOptions {
  readonly at?: number;
  readonly by?: MachineId;
}

export interface CheckOptions extends Partial<Omit<DeployRequest, "commit" | "repository">> {}

export interface RecordOptions extends CheckOptions {
  readonly by?: MachineId;
  readonly isBaseline?: boolean;
}

export interface DeployScenarioOptions {
  /** Lines of the policy beside people, rules and machines. */
  readonly policy?: string;
  /** Instead of SENIOR_RULES. */
  readonly rules?: string;
  /** What each machine may say; a machine that is left out is not named. */
  readonly may?: Partial<Record<MachineId, string>>;
  /** Further lines under `machines`. */
  readonly machines?: string;
  /** Folder of the ledger that the policy names. */
  readonly ledgerDir?: string;
  /** Files of the first commit. */
  readonly files?: Readonly<Record<string, string>>;
}

const MAY: Partial<Record<MachineId, string>> = { ci: "verdict", deployer: "deployment" };

export async function createDeployScenario(options: DeployScenarioOptions = {}): Promise<DeployScenario> {
  const names: readonly MachineId[] = ["ci", "deployer", "builder", "stranger"];
  const files = await Promise.all(names.map((name) => createSshKey(name)));
  const keys = new Map<MachineId, MachineSigningKey>();
  for (const [i, name] of names.entries()) {
    const file = files[i] as SshKey;
    keys.set(name, await readMachineKey(file.privateKeyPath));
  }
  const rows = Object.entries(options.may ?? MAY).map(([name, may]) => {
    const key = files[names.indexOf(name as MachineId)]?.publicKey;
    return `  ${name}: { keys: ["${key}"], may: [${may}] }\n`;
  });
  const machines = rows.length === 0 ? "" : `machines:\n${rows.join("")}${options.machines ?? ""}`;
  const policy = `${machines}${options.policy ?? ""}${options.rules ?? SENIOR_RULES}`;
  const scenario = await createScenario({ policy, ...(options.files && { files: options.files }) });
  const keyOfMachine = (id: MachineId): MachineSigningKey => keys.get(id) as MachineSigningKey;
  const own = { ...scenario, keyOfMachine, ledgerDir: options.ledgerDir };
  const forcePush = async (commit: string): Promise<void> => {
    await scenario.repo.git(["update-ref", TARGET, commit]);
  };
  return {
    ...own,
    forcePush,
    attest: (base, head, attest) => attestAs(own, base, head, attest ?? {}),
    ship: (ship) => shipChange({ ...own, forcePush }, ship ?? {}),
    check: async (commit, check) => (await ask(own, commit, check ?? {})).report,
    record: (commit, record) => recordAs(own, commit, record ?? {}),
    [Symbol.asyncDispose]: async () => {
      await scenario[Symbol.asyncDispose]();
      for (const file of files) await file.remove();
    },
  };
}

type Own = Scenario & Pick<DeployScenario, "keyOfMachine"> & { readonly ledgerDir: string | undefined };

async function shipChange(
  own: Own & Pick<DeployScenario, "forcePush">,
  options: ShipOptions,
): Promise<string> {
  const {
    as = "fast-forward",
    signedBy = "senior",
    isAttested = true,
    at = NOW - HOUR,
    lifetime,
    ...proposal
  } = options;
  const base = await own.repo.id(TARGET);
  const head = await own.propose({ from: base, ...proposal });
  const expiresAt =
    lifetime === undefined ? null : new Date((at + lifetime) * 1000).toISOString().replace(".000", "");
  if (signedBy !== null) await own.sign(signedBy, { base, head, at, predicate: { expiresAt } });
  if (isAttested) await attestAs(own, base, head, { at });
  const tip = await land(own, base, head, as);
  await own.forcePush(tip);
  return tip;
}

async function land(
  own: Own,
  base: string,
  head: string,
  as: NonNullable<ShipOptions["as"]>,
): Promise<string> {
  if (as === "fast-forward") return head;
  const tree = await own.repo.git(["merge-tree", "--write-tree", base, head]);
  const parents = as === "merge" ? ["-p", base, "-p", head] : ["-p", base];
  const identity = { GIT_AUTHOR_NAME: "author", GIT_AUTHOR_EMAIL: "author@example.com" };
  return await own.repo.git(["commit-tree", tree, ...parents, "-m", "Land it\n"], { environment: identity });
}

async function attestAs(
  own: Own,
  base: string,
  head: string,
  { at = NOW - HOUR, by = "ci" }: AttestOptions,
): Promise<string> {
  const repository = await openOnce(own.repo);
  const report = await runGate({
    repository,
    base,
    head,
    target: TARGET,
    evaluatedAt: at,
    isLanding: false,
    branchNames: [],
    versions: [],
    contributors: [],
    description: null,
    evidence: [],
    ...(own.ledgerDir !== undefined && { ledgerDir: own.ledgerDir }),
  });
  const made = { program: { name: "countersign", version: "0.1.0" }, nonce: newNonce() };
  const verdict = await toVerdict(repository, report, made);
  return await own.addEnvelope(signMachineStatement(toVerdictStatement(verdict), own.keyOfMachine(by)));
}

async function ask({ repo, ledgerDir }: Own, commit: string | null, options: CheckOptions) {
  return await checkDeployment({
    repository: await openOnce(repo),
    environment: "production",
    target: TARGET,
    commit,
    artifacts: [],
    findBlob: () => undefined,
    provenance: [],
    since: null,
    now: NOW,
    evidence: [],
    ledgerDir,
    ...options,
  });
}

async function recordAs(
  own: Own,
  commit: string,
  { by = "deployer", isBaseline = false, ...options }: RecordOptions,
) {
  const answer = await ask(own, commit, options);
  const predicate = toDeployment(answer, commit, { pipeline: null, isBaseline, nonce: newNonce() });
  const bytes = signMachineStatement(toDeploymentStatement(predicate), own.keyOfMachine(by));
  await own.addEnvelope(bytes);
  return { ...answer.report, envelope: sha256Hex(bytes) };
}

export const artifact = (name: string, sha256: string): DeployedArtifact => ({ name, digest: { sha256 } });

/** The finding of a rule; a test that asks for one that is not there fails with the list of those that are. */
export function reasonOf(report: DeployReport, rule: string): DeployReport["findings"][number] {
  const found = report.findings.find((finding) => finding.rule === rule);
  if (found !== undefined) return found;
  const all = report.findings.map((one) => `${one.rule}: ${one.status}: ${one.reason}`).join("\n");
  throw new Error(`no finding ${rule} among\n${all}`);
}
