// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import { findKey, initLedger } from "@countersign/audit";
import { formatVerifierKey, isKeyName } from "@countersign/core/ledger";
import { displayText, formatSafeJson } from "@countersign/core/render";
import type { Repository } from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { readNamingPolicy } from "../evidence/read-evidence.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import type { LedgerFlags } from "./ledger-flags.ts";
import { findWritableLedger } from "./ledger-place.ts";

export type LedgerInitFlags = LedgerFlags & { readonly origin?: string; readonly bucket?: string };

/** Makes a ledger, or says what the one there is called: either way its verifier key goes to stdout. */
export async function runLedgerInit(context: CliContext, flags: LedgerInitFlags): Promise<ExitCode> {
  const { dir, repository } = await findWritableLedger(context, flags, "made");
  const known = findKey(dir);
  if (known !== undefined && flags.origin !== undefined && flags.origin !== known.key.name) {
    throw new UsageError(
      `${dir} holds the log ${known.key.name}; a log cannot change its name, make another in another --dir`,
    );
  }
  const { signer, isNew } = await initLedger(
    dir,
    known?.key.name ?? (await chooseOrigin(flags.origin, repository)),
    flags.bucket,
  );
  const verifierKey = formatVerifierKey(signer.key);
  if (flags.json) {
    await context.output.write(
      `${formatSafeJson({ version: 1, origin: signer.key.name, verifierKey, dir, isNew })}\n`,
    );
    return 0;
  }
  await context.output.write(`${verifierKey}\n`);
  const told = isNew
    ? `made the ledger ${signer.key.name} in`
    : `there is a ledger ${signer.key.name} already, in`;
  context.warn(`${told} ${displayText(dir, 2000)}`);
  if (isNew)
    context.warn(
      "its key is what anybody needs to check it; name it in the policy: ledger: { verifierKey: … }",
    );
  return 0;
}

async function chooseOrigin(named: string | undefined, repository: Repository | undefined): Promise<string> {
  if (named !== undefined) {
    if (isKeyName(named)) return named;
    throw new UsageError(
      `${JSON.stringify(named)} cannot name a log: expected no spaces and no plus, such as git.example/team/project`,
    );
  }
  const policy = repository === undefined ? null : await readNamingPolicy(repository);
  const name = policy?.repository.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/\/+$/, "") ?? "";
  // Two logs of one name could pass for each other; chance keeps them apart where nobody named them.
  return isKeyName(name) ? name : `countersign.local/${randomBytes(8).toString("hex")}`;
}
