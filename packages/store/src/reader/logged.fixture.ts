// SPDX-License-Identifier: Apache-2.0
import { formatInstant } from "@countersign/core/attestation";
import { formatLogEntry, type LogEntry } from "@countersign/core/audit";
import { sha256Hex, toUtf8 } from "@countersign/core/ids";
import type { LogTrust } from "@countersign/core/ledger";
import { createTemporaryFolder } from "@countersign/testkit";
import { openFolderBackend } from "../folder-backend.ts";
import { createLedger, openLedgerWriter, type WriterKeys } from "../ledger-writer.ts";
import { createNoteKey, type NoteSigner, signNoteText } from "../log-key.ts";
import type { LedgerBackend } from "../ports.ts";
import { verifyEd25519 } from "../verify-ed25519.ts";
import type { Ledger } from "./ledger.ts";
import { objectPath } from "./object-path.ts";
import { openLedger } from "./open-ledger.ts";

// A log with real entries in a folder, for tests; no product code imports this file.

export const objectOf = (i: number): Uint8Array => toUtf8(`object ${i}`);

export function logEntry(i: number, change: Partial<LogEntry> = {}): LogEntry {
  return {
    version: 1,
    kind: "assistance",
    loggedAt: formatInstant(1_780_000_000 + i),
    object: sha256Hex(objectOf(i)),
    predicateType: null,
    commit: i.toString(16).padStart(40, "0"),
    change: null,
    decision: null,
    signer: null,
    redacts: null,
    ...change,
  };
}

export interface TestLog extends AsyncDisposable {
  readonly dir: string;
  readonly memory: string;
  readonly backend: LedgerBackend;
  readonly signer: NoteSigner;
  readonly trust: LogTrust;
  readonly keys: WriterKeys;
  readonly append: (entries: readonly LogEntry[]) => Promise<void>;
  readonly open: (trust?: Partial<LogTrust>) => Promise<Ledger>;
}

export async function createTestLog(size: number): Promise<TestLog> {
  const folder = await createTemporaryFolder();
  const [dir, memory] = [`${folder.path}/ledger`, `${folder.path}/memory`];
  const backend = openFolderBackend(dir);
  const signer = createNoteKey(dir, "example.com/test-log");
  const keys: WriterKeys = {
    log: signer.key,
    sign: (text) => signNoteText(signer, text),
    verify: verifyEd25519,
  };
  const trust: LogTrust = { log: signer.key, witnesses: [], quorum: 0 };
  await createLedger(backend, keys);
  const append = async (entries: readonly LogEntry[]) => {
    const writer = await openLedgerWriter(backend, keys);
    const objects = entries.map(({ object }, i) => ({ path: objectPath(object), bytes: objectOf(i) }));
    // Only a few of many: each is a file that the disk has to be waited for.
    const few = objects.filter((_, i) => i < 4 || i === objects.length - 1);
    const own = few.filter(({ path, bytes }) => path === objectPath(sha256Hex(bytes)));
    await writer.append(entries.map(formatLogEntry), own);
    await writer.settle();
  };
  await append(Array.from({ length: size }, (_, i) => logEntry(i)));
  return {
    dir,
    memory,
    backend,
    signer,
    trust,
    keys,
    append,
    open: (change = {}) =>
      openLedger({ backend: openFolderBackend(dir), trust: { ...trust, ...change }, memory }),
    [Symbol.asyncDispose]: folder.remove,
  };
}

export async function readAll(ledger: Ledger): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const { entry } of ledger.entries()) entries.push(entry);
  return entries;
}
