// SPDX-License-Identifier: Apache-2.0
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatLogEntry, type LogEntry } from "@countersign/core/audit";
import { sha256Hex } from "@countersign/core/ids";
import { formatVerifierKey } from "@countersign/core/ledger";
import { LEDGER_REF, openRepository, type Repository } from "@countersign/git";
import {
  createLedger,
  objectPath,
  openFolderBackend,
  openLedgerWriter,
  PUBLIC_FILE,
  signNoteText,
  verifyEd25519,
} from "@countersign/store";
import { createRepository, createTemporaryFolder, type TestRepository } from "@countersign/testkit";
import { createTestLog, logEntry, type TestLog } from "../../store/src/reader/logged.fixture.ts";
import { type Ledger, openLedger } from "./index.ts";
import { type MirroredLedger, mirrorLedger } from "./mirror-ledger.ts";

// A log and a repository that mirrors it, for tests and `npm run fuzz:ledger`; no product code imports this file.

export interface MirroredLog extends AsyncDisposable {
  readonly log: TestLog;
  readonly repo: TestRepository;
  readonly repository: Repository;
  readonly mirror: (into?: Repository, dir?: string) => Promise<MirroredLedger>;
  /** Entries `from` to `to`, in one checkpoint. */
  readonly grow: (from: number, to: number) => Promise<void>;
}

export async function createMirroredLog(
  size: number,
  objectFormat: "sha1" | "sha256" = "sha1",
): Promise<MirroredLog> {
  const log = await createTestLog(size);
  const repo = await createRepository({ objectFormat });
  await repo.commit({ message: "start\n", files: { "a.txt": "a\n" } });
  const repository = await openRepository(repo.path);
  return {
    log,
    repo,
    repository,
    mirror: (into = repository, dir = log.dir) => mirrorLedger({ repository: into, dir, trust: undefined }),
    grow: (from, to) => log.append(Array.from({ length: to - from }, (_, i) => logEntry(from + i))),
    [Symbol.asyncDispose]: async () => {
      await log[Symbol.asyncDispose]();
      await repo.remove();
    },
  };
}

/** The mirror as a reader sees it who has the log's key from elsewhere. */
export async function openMirrored(
  repository: Repository,
  { signer }: TestLog,
  witnesses: { readonly witnesses: readonly string[]; readonly quorum: number } = {
    witnesses: [],
    quorum: 0,
  },
): Promise<Ledger> {
  const trust = { verifierKey: formatVerifierKey(signer.key), ...witnesses };
  return openLedger({ dir: `ref:${LEDGER_REF}`, repository, trust });
}

/** A clone that brought the mirror along. */
export async function cloneMirror(
  { repo }: Pick<MirroredLog, "repo">,
  args: readonly string[] = [],
): Promise<TestRepository> {
  const clone = await repo.clone(["--no-local", ...args]);
  const depth = args.filter((arg) => arg.startsWith("--depth") || arg.startsWith("--filter"));
  await clone.git(["fetch", "--quiet", ...depth, "origin", `${LEDGER_REF}:${LEDGER_REF}`]);
  return clone;
}

/** Another log of the same key in another folder, as somebody can make who has it: entries with other commits. */
export async function forkLog({ signer }: TestLog, size: number): Promise<TestForkedLog> {
  const folder = await createTemporaryFolder();
  const backend = openFolderBackend(folder.path);
  const keys = {
    log: signer.key,
    sign: (text: string) => signNoteText(signer, text),
    verify: verifyEd25519,
  };
  await createLedger(backend, keys);
  const writer = await openLedgerWriter(backend, keys);
  const entries = Array.from({ length: size }, (_, i) => logEntry(i, { commit: "e".repeat(40) }));
  await writer.append(entries.map(formatLogEntry), []);
  await writer.settle();
  await writeFile(join(folder.path, PUBLIC_FILE), `${formatVerifierKey(signer.key)}\n`);
  return { dir: folder.path, [Symbol.asyncDispose]: folder.remove };
}

export interface TestForkedLog extends AsyncDisposable {
  readonly dir: string;
}

/** Logs that an entry's object was removed, and why. */
export async function redactIn({ backend, keys }: TestLog, index: number, at: number): Promise<LogEntry> {
  const bytes = new TextEncoder().encode(`{"reason":"erasure","redacts":${index}}`);
  const entry = logEntry(at, { kind: "redaction", object: sha256Hex(bytes), commit: null, redacts: index });
  const writer = await openLedgerWriter(backend, keys);
  await writer.append([formatLogEntry(entry)], [{ path: objectPath(entry.object), bytes }]);
  await writer.settle();
  return entry;
}
