// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFolderBackend } from "./folder-backend.ts";
import { isCode } from "./folder-files.ts";
import { PUBLIC_FILE } from "./log-key.ts";
import type { LedgerBackend } from "./ports.ts";
import { CHECKPOINT_PATH } from "./publish.ts";
import { StoreError } from "./store-error.ts";

/** In a ledger's folder: the bucket that its log is in. Its keys stay in the folder. */
const BUCKET_FILE = "bucket";
const MOST_BYTES = 4096;

/**
 * The log of a ledger's folder: in the folder itself, or in the bucket that its file `bucket` names, reached with the
 * credentials of the environment. Throws StoreError STORE_UNUSABLE where that file or the environment names none.
 */
export async function openBackend(folder: string): Promise<LedgerBackend> {
  const address = readBucket(folder);
  if (address === undefined) return openFolderBackend(folder);
  const { openS3Backend, parseS3Place } = await import("./s3/index.ts");
  return openS3Backend(parseS3Place(address, process.env));
}

/** Whether a folder is a ledger's: it says where one is, or holds one or a part of one. A folder that was only looked into is none. */
export function holdsLedger(folder: string): boolean {
  return [BUCKET_FILE, PUBLIC_FILE, CHECKPOINT_PATH].some((name) => existsSync(join(folder, name)));
}

/** The address in a ledger's folder; undefined where its log is in the folder itself. */
export function readBucket(folder: string): string | undefined {
  try {
    const text = readFileSync(join(folder, BUCKET_FILE), "utf8");
    if (text.length <= MOST_BYTES && /^s3:\/\/\S+\n$/.test(text)) return text.trimEnd();
  } catch (error) {
    if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return undefined;
    throw error;
  }
  const message = `${join(folder, BUCKET_FILE)} must hold one line such as s3://bucket/prefix?region=eu-central-1`;
  throw new StoreError("STORE_UNUSABLE", message);
}

/** Says where a ledger's log is, once and for all. Throws StoreError STORE_UNUSABLE where another place is named already. */
export async function nameBucket(folder: string, address: string): Promise<void> {
  const { parseS3Place } = await import("./s3/index.ts");
  parseS3Place(address, process.env);
  const known = readBucket(folder);
  if (known === address) return;
  if (known !== undefined)
    throw new StoreError("STORE_UNUSABLE", `${folder} has its log in ${known}; a log does not move`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, BUCKET_FILE), `${address}\n`, { flag: "wx" });
}
