// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  digestChangeRecord,
  parseChangeRecord,
  parseRawStatement,
  toCanonicalEnvelope,
  verifyEnvelope,
} from "@countersign/core/attestation";
import { sha256Hex, toText, toUtf8 } from "@countersign/core/ids";
import { describe, expect, it } from "vitest";
import {
  type ImportVector,
  type InvalidVector,
  makeAmendmentVectors,
  makeImportVectors,
  makeInvalidVectors,
  makeRecordVectors,
  makeValidVectors,
  type RecordVector,
  type ValidVector,
} from "./vectors.fixture.ts";
import { verifyRawSignature } from "./verify-raw-signature.ts";

const SPECS = fileURLToPath(new URL("../../../specs/", import.meta.url));

const EXAMPLE = /(<!-- example: ([a-z-]+) -->\n+```[a-z]*\n)([\s\S]*?)(\n```)/g;

const MAKERS = {
  "code-review/valid.json": makeValidVectors,
  "code-review/invalid.json": makeInvalidVectors,
  "code-review/import.json": makeImportVectors,
  "code-review/change-record.json": makeRecordVectors,
  "assistance-amendment/valid.json": makeAmendmentVectors,
};

// The keys are new each time and are thrown away: a published vector changes only when its format does.
if (process.env.COUNTERSIGN_WRITE_VECTORS === "1") {
  for (const [file, make] of Object.entries(MAKERS)) {
    mkdirSync(dirname(`${SPECS}vectors/${file}`), { recursive: true });
    writeFileSync(`${SPECS}vectors/${file}`, `${JSON.stringify(make(), null, 2)}\n`);
  }
  for (const name of ["code-review", "assistance-amendment"]) writeExamples(name);
}

function read<T>(file: keyof typeof MAKERS): readonly T[] {
  return JSON.parse(readFileSync(`${SPECS}vectors/${file}`, "utf8")) as readonly T[];
}

/** What the examples of a specification have to be: taken from the first vector of its kind. */
function toExamples(name: string): Readonly<Record<string, string>> {
  const [vector] = read<ValidVector>(`${name}/valid.json` as keyof typeof MAKERS) as readonly [ValidVector];
  const [record] = read<RecordVector>("code-review/change-record.json") as readonly [RecordVector];
  const pretty = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);
  return {
    payload: pretty(vector.payload),
    envelope: vector.envelope,
    "change-record": record.canonical,
    "change-digest": record.sha256,
  };
}

function writeExamples(name: string): void {
  const path = `${SPECS}${name}.md`;
  const examples = toExamples(name);
  const text = readFileSync(path, "utf8");
  writeFileSync(
    path,
    text.replace(
      EXAMPLE,
      (_, start: string, key: string, __: string, end: string) => start + (examples[key] ?? "") + end,
    ),
  );
}

describe.each(["code-review", "assistance-amendment"])("specs/%s.md", (name) => {
  it("shows examples that are the published vectors, and that verify", () => {
    const examples = toExamples(name);
    const found = [...readFileSync(`${SPECS}${name}.md`, "utf8").matchAll(EXAMPLE)];
    expect(found.map(([, , key]) => key)).toEqual(expect.arrayContaining(["payload", "envelope"]));
    for (const [, , key = "", text = ""] of found) expect(text, key).toBe(examples[key]);
    const envelope = found.find(([, , key]) => key === "envelope")?.[3] ?? "";
    const payload = found.find(([, , key]) => key === "payload")?.[3] ?? "";
    expect(verifyEnvelope(toUtf8(envelope), verifyRawSignature).statement.predicate).toEqual(
      parseRawStatement(toUtf8(payload)).predicate,
    );
  });
});

describe("the published vectors", () => {
  it.each([
    ...read<ValidVector>("code-review/valid.json"),
    ...read<ValidVector>("assistance-amendment/valid.json"),
  ])("$name: verifies, and says exactly this", (vector) => {
    const { digest, statement, signer } = verifyEnvelope(toUtf8(vector.envelope), verifyRawSignature);
    expect(`${digest.slice(0, 2)}/${digest}.json`).toBe(vector.path);
    expect({ statement, signer }).toEqual({ statement: vector.statement, signer: vector.signer });
    const { payload } = JSON.parse(vector.envelope) as { readonly payload: string };
    expect(Buffer.from(payload, "base64").toString("utf8")).toBe(vector.payload);
  });

  it.each(read<InvalidVector>("code-review/invalid.json"))(
    "$name: is refused as $code",
    ({ envelope, code }) => {
      expect(() => verifyEnvelope(toUtf8(envelope), verifyRawSignature)).toThrow(
        expect.objectContaining({ name: "CoreError", code }),
      );
    },
  );

  it.each(read<ImportVector>("code-review/import.json"))(
    "$name: becomes the canonical envelope",
    ({ envelope, canonical }) => {
      expect(toText(toCanonicalEnvelope(toUtf8(envelope)))).toBe(canonical);
      expect(verifyEnvelope(toUtf8(canonical), verifyRawSignature).digest).toBe(sha256Hex(toUtf8(canonical)));
    },
  );

  it.each(read<RecordVector>("code-review/change-record.json"))(
    "change record $sha256",
    ({ record, canonical, sha256 }) => {
      const parsed = parseChangeRecord(toUtf8(canonical));
      expect(parsed).toEqual(record);
      expect(digestChangeRecord(parsed)).toBe(sha256);
    },
  );

  it("cover every maker's vectors, by name", () => {
    const names = (vectors: readonly object[]): readonly unknown[] =>
      vectors.map((vector) => ("name" in vector ? vector.name : vector));
    for (const [file, make] of Object.entries(MAKERS)) {
      expect(names(read<object>(file as keyof typeof MAKERS)), file).toEqual(names(make()));
    }
  });

  it("hold no private key", () => {
    for (const folder of ["code-review", "assistance-amendment"]) {
      for (const file of readdirSync(`${SPECS}vectors/${folder}`)) {
        expect(readFileSync(`${SPECS}vectors/${folder}/${file}`, "utf8")).not.toMatch(/PRIVATE KEY|"d":/);
      }
    }
  });
});
