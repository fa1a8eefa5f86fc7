// SPDX-License-Identifier: Apache-2.0
import {
  type AmendedAssistance,
  formatInstant,
  formatPublicKey,
  toAssistanceAmendmentStatement,
  toFingerprint,
} from "@countersign/core/attestation";
import { sha256Hex } from "@countersign/core/ids";
import { findPrincipalByKey } from "@countersign/core/policy";
import { displayText, formatSafeJson } from "@countersign/core/render";
import { EVIDENCE_REF } from "@countersign/gate";
import { addEvidence, openRepository, pushEvidence, readCommitTrees } from "@countersign/git";
import { newNonce, readPublicKey, signStatement } from "@countersign/signing";
import { type CliContext, paletteOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { requireCommit } from "../doors/change-flags.ts";
import { readNamingPolicy } from "../evidence/read-evidence.ts";
import type { ExitCode } from "../exit-code.ts";
import { resolveKeyPath } from "./resolve-key-path.ts";

export type DeclareFlags = CommonFlags & {
  readonly commit: string;
  readonly tool: string;
  readonly model?: string;
  readonly extent?: NonNullable<AmendedAssistance["extent"]>;
  readonly reason: string;
  readonly key: string;
  readonly push?: string;
};

/** Labels a commit that did not say that an AI helped. It can only add: no label of this kind ever says "no AI". */
export async function runDeclare(context: CliContext, flags: DeclareFlags): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  const commit = await requireCommit(repository, "--commit", flags.commit);
  const [link] = await readCommitTrees(repository, [commit]);
  if (link === undefined) throw new RangeError("readCommitTrees answers every id");
  const keyPath = resolveKeyPath(context, flags.key);
  const key = await readPublicKey(keyPath);
  const principal = (
    await readNamingPolicy(repository).then(
      (policy) => policy && findPrincipalByKey(policy, formatPublicKey(key)),
    )
  )?.person.id;
  if (principal === undefined) {
    context.warn(
      `not signed: the key ${toFingerprint(key)} belongs to nobody in the policy at HEAD, so the label would not be read; expected a key listed under people.<id>.keys in .countersign/policy.yml`,
    );
    return 1;
  }
  const statement = toAssistanceAmendmentStatement(
    { commit, tree: link.tree },
    {
      principal,
      assistance: [{ tool: flags.tool, model: flags.model ?? null, extent: flags.extent ?? null }],
      reason: flags.reason,
      nonce: newNonce(),
      issuedAt: formatInstant(Math.floor(Date.now() / 1000)),
    },
  );
  const envelope = await signStatement(statement, keyPath, { expectedKey: key });
  await addEvidence(repository, [envelope]);
  const name = sha256Hex(envelope);
  const palette = paletteOf(context, flags.color);
  const text = `${palette.good("✔")} ${displayText(principal)} declared ${displayText(flags.tool)} for ${commit.slice(0, 12)}; evidence ${name.slice(0, 16)} in ${EVIDENCE_REF}\n`;
  await context.output.write(
    flags.json ? `${formatSafeJson({ envelope: name, commit, principal })}\n` : text,
  );
  if (flags.push !== undefined) await pushEvidence(repository, flags.push);
  return 0;
}
