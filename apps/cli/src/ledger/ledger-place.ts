// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { LedgerTrust } from "@countersign/audit";
import { defaultLedgerDir, defaultLedgerPlace, mirrorRefOf } from "@countersign/gate";
import { openRepository, type Repository } from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { repoDirectory } from "../common-flags.ts";
import { UsageError } from "../exit-code.ts";
import type { LedgerFlags, TrustFlags } from "./ledger-flags.ts";

/** Where a command works: a ledger's folder or mirror, and the repository around it, where there is one. */
export interface LedgerPlace {
  /** A folder, or `ref:` and the full name of a ref. */
  readonly dir: string;
  readonly repository: Repository | undefined;
}

/** A ledger that is named by its folder needs no repository; without one, no checkpoint is remembered. */
export async function findLedgerPlace(context: CliContext, flags: LedgerFlags): Promise<LedgerPlace> {
  const { dir } = flags;
  if (dir === "") throw new UsageError("--dir needs a folder, for example --dir ../audit/ledger");
  const repository = await openIfThere(repoDirectory(context, flags), dir !== undefined);
  if (dir !== undefined) return { dir: toLedgerPlace(context, dir), repository };
  if (repository === undefined)
    throw new UsageError("name the ledger's folder, for example --dir ../audit/ledger");
  return { dir: await defaultLedgerPlace(repository), repository };
}

/**
 * The same for a command that writes to the log, or copies it: a mirror is no place for
 * either. Where a log is made, one is made beside the mirror that came with the repository.
 */
export async function findWritableLedger(
  context: CliContext,
  flags: LedgerFlags,
  act: "written to" | "mirrored" | "made",
): Promise<LedgerPlace> {
  const found = await findLedgerPlace(context, flags);
  const ref = mirrorRefOf(found.dir);
  if (ref === undefined) return found;
  if (flags.dir === undefined && act === "made" && found.repository !== undefined)
    return { ...found, dir: defaultLedgerDir(found.repository) };
  throw new UsageError(
    `${ref} is a mirror, which is only read and cannot be ${act}; name the folder of the log itself, for example --dir ../audit/ledger`,
  );
}

/** What a flag names: `ref:…` as it is, a folder as seen from where the person stands. */
export function toLedgerPlace(context: CliContext, text: string): string {
  return mirrorRefOf(text) === undefined ? resolve(startOf(context), text) : text;
}

/** The folder that relative paths on the command line mean. */
export function startOf(context: CliContext): string {
  return context.host.env.COUNTERSIGN_CWD ?? context.host.cwd();
}

async function openIfThere(directory: string, isOptional: boolean): Promise<Repository | undefined> {
  try {
    return await openRepository(directory);
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "NOT_A_REPOSITORY";
    if (isOptional && isAbsent) return undefined;
    throw error;
  }
}

/** Undefined where the command line names no key: the log is then taken at its own word. */
export async function readTrust(context: CliContext, flags: TrustFlags): Promise<LedgerTrust | undefined> {
  const witnesses = await Promise.all((flags.witness ?? []).map((text) => readKey(context, text)));
  const quorum = flags.quorum ?? witnesses.length;
  if (!Number.isSafeInteger(quorum) || quorum < 0 || quorum > witnesses.length) {
    throw new UsageError(
      `--quorum is ${quorum}; expected a number from 0 to the ${witnesses.length} witness(es) named`,
    );
  }
  if (flags.logKey === undefined) {
    if (witnesses.length === 0) return undefined;
    throw new UsageError("--witness needs --log-key: whom witnesses vouch for must be known first");
  }
  return { verifierKey: await readKey(context, flags.logKey), witnesses, quorum };
}

/** A key has two pluses, and a file's name hardly ever. */
async function readKey(context: CliContext, text: string): Promise<string> {
  if (/^[^+]+\+[0-9a-f]{8}\+/.test(text)) return text;
  try {
    return (await readFile(resolve(startOf(context), text), "utf8")).trim();
  } catch (cause) {
    throw new UsageError(
      `${JSON.stringify(text)} is neither a verifier key (<name>+<8 hex>+<base64>) nor a file with one`,
      { cause },
    );
  }
}
