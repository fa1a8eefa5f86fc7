// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSigner, signNote, verifyEd25519 } from "./ed25519.fixture.ts";
import { formatSignedNote, parseSignedNote, verifySignedNote } from "./signed-note.ts";
import { formatVerifierKey, parseVerifierKey, toVerifierKey } from "./verifier-key.ts";

const MALFORMED = expect.objectContaining({ name: "CoreError", code: "SIGNED_NOTE_MALFORMED" });
const INVALID = expect.objectContaining({ code: "SIGNATURE_INVALID" });

/** Notes and keys that other implementations publish. */
const PUBLISHED = [
  {
    key: "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    note: "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n",
  },
  {
    key: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    note: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
  },
];

describe("published notes", () => {
  it.each(PUBLISHED)("verify with their key: $key", ({ key, note }) => {
    const signed = parseSignedNote(note);
    const own = parseVerifierKey(key);
    expect(verifySignedNote(signed, [own], verifyEd25519)).toEqual([{ key: own, at: null }]);
    expect(formatVerifierKey(own)).toBe(key);
    expect(formatSignedNote(signed)).toBe(note);
    const altered = { ...signed, text: signed.text.replace("a", "e") };
    expect(() => verifySignedNote(altered, [own], verifyEd25519)).toThrow(INVALID);
  });
});

