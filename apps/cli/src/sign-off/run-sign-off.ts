// SPDX-License-Identifier: Apache-2.0
import {
  type CodeReviewPredicate,
  formatPublicKey,
  toCodeReviewStatement,
  toFingerprint,
} from "@countersign/core/attestation";
import { sha256Hex } from "@countersign/core/ids";
import { displayText, formatSafeJson } from "@countersign/core/render";
import { EVIDENCE_REF, planSignOff } from "@countersign/gate";
import { addEvidence, fetchedEvidence, pushEvidence } from "@countersign/git";
import { newNonce, readPublicKey, signStatement } from "@countersign/signing";
import { type CliContext, paletteOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ChangeFlags, readChangeFlags } from "../doors/change-flags.ts";
import type { ExitCode } from "../exit-code.ts";
import { openRecorded } from "../open-recorded.ts";
import { resolveKeyPath } from "./resolve-key-path.ts";

export type SignOffFlags = CommonFlags &
  ChangeFlags & {
    readonly key: string;
    readonly reason?: string;
    readonly expires?: number;
    readonly push?: string;
    readonly revokes?: readonly string[];
  };

const DEFAULT_LIFETIME = 30 * 86_400;
const WORD = {
  approve: "approved",
  reject: "rejected",
  revoke: "revoked",
  override: "broke the glass for",
} as const;

/** Signs a statement about one change, unless the gate's own code says that it could not count. */
export async function runSignOff(
  context: CliContext,
  flags: SignOffFlags,
  decision: CodeReviewPredicate["decision"],
): Promise<ExitCode> {
  const repository = await openRecorded(context, repoDirectory(context, flags));
  const change = await readChangeFlags(repository, flags);
  const keyPath = resolveKeyPath(context, flags.key);
  const key = await readPublicKey(keyPath);
  const evaluatedAt = Math.floor(Date.now() / 1000);
  const request = {
    repository,
    ...change,
    evaluatedAt,
    isLanding: false,
    branchNames: [],
    versions: [],
    contributors: [],
    description: null,
    evidence: await fetchedEvidence(repository),
  };
  const plan = await planSignOff(request, {
    decision,
    publicKey: formatPublicKey(key),
    nonce: newNonce(),
    reason: flags.reason ?? null,
    lifetime: decision === "approve" ? (flags.expires ?? DEFAULT_LIFETIME) : (flags.expires ?? null),
    revokes: flags.revokes ?? [],
  });
  if ("refusal" in plan) return await refuse(context, flags, plan.refusal);
  const envelope = await signStatement(toCodeReviewStatement(plan.predicate), keyPath, { expectedKey: key });
  await addEvidence(repository, [envelope]);
  const name = sha256Hex(envelope);
  if (flags.json)
    await context.output.write(
      `${formatSafeJson({ envelope: name, predicate: plan.predicate, note: plan.note })}\n`,
    );
  else
    await context.output.write(
      formatDone(context, flags, { ...plan, name, fingerprint: toFingerprint(key) }),
    );
  if (flags.push === undefined) return 0;
  await pushEvidence(repository, flags.push);
  context.warn(`evidence pushed to ${flags.push}`);
  return 0;
}

async function refuse(context: CliContext, flags: SignOffFlags, refusal: string): Promise<ExitCode> {
  if (flags.json) await context.output.write(`${formatSafeJson({ refused: refusal })}\n`);
  context.warn(`not signed: ${refusal}`);
  return 1;
}

interface Done {
  readonly predicate: CodeReviewPredicate;
  readonly note: string;
  readonly name: string;
  readonly fingerprint: string;
}

function formatDone(
  context: CliContext,
  flags: SignOffFlags,
  { predicate, note, name, fingerprint }: Done,
): string {
  const palette = paletteOf(context, flags.color);
  const { change, principal, decision, expiresAt } = predicate;
  const lines = [
    `${palette.good("✔")} ${palette.strong(`${displayText(principal)} ${WORD[decision]}`)} ${change.head.slice(0, 12)} (tree ${change.headTree.slice(0, 12)}) for ${displayText(change.target)}`,
    palette.faint(
      `  key ${fingerprint}; evidence ${name.slice(0, 16)} in ${EVIDENCE_REF}${expiresAt === null ? "" : `; expires ${expiresAt}`}`,
    ),
    `  ${displayText(note)}`,
  ];
  if (flags.push === undefined) lines.push(palette.faint("  share it: countersign evidence push"));
  return `${lines.join("\n")}\n`;
}
