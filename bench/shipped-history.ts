// SPDX-License-Identifier: Apache-2.0

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  type CodeReviewPredicate,
  formatInstant,
  formatPublicKey,
  formatRawStatement,
  toCodeReviewStatement,
} from "@countersign/core/attestation";
import { parsePolicy } from "@countersign/core/policy";
import { addEvidence, openRepository } from "@countersign/git";
import { createRepository, START, type TestRepository } from "@countersign/testkit";
import { makeEnvelope, makeTestKey } from "../packages/signing/src/keys.fixture.ts";

const TARGET = "refs/heads/main";
const REPOSITORY = "https://git.example/team/project";

/** A branch on which changes landed as merges, every one of them with an AI and a senior's sign-off. */
export interface ShippedHistory extends AsyncDisposable {
  readonly repo: TestRepository;
  readonly base: string;
  readonly head: string;
}

/** `signed`: how many of the changes are AI-assisted and approved; the others name no AI. Two commits a change. */
export async function buildShippedHistory(changes: number, signed: number): Promise<ShippedHistory> {
  const key = makeTestKey("ssh-ed25519");
  const policy = `version: 1
extends: amazon
repository: ${REPOSITORY}
people:
  author: { emails: [author@example.com] }
  senior: { emails: [senior@example.com], keys: ["${formatPublicKey(key.publicKey)}"] }
roles:
  senior: { members: [senior] }
`;
  const repo = await createRepository({ bare: true });
  const base = await repo.commit({ message: "start\n", files: { ".countersign/policy.yml": policy } });
  const every = Math.max(1, Math.floor(changes / Math.max(signed, 1)));
  await importChanges(repo, base, changes, (n) => signed > 0 && n % every === 0);
  await repo.git(["repack", "-adq"]);
  const head = await repo.id(TARGET);
  if (signed > 0) await signAll(repo, base, key, parsePolicy(policy, "policy").digest, every);
  return { repo, base, head, [Symbol.asyncDispose]: repo.remove };
}

const pathOf = (n: number) => `src/part${n % 50}/file${n % 2000}.txt`;
const contentOf = (n: number) => `change ${n}\nsecond line\n`;

async function importChanges(
  repo: TestRepository,
  base: string,
  changes: number,
  isAi: (n: number) => boolean,
): Promise<void> {
  const child = spawn("git", ["fast-import", "--quiet", "--force"], {
    cwd: repo.path,
    env: repo.environment,
    stdio: ["pipe", "ignore", "inherit"],
  });
  const closed = once(child, "close");
  for (let n = 0; n < changes; n++)
    if (!child.stdin.write(formatChange(n, base, isAi(n)))) await once(child.stdin, "drain");
  child.stdin.end(`reset ${TARGET}\nfrom :${2 * changes}\n\n`);
  const [exitCode] = await closed;
  if (exitCode !== 0) throw new Error(`git fast-import failed with ${exitCode}`);
}

/** A commit beside the branch, and the merge that lands it; both hold the same file. */
function formatChange(n: number, base: string, isAi: boolean): string {
  const who = `author <author@example.com> ${START + 60 * n} +0000`;
  const message = `area: change ${n}\n${isAi ? "\nAI-Assisted: claude-code/claude-opus-4-8\n" : ""}`;
  const tip = n === 0 ? base : `:${2 * n}`;
  const content = contentOf(n);
  const file = `M 100644 inline ${pathOf(n)}\ndata ${content.length}\n${content}\n`;
  const commit = (mark: number, text: string, parents: string) =>
    `commit refs/heads/work\nmark :${mark}\nauthor ${who}\ncommitter ${who}\ndata ${text.length}\n${text}\n${parents}${file}\n`;
  return (
    commit(2 * n + 1, message, `from ${tip}\n`) +
    commit(2 * n + 2, `Merge change ${n}\n`, `from ${tip}\nmerge :${2 * n + 1}\n`)
  );
}

async function signAll(
  repo: TestRepository,
  base: string,
  key: ReturnType<typeof makeTestKey>,
  policyDigest: string,
  every: number,
): Promise<void> {
  const log = await repo.git(["log", "--first-parent", "--reverse", "--format=%P %T", `${base}..${TARGET}`]);
  const trees = new Map([[base, await repo.id(`${base}^{tree}`)]]);
  const merges = (
    await repo.git(["log", "--first-parent", "--reverse", "--format=%H %T", `${base}..${TARGET}`])
  ).split("\n");
  for (const line of merges) trees.set(line.split(" ")[0] ?? "", line.split(" ")[1] ?? "");
  const envelopes: Uint8Array[] = [];
  for (const [n, line] of log.split("\n").entries()) {
    if (n % every !== 0) continue;
    const [mergeBase = "", head = "", headTree = ""] = line.split(" ");
    const change = { mergeBase, mergeBaseTree: trees.get(mergeBase) ?? "", head, headTree, policyDigest };
    envelopes.push(makeEnvelope(key, formatRawStatement(toCodeReviewStatement(toReview(n, change)))));
  }
  await addEvidence(await openRepository(repo.path), envelopes);
  await repo.git(["repack", "-adq"]);
}

function toReview(
  n: number,
  change: Pick<
    CodeReviewPredicate["change"],
    "mergeBase" | "mergeBaseTree" | "head" | "headTree" | "policyDigest"
  >,
): CodeReviewPredicate {
  const sha256 = (bytes: string) => createHash("sha256").update(bytes).digest("hex");
  return {
    decision: "approve",
    principal: "senior",
    role: "senior",
    change: {
      ...change,
      repository: REPOSITORY,
      target: TARGET,
      contentDigest: sha256(`100644 ${sha256(contentOf(n))} ${pathOf(n)}\0`),
      objectFormat: "sha1",
    },
    changeKind: "change",
    nonce: n.toString(16).padStart(32, "0"),
    issuedAt: formatInstant(START + 60 * n + 30),
    expiresAt: null,
    method: "ssh",
    reason: null,
    revokes: [],
  };
}
