// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { toCosignedMessage } from "./cosignature.ts";
import { createSigner, signNote, verifyEd25519 } from "./ed25519.fixture.ts";
import { EMPTY_ROOT } from "./merkle.ts";
import { parseSignedNote } from "./signed-note.ts";
import { formatTlogProof, parseTlogProof } from "./tlog-proof.ts";
import { verifyCheckpoint } from "./verify-checkpoint.ts";

/** The example of tlog-checkpoint and tlog-cosignature. */
const PUBLISHED = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;
const EMPTY = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
const ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
const MALFORMED = expect.objectContaining({ name: "CoreError", code: "CHECKPOINT_MALFORMED" });

describe("checkpoints", () => {
  it("are read as the specification's example is, whose cosignature says when", () => {
    const note = parseSignedNote(PUBLISHED);
    expect(parseCheckpoint(note.text)).toMatchObject({
      origin: "example.com/behind-the-sofa",
      treeSize: 20_852_163,
    });
    const [, cosignature] = note.signatures;
    expect(cosignature?.signature).toHaveLength(72);
    expect(new DataView(Uint8Array.from(cosignature?.signature ?? []).buffer).getBigUint64(0)).toBe(
      1_679_315_147n,
    );
    expect(Buffer.from(toCosignedMessage(note.text, 1_679_315_147)).toString()).toBe(
      `cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n${ROOT}\n`,
    );
  });

  it.each([
    ["no root", "log\n1\n"],
    ["no last newline", `log\n1\n${ROOT}`],
    ["no origin", `\n1\n${ROOT}\n`],
    ["an empty extension line", `log\n1\n${ROOT}\n\n`],
    ["a leading zero", `log\n01\n${ROOT}\n`],
    ["a negative size", `log\n-1\n${ROOT}\n`],
    ["a size with a sign", `log\n+1\n${ROOT}\n`],
    ["a size beyond exact numbers", `log\n9007199254740992\n${ROOT}\n`],
    ["a root without padding", `log\n1\n${ROOT.slice(0, -1)}\n`],
    ["a root with stray bits", `log\n1\n${ROOT.replace("2I=", "2J=")}\n`],
    ["a root of 31 bytes", `log\n1\n${Buffer.alloc(31).toString("base64")}\n`],
    ["a space behind the size", `log\n1 \n${ROOT}\n`],
    ["an empty log with a root of its own", `log\n0\n${ROOT}\n`],
  ])("are refused with %s", (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(MALFORMED);
  });

  it("keep extension lines, which are signed", () => {
    const checkpoint = { origin: "log", treeSize: 0, rootHash: EMPTY_ROOT, extensions: ["a", "b c"] };
    expect(formatCheckpoint(checkpoint)).toBe(`log\n0\n${EMPTY}\na\nb c\n`);
    expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
  });

  it("come back as they were written, or are refused", () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), hash, (treeSize, rootHash) => {
        const checkpoint = { origin: "example.com/log", treeSize, rootHash, extensions: [] };
        expect(parseCheckpoint(formatCheckpoint(checkpoint))).toEqual(checkpoint);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        try {
          expect(formatCheckpoint(parseCheckpoint(text))).toBe(text);
        } catch (error) {
          expect(error).toEqual(MALFORMED);
        }
      }),
    );
  });
});

