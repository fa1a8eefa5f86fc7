// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, sign } from "node:crypto";
import {
  formatRawStatement,
  PAYLOAD_TYPE,
  type RawStatement,
  STATEMENT_TYPE,
  toMachineKey,
  toMachineKeyId,
  toPreAuthEncoding,
} from "@countersign/core/attestation";
import { toText, toUtf8 } from "@countersign/core/ids";
import { makeEnvelope, makeTestKey } from "./keys.fixture.ts";
import type { MachineSigningKey } from "./machine-key-file.ts";
import { TEST_PAYLOAD } from "./review.fixture.ts";
import { signMachineStatement } from "./sign-machine-statement.ts";

// Makes specs/vectors/machine-envelope anew, with new keys whose private halves are never written anywhere.

export interface MachineVector {
  readonly name: string;
  readonly envelope: string;
  /** SubjectPublicKeyInfo in base64. */
  readonly key: string;
  readonly payload: string;
}

export interface InvalidMachineVector {
  readonly name: string;
  readonly envelope: string;
  readonly key: string;
  readonly code: string;
}

export const TEST_RESULT: RawStatement = {
  subject: [
    { name: "head", digest: { gitCommit: "3".repeat(40) } },
    { name: "tree", digest: { gitTree: "4".repeat(40) } },
  ],
  predicateType: "https://in-toto.io/attestation/svr/v0.2",
  predicate: {
    verifier: { id: "https://ci.example/gate/v1", policies: [] },
    timeCreated: "2026-03-01T12:00:00Z",
    properties: ["EXAMPLE_CHECKED"],
  },
};

export function makeMachineKey(): MachineSigningKey {
  const { privateKey, publicKey: publicHalf } = generateKeyPairSync("ed25519");
  const { x = "" } = publicHalf.export({ format: "jwk" });
  const publicKey = toMachineKey(Buffer.from(x, "base64url"));
  return { keyid: toMachineKeyId(publicKey), publicKey, privateKey };
}

export function toSpki({ publicKey: { material } }: MachineSigningKey): string {
  if (material.kind !== "ed25519") throw new Error("expected an Ed25519 key");
  return Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), material.point]).toString("base64");
}

export function makeMachineVectors(): readonly MachineVector[] {
  const key = makeMachineKey();
  const wide = {
    ...TEST_RESULT,
    predicate: { note: "größer als nötig 😀", nested: { list: [1, null, true] } },
  };
  return (
    [
      ["a simple verification result", TEST_RESULT],
      [
        "a predicate beyond ASCII, of a type that nobody knows",
        { ...wide, predicateType: "https://example.com/x/v1" },
      ],
    ] as const
  ).map(([name, statement]) => ({
    name,
    envelope: toText(signMachineStatement(statement, key)),
    key: toSpki(key),
    payload: toText(formatRawStatement(statement)),
  }));
}

type Row = readonly [name: string, envelope: string, code: string];

/** Envelopes of which each has one thing wrong, with the code of its refusal. */
export function makeInvalidMachineVectors(): readonly InvalidMachineVector[] {
  const key = makeMachineKey();
  const rows = [...spoilSignature(key), ...spoilEnvelope(key), ...spoilPayload(key)];
  return rows.map(([name, envelope, code]) => ({ name, envelope, key: toSpki(key), code }));
}

const PAYLOAD = toText(formatRawStatement(TEST_RESULT));

/** A sound envelope as an object, its signature's bytes, and the same envelope with some members replaced. */
function makeGood(key: MachineSigningKey) {
  const good = JSON.parse(toText(signMachineStatement(TEST_RESULT, key)));
  const bytes = Buffer.from(good.signatures[0].sig, "base64");
  return { good, bytes, dress: (members: object): string => JSON.stringify({ ...good, ...members }) };
}

function spoilSignature(key: MachineSigningKey): readonly Row[] {
  const { bytes, dress } = makeGood(key);
  const withSig = (raw: Uint8Array, keyid: string = key.keyid): string =>
    dress({ signatures: [{ keyid, sig: Buffer.from(raw).toString("base64") }] });
  const other = Buffer.from(PAYLOAD.replace("EXAMPLE", "EXAMPLF")).toString("base64");
  const flipped = bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
  const bare = sign(null, toUtf8(PAYLOAD), key.privateKey);
  return [
    ["another key's id", withSig(bytes, makeMachineKey().keyid), "SIGNER_UNKNOWN"],
    ["a flipped bit in the signature", withSig(flipped), "SIGNATURE_INVALID"],
    ["the group order added to the scalar", withSig(addOrder(bytes)), "SIGNATURE_MALFORMED"],
    ["the bare payload signed, without pre-authentication encoding", withSig(bare), "SIGNATURE_INVALID"],
    ["another payload", dress({ payload: other }), "SIGNATURE_INVALID"],
    ["a signature of 63 bytes", withSig(bytes.subarray(1)), "SIGNATURE_MALFORMED"],
  ];
}

function spoilEnvelope(key: MachineSigningKey): readonly Row[] {
  const { good, bytes, dress } = makeGood(key);
  const [{ sig }] = good.signatures;
  const bundle = {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {},
    dsseEnvelope: good,
  };
  const urlSafe = { keyid: key.keyid, sig: bytes.toString("base64url") };
  const person = toText(makeEnvelope(makeTestKey("ssh-ed25519"), TEST_PAYLOAD));
  const rows: readonly (readonly [string, string])[] = [
    ["two signatures", dress({ signatures: [good.signatures[0], good.signatures[0]] })],
    ["no keyid", dress({ signatures: [{ sig }] })],
    ["a person's keyid", dress({ signatures: [{ keyid: "SHA256:abc", sig }] })],
    ["an unknown member", dress({ x: 1 })],
    ["another payload type", dress({ payloadType: "application/json" })],
    ["white space", JSON.stringify(good, null, 1)],
    ["URL-safe base64", dress({ signatures: [urlSafe] })],
    ["a person's envelope", person],
    ["a bundle that is a plain envelope too", dress(bundle)],
  ];
  return rows.map(([name, envelope]) => [name, envelope, "ENVELOPE_MALFORMED"]);
}

function spoilPayload(key: MachineSigningKey): readonly Row[] {
  const seal = (name: string, from: string, to: string): Row => {
    if (!PAYLOAD.includes(from)) throw new Error(`the statement has no ${from}`);
    const raw = toUtf8(PAYLOAD.replace(from, to));
    const sig = sign(null, toPreAuthEncoding(raw), key.privateKey).toString("base64");
    const payload = Buffer.from(raw).toString("base64");
    const envelope = { payload, payloadType: PAYLOAD_TYPE, signatures: [{ keyid: key.keyid, sig }] };
    return [name, JSON.stringify(envelope), "STATEMENT_MALFORMED"];
  };
  const commit = `"gitCommit":"${"3".repeat(40)}"`;
  return [
    seal("a duplicate key in the payload", "{", '{"_type":"x",'),
    seal("two digests of one subject", commit, `${commit},"sha256":"${"5".repeat(64)}"`),
    seal("another statement type", STATEMENT_TYPE, "https://in-toto.io/Statement/v0.1"),
  ];
}

/** S + L: the same signature to a verifier that reduces, other bytes to everybody. */
function addOrder(signature: Uint8Array): Uint8Array {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString("hex")}`) + order;
  const scalar = Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse();
  return Buffer.concat([signature.subarray(0, 32), scalar]);
}
