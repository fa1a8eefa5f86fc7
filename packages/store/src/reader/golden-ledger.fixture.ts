// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatInstant } from "@countersign/core/attestation";
import { formatLogEntry, type LogEntry, type LogEntryKind } from "@countersign/core/audit";
import { formatCanonicalJson, sha256Hex, toUtf8 } from "@countersign/core/ids";
import { formatSignedNote, formatVerifierKey, toVerifierKey } from "@countersign/core/ledger";
import { openFolderBackend } from "../folder-backend.ts";
import { createLedger, openLedgerWriter, type WriterKeys } from "../ledger-writer.ts";
import { verifyEd25519 } from "../verify-ed25519.ts";
import { objectPath } from "./object-path.ts";
import { openLedger } from "./open-ledger.ts";

// Builds testdata/golden-ledger: `node packages/store/src/reader/golden-ledger.fixture.ts`. The test beside it builds it
// again elsewhere and compares, so that a change of any format shows as a change of these files. No product code imports it.

export const GOLDEN = fileURLToPath(new URL("../../testdata/golden-ledger", import.meta.url));

const secret = createPrivateKey({
  key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 0x2a)]),
  format: "der",
  type: "pkcs8",
});
const { x = "" } = createPublicKey(secret).export({ format: "jwk" });
export const GOLDEN_KEY = toVerifierKey(
  "example.com/golden-ledger",
  "ed25519",
  new Uint8Array(Buffer.from(x, "base64url")),
);

const KEYS: WriterKeys = {
  log: GOLDEN_KEY,
  sign: (text) => {
    const signature = new Uint8Array(sign(null, Buffer.from(text), secret));
    const { name, keyId } = GOLDEN_KEY;
    return formatSignedNote({ text, signatures: [{ name, keyId, signature }] });
  },
  verify: verifyEd25519,
};

const KINDS: readonly LogEntryKind[] = [
  "assistance",
  "sign-off",
  "rejection",
  "revocation",
  "override",
  "amendment",
  "verdict",
  "deployment",
];
const DECISIONS: Readonly<Partial<Record<LogEntryKind, string>>> = {
  "sign-off": "approve",
  rejection: "reject",
  revocation: "revoke",
  override: "override",
  verdict: "denied",
  deployment: "pass",
};

function goldenEntry(i: number): { readonly entry: LogEntry; readonly bytes: Uint8Array } {
  const isRedaction = i === KINDS.length;
  const bytes = toUtf8(
    isRedaction
      ? formatCanonicalJson({
          version: 1,
          redacts: 1,
          object: goldenEntry(1).entry.object,
          reason: "an example",
        })
      : `object ${i} of the golden ledger\n`,
  );
  const kind = KINDS[i] ?? "redaction";
  const digest = sha256Hex(toUtf8(`${i}`));
  const entry: LogEntry = {
    version: 1,
    kind,
    loggedAt: formatInstant(1_772_366_400 + i * 60),
    object: sha256Hex(bytes),
    predicateType: isRedaction || kind === "assistance" ? null : `https://countersign.dev/${kind}/v0.1`,
    commit: digest.slice(0, i % 2 === 0 ? 40 : 64),
    change: kind === "sign-off" ? digest : null,
    decision: DECISIONS[kind] ?? null,
    signer: isRedaction || kind === "assistance" ? null : digest,
    redacts: isRedaction ? 1 : null,
  };
  return { entry, bytes };
}

/** Nine entries in three checkpoints; the last redacts the second. */
export async function buildGoldenLedger(dir: string): Promise<void> {
  const backend = openFolderBackend(dir);
  writeFileSync(join(dir, "log.vkey"), `${formatVerifierKey(GOLDEN_KEY)}\n`);
  await createLedger(backend, KEYS);
  const writer = await openLedgerWriter(backend, KEYS);
  for (const [from, to] of [
    [0, 1],
    [1, 5],
    [5, 9],
  ] as const) {
    const pieces = Array.from({ length: to - from }, (_, i) => goldenEntry(from + i));
    const objects = pieces.map(({ entry, bytes }) => ({ path: objectPath(entry.object), bytes }));
    await writer.append(
      pieces.map(({ entry }) => formatLogEntry(entry)),
      objects,
    );
  }
  await writer.settle();
  await backend.objects.remove(objectPath(goldenEntry(1).entry.object));
}

export const GOLDEN_ENTRIES: readonly LogEntry[] = Array.from({ length: 9 }, (_, i) => goldenEntry(i).entry);

/** Proof of the last entry, by whoever reads the log. */
export const GOLDEN_PROOF = fileURLToPath(
  new URL("../../testdata/golden-entry-8.tlog-proof", import.meta.url),
);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(GOLDEN, { recursive: true, force: true });
  await buildGoldenLedger(GOLDEN);
  const trust = { log: GOLDEN_KEY, witnesses: [], quorum: 0 };
  const ledger = await openLedger({ backend: openFolderBackend(GOLDEN), trust, memory: null });
  writeFileSync(GOLDEN_PROOF, await ledger.prove(8));
  rmSync(join(GOLDEN, ".scratch"), { recursive: true });
}
