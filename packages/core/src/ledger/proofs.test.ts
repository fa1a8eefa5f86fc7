// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifyConsistency } from "./consistency.ts";
import { verifyInclusion } from "./inclusion.ts";
import { EMPTY_ROOT, hashChildren, hashLeaf } from "./merkle.ts";
import { referenceConsistency, referenceInclusion, referenceRoot } from "./reference-tree.fixture.ts";
import { KNOWN_ENTRIES, KNOWN_ROOTS } from "./rfc-6962-vectors.fixture.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const entriesOf = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, i) => Uint8Array.from([i >> 8, i & 255]));
const MALFORMED = expect.objectContaining({ code: "PROOF_MALFORMED" });
const REFUSED = expect.objectContaining({ code: expect.stringMatching(/^PROOF_(INVALID|MALFORMED)$/) });

describe("tree hashes", () => {
  it("are those that RFC 6962 implementations agree on", () => {
    expect(hex(EMPTY_ROOT)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(hex(hashLeaf(new Uint8Array(0)))).toBe(
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    );
    expect(hex(hashLeaf(Buffer.from("L123456")))).toBe(
      "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56",
    );
    expect(hex(hashChildren(Buffer.from("N123"), Buffer.from("N456")))).toBe(
      "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb",
    );
    expect(KNOWN_ROOTS.map((_, size) => referenceRoot(KNOWN_ENTRIES.slice(0, size)))).toEqual(KNOWN_ROOTS);
  });
});

describe("inclusion proofs", () => {
  it("hold for every entry of every tree up to 40, and for no other index, leaf, root or size", () => {
    for (let treeSize = 1; treeSize <= 40; treeSize++) {
      const entries = entriesOf(treeSize);
      const rootHash = referenceRoot(entries);
      for (const [index, entry] of entries.entries()) {
        const claim = {
          index,
          treeSize,
          leafHash: hashLeaf(entry),
          rootHash,
          proof: referenceInclusion(index, entries),
        };
        expect(() => verifyInclusion(claim)).not.toThrow();
        const other = hashLeaf(Buffer.from("other"));
        for (const change of [{ index: (index + 1) % treeSize }, { leafHash: other }, { rootHash: other }])
          if (change.index !== index) expect(() => verifyInclusion({ ...claim, ...change })).toThrow(REFUSED);
        expect(() => verifyInclusion({ ...claim, proof: [...claim.proof, other] })).toThrow(REFUSED);
        expect(() => verifyInclusion({ ...claim, proof: [other, ...claim.proof] })).toThrow(REFUSED);
        for (let i = 0; i < claim.proof.length; i++) {
          expect(() => verifyInclusion({ ...claim, proof: claim.proof.toSpliced(i, 1) })).toThrow(REFUSED);
          expect(() => verifyInclusion({ ...claim, proof: claim.proof.with(i, other) })).toThrow(REFUSED);
        }
      }
    }
  });

  it("do not let a node pass for an entry", () => {
    const [a, b] = [hashLeaf(Uint8Array.of(0)), hashLeaf(Uint8Array.of(1))];
    const rootHash = hashChildren(a, b);
    const leafHash = hashLeaf(Buffer.concat([a, b]));
    expect(() => verifyInclusion({ index: 0, treeSize: 1, leafHash, rootHash, proof: [] })).toThrow(REFUSED);
  });

  it.each([
    [-1, 1],
    [1, 1],
    [0, 0],
    [0.5, 2],
    [0, 2 ** 53],
    [Number.NaN, 1],
  ])("are malformed for index %d of %d", (index, treeSize) => {
    const hash = hashLeaf(new Uint8Array(0));
    expect(() => verifyInclusion({ index, treeSize, leafHash: hash, rootHash: hash, proof: [] })).toThrow(
      MALFORMED,
    );
  });

  it("are malformed with a hash that is none", () => {
    const hash = hashLeaf(new Uint8Array(0));
    const claim = { index: 0, treeSize: 2, leafHash: hash, rootHash: hash };
    expect(() => verifyInclusion({ ...claim, proof: [hash.slice(1)] })).toThrow(MALFORMED);
  });

  it("end for trees as large as numbers go", () => {
    const hash = hashLeaf(new Uint8Array(0));
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat({ max: 80 }), (index, length) => {
        const proof = Array.from({ length }, () => hash);
        const claim = { index, treeSize: Number.MAX_SAFE_INTEGER, leafHash: hash, rootHash: hash, proof };
        expect(() => verifyInclusion(claim)).toThrow(REFUSED);
      }),
    );
  });
});

describe("consistency proofs", () => {
  it("hold between any two trees of one log up to 24, and break with any change", () => {
    for (let newSize = 0; newSize <= 24; newSize++) {
      const entries = entriesOf(newSize);
      const newRoot = referenceRoot(entries);
      for (let oldSize = 0; oldSize <= newSize; oldSize++) {
        const oldRoot = referenceRoot(entries.slice(0, oldSize));
        const claim = { oldSize, oldRoot, newSize, newRoot, proof: referenceConsistency(oldSize, entries) };
        expect(() => verifyConsistency(claim)).not.toThrow();
        const other = hashLeaf(Buffer.from("other"));
        expect(() => verifyConsistency({ ...claim, oldRoot: other })).toThrow(REFUSED);
        expect(() => verifyConsistency({ ...claim, proof: [...claim.proof, other] })).toThrow(REFUSED);
        if (oldSize > 0) expect(() => verifyConsistency({ ...claim, newRoot: other })).toThrow(REFUSED);
        for (let i = 0; i < claim.proof.length; i++) {
          expect(() => verifyConsistency({ ...claim, proof: claim.proof.toSpliced(i, 1) })).toThrow(REFUSED);
          expect(() => verifyConsistency({ ...claim, proof: claim.proof.with(i, other) })).toThrow(REFUSED);
        }
      }
    }
  });

  it("do not hold when an old entry was changed, dropped or moved", () => {
    const entries = entriesOf(13);
    const oldRoot = referenceRoot(entries.slice(0, 6));
    const [first, second] = entries as [Uint8Array, Uint8Array];
    const forgeries = [
      entries.with(2, Buffer.from("x")),
      entries.toSpliced(3, 1),
      entries.with(0, second).with(1, first),
    ];
    for (const forged of forgeries) {
      const proof = referenceConsistency(6, forged);
      const claim = { oldSize: 6, oldRoot, newSize: forged.length, newRoot: referenceRoot(forged), proof };
      expect(() => verifyConsistency(claim)).toThrow(expect.objectContaining({ code: "PROOF_INVALID" }));
    }
  });

  it.each([
    [2, 1],
    [-1, 1],
    [0.5, 1],
    [0, 2 ** 53],
  ])("are malformed from %d to %d", (oldSize, newSize) => {
    const claim = { oldSize, oldRoot: EMPTY_ROOT, newSize, newRoot: EMPTY_ROOT, proof: [] };
    expect(() => verifyConsistency(claim)).toThrow(MALFORMED);
  });
});
