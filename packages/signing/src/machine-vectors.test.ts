// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  isMachineEnvelope,
  parseMachineKey,
  verifyEnvelope,
  verifyMachineEnvelope,
} from "@countersign/core/attestation";
import { sha256Hex, toUtf8 } from "@countersign/core/ids";
import { describe, expect, it } from "vitest";
import {
  type InvalidMachineVector,
  type MachineVector,
  makeInvalidMachineVectors,
  makeMachineVectors,
} from "./machine-vectors.fixture.ts";
import { verifyRawSignature } from "./verify-raw-signature.ts";

const SPECS = fileURLToPath(new URL("../../../specs/", import.meta.url));
const FOLDER = `${SPECS}vectors/machine-envelope`;
const EXAMPLE = /(<!-- example: ([a-z-]+) -->\n+```[a-z]*\n)([\s\S]*?)(```)/g;

// The keys are new each time and are thrown away: a published vector changes only when its format does.
if (process.env.COUNTERSIGN_WRITE_VECTORS === "1") {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/valid.json`, `${JSON.stringify(makeMachineVectors(), null, 2)}\n`);
  writeFileSync(`${FOLDER}/invalid.json`, `${JSON.stringify(makeInvalidMachineVectors(), null, 2)}\n`);
  const path = `${SPECS}machine-envelope.md`;
  const written = readFileSync(path, "utf8").replace(
    EXAMPLE,
    (_, start: string, key: string, __: string, end: string) => `${start}${toExamples()[key]}\n${end}`,
  );
  writeFileSync(path, written);
}

function read<T>(file: string): readonly T[] {
  return JSON.parse(readFileSync(`${FOLDER}/${file}`, "utf8")) as readonly T[];
}

function toExamples(): Readonly<Record<string, string>> {
  const [vector] = read<MachineVector>("valid.json");
  if (vector === undefined) throw new Error("no vectors");
  const payload = JSON.stringify(JSON.parse(vector.payload), null, 2);
  return { payload, envelope: vector.envelope, key: vector.key };
}

const verify = (envelope: string, key: string) =>
  verifyMachineEnvelope(toUtf8(envelope), {
    keys: [parseMachineKey(key)],
    verifySignature: verifyRawSignature,
  });

describe("specs/machine-envelope.md", () => {
  it("shows examples that are the published vector", () => {
    const found = [...readFileSync(`${SPECS}machine-envelope.md`, "utf8").matchAll(EXAMPLE)];
    const shown = Object.fromEntries(found.map(([, , key, text]) => [key, text?.trimEnd()]));
    expect(shown).toEqual(toExamples());
  });
});

describe("the published vectors", () => {
  it.each(read<MachineVector>("valid.json"))("$name: verifies, and says exactly this", (vector) => {
    const { statement, digest } = verify(vector.envelope, vector.key);
    expect(digest).toBe(sha256Hex(toUtf8(vector.envelope)));
    const { _type, ...said } = JSON.parse(vector.payload);
    expect(statement).toEqual(said);
    expect(isMachineEnvelope(toUtf8(vector.envelope))).toBe(true);
  });

  it.each(read<InvalidMachineVector>("invalid.json"))(
    "$name: is refused as $code",
    ({ envelope, key, code }) => {
      expect(() => verify(envelope, key)).toThrow(expect.objectContaining({ name: "CoreError", code }));
    },
  );

  it.each(read<MachineVector>("valid.json"))("$name: is no sign-off", ({ envelope }) => {
    expect(() => verifyEnvelope(toUtf8(envelope), verifyRawSignature)).toThrow(
      expect.objectContaining({ code: "SIGNATURE_MALFORMED" }),
    );
  });

  it("cover every maker's vectors, by name and code", () => {
    const rows = (vectors: readonly { name: string; code?: string }[]) =>
      vectors.map(({ name, code }) => [name, code]);
    expect(rows(read<MachineVector>("valid.json"))).toEqual(rows(makeMachineVectors()));
    expect(rows(read<InvalidMachineVector>("invalid.json"))).toEqual(rows(makeInvalidMachineVectors()));
  });
});