describe("parseSignedNote", () => {
  const base64 = Buffer.alloc(68, 1).toString("base64");
  it.each([
    ["nothing", ""],
    ["no blank line", `text\n— a ${base64}\n`],
    ["no signature", "text\n\n"],
    ["a signature line without a newline", `text\n\n— a ${base64}`],
    ["a hyphen for the dash", `text\n\n- a ${base64}\n`],
    ["two spaces", `text\n\n—  a ${base64}\n`],
    ["a name with a plus", `text\n\n— a+b ${base64}\n`],
    ["a name with a no-break space", `text\n\n— a\u00a0b ${base64}\n`],
    ["a carriage return", `text\r\n\n— a ${base64}\n`],
    ["a tab", `te\txt\n\n— a ${base64}\n`],
    ["an escape", `te\u001b[2Jxt\n\n— a ${base64}\n`],
    ["base64 without padding", `text\n\n— a ${base64.replaceAll("=", "")}\n`],
    ["base64 for addresses", `text\n\n— a ${Buffer.alloc(69, 255).toString("base64url")}\n`],
    ["base64 with stray bits", "text\n\n— a AAAAAAB=\n"],
    ["an id without a signature", `text\n\n— a ${Buffer.alloc(4).toString("base64")}\n`],
    ["101 signatures", `text\n\n${`— a ${base64}\n`.repeat(101)}`],
    ["more than a megabyte", `${"x".repeat(1_000_000)}\n\n— a ${base64}\n`],
  ])("refuses %s", (_, note) => {
    expect(() => parseSignedNote(note)).toThrow(MALFORMED);
  });

  it("refuses bytes that are not UTF-8, and a text that no newline ends", () => {
    expect(() => parseSignedNote(Uint8Array.of(0xff, 10, 10))).toThrow(MALFORMED);
    expect(() => formatSignedNote({ text: "text", signatures: [] })).toThrow(MALFORMED);
  });

  it("splits at the last blank line: a text may hold others, and what looks like a signature", () => {
    const text = `a\n\n— forged ${base64}\n\nb\n`;
    const note = signNote(text, createSigner("example.com/log", 1));
    expect(parseSignedNote(note)).toMatchObject({ text, signatures: [{ name: "example.com/log" }] });
  });

  it("takes 100 signatures", () => {
    expect(parseSignedNote(`text\n\n${`— a ${base64}\n`.repeat(100)}`).signatures).toHaveLength(100);
  });

  it("answers any bytes with a note that formats back, or its own error", () => {
    const note = new Uint8Array(
      Buffer.from(signNote("a\n\nb\n", createSigner("l", 1), createSigner("m", 2))),
    );
    const mutated = fc
      .array(fc.tuple(fc.nat({ max: note.length - 1 }), fc.integer({ min: 0, max: 255 })), { maxLength: 4 })
      .map((edits) => edits.reduce((bytes, [at, byte]) => bytes.with(at, byte), note));
    const anything = fc.oneof(
      mutated,
      fc.string().map((text) => Buffer.from(text)),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(anything, (bytes) => {
        try {
          expect(Buffer.from(formatSignedNote(parseSignedNote(bytes)))).toEqual(Buffer.from(bytes));
        } catch (error) {
          expect(error).toEqual(MALFORMED);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe("verifySignedNote", () => {
  const log = createSigner("example.com/log", 1);
  const other = createSigner("example.com/log", 2);
  const witness = createSigner("witness.example/w", 3, "cosignature");
  const text = "example.com/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";

  it("ignores keys that are not known, also of the same name", () => {
    const note = parseSignedNote(signNote(text, other, log, witness));
    expect(verifySignedNote(note, [log.key], verifyEd25519)).toEqual([{ key: log.key, at: null }]);
    expect(() => verifySignedNote(parseSignedNote(signNote(text, other)), [log.key], verifyEd25519)).toThrow(
      INVALID,
    );
  });

  it("rejects the whole note where one known key's signature fails", () => {
    const forged = { ...other.sign("something else\n"), name: log.key.name, keyId: log.key.keyId };
    const note = { text, signatures: [witness.sign(text, 7), forged] };
    expect(() => verifySignedNote(note, [log.key, witness.key], verifyEd25519)).toThrow(INVALID);
  });

  it("returns the time of a cosignature, once however often the witness signed", () => {
    const note = { text, signatures: [witness.sign(text, 7), witness.sign(text, 8)] };
    expect(verifySignedNote(note, [witness.key], verifyEd25519)).toEqual([{ key: witness.key, at: 7 }]);
  });

  it("does not take a cosignature for a signature, a changed time, or one of another length", () => {
    const plain = createSigner("witness.example/w", 3);
    expect(plain.key.keyId).not.toBe(witness.key.keyId);
    const asPlain = { ...witness.sign(text, 7), keyId: plain.key.keyId };
    const late = witness.sign(text, 7);
    const moved = { ...late, signature: late.signature.with(7, 8) };
    const huge = { ...late, signature: late.signature.with(0, 0xff) };
    const short = { ...late, signature: late.signature.slice(1) };
    for (const signature of [asPlain, moved, huge, short])
      expect(() =>
        verifySignedNote({ text, signatures: [signature] }, [plain.key, witness.key], verifyEd25519),
      ).toThrow(INVALID);
  });

  it("gives one Ed25519 key different ids as log and as witness", () => {
    const { publicKey } = log.key;
    expect(toVerifierKey("n", "ed25519", publicKey).keyId).not.toBe(
      toVerifierKey("n", "cosignature", publicKey).keyId,
    );
  });
});

describe("verifier keys", () => {
  const good = PUBLISHED[0]?.key ?? "";
  it.each([
    ["nothing", ""],
    ["no pluses", "example.com/foo"],
    ["another id", good.replace("530d903a", "530d903b")],
    ["an upper-case id", good.replace("530d903a", "530D903A")],
    ["another name", good.replace("foo", "bar")],
    ["an empty name", good.replace("example.com/foo", "")],
    ["a name with a space", good.replace("example.com/foo", "example com")],
    ["a key too short", good.slice(0, -4)],
    ["no base64", good.replace("AekyeRrm", "!!!!!!!!")],
    ["an algorithm we do not have", "example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"],
    ["a newline at the end", `${good}\n`],
  ])("refuse %s", (_, text) => {
    expect(() => parseVerifierKey(text)).toThrow(expect.objectContaining({ code: "KEY_MALFORMED" }));
  });

  it("are split at the first two pluses only", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (publicKey) => {
        const key = toVerifierKey("example.com/log", "cosignature", publicKey);
        expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key);
      }),
    );
  });
});
