// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { defaultLedgerDir, type LedgerTrust } from "@countersign/audit";
import { openRepository, type Repository } from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { repoDirectory } from "../common-flags.ts";
import { UsageError } from "../exit-code.ts";
import type { LedgerFlags, TrustFlags } from "./ledger-flags.ts";

/** Where a command works: a ledger's folder, and the repository around it, where there is one. */
export interface LedgerPlace {
  readonly dir: string;
  readonly repository: Repository | undefined;
}

/** A ledger that is named by its folder needs no repository; without one, no checkpoint is remembered. */
export async function findLedgerPlace(context: CliContext, flags: LedgerFlags): Promise<LedgerPlace> {
  const { dir } = flags;
  if (dir === "") throw new UsageError("--dir needs a folder, for example --dir ../audit/ledger");
  const repository = await openIfThere(repoDirectory(context, flags), dir !== undefined);
  if (dir !== undefined) return { dir: resolve(startOf(context), dir), repository };
  if (repository === undefined)
    throw new UsageError("name the ledger's folder, for example --dir ../audit/ledger");
  return { dir: defaultLedgerDir(repository), repository };
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