describe("verifyCheckpoint", () => {
  const log = createSigner("example.com/log", 1);
  const witnesses = [2, 3, 4].map((seed) => createSigner(`witness.example/${seed}`, seed, "cosignature"));
  const keys = witnesses.map(({ key }) => key);
  const text = `example.com/log\n0\n${EMPTY}\n`;
  const verify = (note: string, quorum: number, trusted = keys) =>
    verifyCheckpoint(note, { log: log.key, witnesses: trusted, quorum }, verifyEd25519);

  it("returns what the log signed, and which witnesses saw it when", () => {
    const verified = verify(signNote(text, log, ...witnesses.slice(0, 2)), 2);
    expect(verified).toMatchObject({ origin: "example.com/log", treeSize: 0 });
    expect(verified.cosigned.map(({ witness, at }) => [witness.name, at])).toEqual([
      ["witness.example/2", 1_780_000_000],
      ["witness.example/3", 1_780_000_000],
    ]);
  });

  it("wants the quorum, of distinct keys", () => {
    const missing = expect.objectContaining({
      code: "QUORUM_MISSING",
      message: expect.stringContaining("needs 2 of 3"),
    });
    expect(() => verify(signNote(text, log, ...witnesses.slice(0, 1)), 2)).toThrow(missing);
    const alias = createSigner("alias.example/2", 2, "cosignature");
    const note = signNote(text, log, ...witnesses.slice(0, 1), alias);
    const [first, second] = keys;
    if (first === undefined || second === undefined) throw new Error("no witnesses");
    expect(() => verify(note, 2, [first, alias.key, second])).toThrow(
      expect.objectContaining({ code: "QUORUM_MISSING" }),
    );
  });

  it("checks every signature of a known key exactly once, and one that fails condemns all", () => {
    const note = signNote(text, log, ...witnesses);
    const lines = note.split("\n").filter((line) => line.startsWith("— "));
    const checked: string[] = [];
    const trust = { log: log.key, witnesses: keys, quorum: 3 };
    verifyCheckpoint(note, trust, (key, data, signature) => {
      checked.push(Buffer.from(signature).toString("hex"));
      return verifyEd25519(key, data, signature);
    });
    expect(new Set(checked).size).toBe(4);
    expect(checked).toHaveLength(4);
    for (const line of lines) {
      const forged = note.replace(line, `${line.slice(0, -6)}AAAAA=`);
      expect(() => verify(forged, 0)).toThrow(expect.objectContaining({ code: "SIGNATURE_INVALID" }));
    }
    // A second, false line of the log's own key beside the true one.
    const [own = ""] = lines;
    expect(() => verify(`${note}${own.slice(0, -6)}AAAAA=\n`, 0)).toThrow(
      expect.objectContaining({ code: "SIGNATURE_INVALID" }),
    );
  });

  it("wants the log itself, whatever witnesses say, and its own origin", () => {
    const invalid = expect.objectContaining({ code: "SIGNATURE_INVALID" });
    expect(() => verify(signNote(text, ...witnesses), 0)).toThrow(invalid);
    expect(() => verify(signNote(text.replace("example.com/log", "example.com/other"), log), 0)).toThrow(
      invalid,
    );
  });
});

describe("tlog proofs", () => {
  const checkpoint = PUBLISHED;
  const hash = (fill: number) => new Uint8Array(32).fill(fill);

  it("are written as the specification shows, with and without extra data", () => {
    const proof = { index: 73_894, hashes: [hash(1), hash(2)], checkpoint, extra: Uint8Array.of(1, 2) };
    const text = formatTlogProof(proof);
    expect(text.split("\n").slice(0, 3)).toEqual(["c2sp.org/tlog-proof@v1", "extra AQI=", "index 73894"]);
    expect(text.endsWith(`\n\n${checkpoint}`)).toBe(true);
    expect(parseTlogProof(text)).toEqual(proof);
    const alone = { index: 0, hashes: [], checkpoint, extra: null };
    expect(formatTlogProof(alone)).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n\n${checkpoint}`);
    expect(parseTlogProof(formatTlogProof(alone))).toEqual(alone);
  });

  it.each([
    ["another version", (text: string) => text.replace("@v1", "@v2")],
    ["no index", (text: string) => text.replace("index 5\n", "")],
    ["a leading zero", (text: string) => text.replace("index 5", "index 05")],
    ["extra data behind the index", (text: string) => text.replace("index 5\n", "index 5\nextra AQI=\n")],
    ["empty extra data", (text: string) => text.replace("index 5", "extra \nindex 5")],
    ["a hash cut short", (text: string) => text.replace("AQEBAQ", "AQEB")],
    ["a blank for the empty line", (text: string) => text.replace("\n\nexample", "\n \nexample")],
    ["64 hashes", (text: string) => text.replace("index 5\n", `index 5\n${`${ROOT}\n`.repeat(63)}`)],
    ["Windows line ends", (text: string) => text.replaceAll("\n", "\r\n")],
    ["nothing", () => ""],
  ])("are refused with %s", (_, change) => {
    const text = formatTlogProof({ index: 5, hashes: [hash(1)], checkpoint, extra: null });
    expect(() => parseTlogProof(change(text))).toThrow(expect.objectContaining({ code: "PROOF_MALFORMED" }));
  });

  it("are parsed or refused, whatever they are", () => {
    const text = formatTlogProof({ index: 5, hashes: [hash(1)], checkpoint, extra: Uint8Array.of(9) });
    const edit = fc.tuple(fc.nat({ max: text.length }), fc.nat({ max: 4 }), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 3 }), (edits) => {
        const changed = edits.reduce(
          (old, [at, drop, put]) => old.slice(0, at) + put + old.slice(at + drop),
          text,
        );
        try {
          expect(formatTlogProof(parseTlogProof(changed))).toBe(changed);
        } catch (error) {
          expect(error).toMatchObject({ code: "PROOF_MALFORMED" });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
