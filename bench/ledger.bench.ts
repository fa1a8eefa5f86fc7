// SPDX-License-Identifier: Apache-2.0
// Appending to a ledger one entry at a time at 10,000, 100,000 and 1,000,000 entries, beside what the disk itself needs for
// the two durable files that an append cannot do without; then the size of a proof, and the time to make and check one.
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { verifyProof } from "@countersign/audit";
import { formatInstant } from "@countersign/core/attestation";
import { formatLogEntry, type LogEntry } from "@countersign/core/audit";
import { sha256Hex, toUtf8 } from "@countersign/core/ids";
import { formatVerifierKey } from "@countersign/core/ledger";
import {
  createLedger,
  createNoteKey,
  objectPath,
  openFolderBackend,
  openLedger,
  openLedgerWriter,
  signNoteText,
  verifyEd25519,
} from "@countersign/store";

const SIZES = [10_000, 100_000, 1_000_000];
const SAMPLES = 500;
const BATCH = 1000;
const APPEND_BUDGET_MS = 5;
const CHECK_BUDGET_MS = 1;

const objectOf = (i: number) => toUtf8(`{"envelope":${i},"padding":"${"x".repeat(1200)}"}`);

function entryOf(i: number): LogEntry {
  const digest = sha256Hex(toUtf8(`${i}`));
  return {
    version: 1,
    kind: "sign-off",
    loggedAt: formatInstant(1_780_000_000 + i),
    object: sha256Hex(objectOf(i)),
    predicateType: "https://countersign.dev/code-review/v0.1",
    commit: digest.slice(0, 40),
    change: digest,
    decision: "approve",
    signer: digest,
    redacts: null,
  };
}

const quantile = (times: number[], q: number) =>
  times.sort((a, b) => a - b)[Math.floor(times.length * q)] ?? 0;
const shown = (ms: number) => `${ms.toFixed(ms < 0.1 ? 3 : 2)} ms`;

async function time(runs: number, act: (i: number) => Promise<unknown> | unknown): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await act(i);
    times.push(performance.now() - started);
  }
  return times;
}

/** A file that survives a power failure: written, synced, renamed, and its folder synced. */
function writeDurably(folder: string, name: string): void {
  const file = openSync(join(folder, `${name}.new`), "w");
  writeSync(file, "x".repeat(4000));
  fsyncSync(file);
  closeSync(file);
  renameSync(join(folder, `${name}.new`), join(folder, name));
  const own = openSync(folder, "r");
  fsyncSync(own);
  closeSync(own);
}

async function main(): Promise<number> {
  // Not the system's folder for temporary files, which may be in memory and cost nothing.
  const folder = await mkdtemp(resolve(import.meta.dirname, "../node_modules/.countersign-bench-"));
  let missed = 0;
  const check = (isMet: boolean) => {
    if (!isMet) missed++;
    return isMet ? "met" : "MISSED";
  };
  try {
    const dir = join(folder, "ledger");
    const signer = createNoteKey(dir, "example.com/bench");
    const backend = openFolderBackend(dir);
    const keys = {
      log: signer.key,
      sign: (text: string) => signNoteText(signer, text),
      verify: verifyEd25519,
    };
    await createLedger(backend, keys);
    const writer = await openLedgerWriter(backend, keys);
    let size = 0;
    let first = 0;
    for (const wanted of SIZES) {
      while (size < wanted) {
        const count = Math.min(BATCH, wanted - size);
        await writer.append(
          Array.from({ length: count }, (_, i) => formatLogEntry(entryOf(size + i))),
          [],
        );
        size += count;
      }
      await writer.settle();
      const disk: number[] = [];
      const appended: number[] = [];
      // In turns, so that a machine that slows down slows both.
      for (let i = 0; i < SAMPLES; i++) {
        disk.push(...(await time(1, () => ["a", "b"].map((name) => writeDurably(folder, `${name}${i}`)))));
        const bytes = objectOf(size);
        const leaf = formatLogEntry(entryOf(size));
        const path = objectPath(sha256Hex(bytes));
        appended.push(...(await time(1, () => writer.append([leaf], [{ path, bytes }]))));
        size++;
      }
      await writer.settle();
      const [p50, p99, base] = [quantile(appended, 0.5), quantile(appended, 0.99), quantile(disk, 0.5)];
      if (wanted === SIZES[0]) first = p50;
      const budget =
        wanted === 100_000
          ? `   budget p50 <= ${APPEND_BUDGET_MS} ms: ${check(p50 <= APPEND_BUDGET_MS)}`
          : "";
      console.log(
        `append at ${wanted}: p50 ${shown(p50)}, p99 ${shown(p99)}; ${(p50 / base).toFixed(2)} x two durable files (${shown(base)}); ${(p50 / first).toFixed(2)} x at ${SIZES[0]}${budget}`,
      );
      const trust = { log: signer.key, witnesses: [], quorum: 0 };
      const ledger = await openLedger({ backend, trust, memory: null });
      const proofs: string[] = [];
      const made = await time(200, async (i) => {
        proofs.push(await ledger.prove(Math.floor((i / 200) * size)));
      });
      const verifierKey = formatVerifierKey(signer.key);
      const checked = await time(200, (i) => verifyProof(proofs[i] ?? "", { verifierKey }));
      const bytes = Math.max(...proofs.map((proof) => proof.length));
      const met = check(quantile(checked, 0.5) <= CHECK_BUDGET_MS);
      console.log(
        `proof at ${wanted}: ${bytes} bytes with its entry; made in p50 ${shown(quantile(made, 0.5))}, checked in p50 ${shown(quantile(checked, 0.5))}   budget check <= ${CHECK_BUDGET_MS} ms: ${met}`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return missed === 0 ? 0 : 1;
}

process.exitCode = await main();
