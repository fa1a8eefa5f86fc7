// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreError, concatBytes, parseBase64, toBase64, toUtf8 } from "../ids/index.ts";
import { PUBLIC_KEYS } from "./public-keys.fixture.ts";
import { formatPublicKey, parsePublicKey, parsePublicKeyBlob, toFingerprint } from "./ssh-public-key.ts";
import { toMpint, toWireString } from "./ssh-wire.ts";

const REFUSED = expect.objectContaining({ name: "CoreError", code: "KEY_MALFORMED" });
const [ECDSA256, ECDSA384, ECDSA521, SK_ECDSA, SK_ED25519, ED25519, RSA] = [
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ecdsa-sha2-nistp256@openssh.com",
  "sk-ssh-ed25519@openssh.com",
  "ssh-ed25519",
  "ssh-rsa",
].map((type) => PUBLIC_KEYS.map(([line]) => line).find((line) => line.startsWith(`${type} `)) ?? "") as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];

function blobOf(line: string): Uint8Array {
  return parseBase64(line.split(" ")[1] ?? "");
}

function pack(...fields: readonly (string | Uint8Array)[]): Uint8Array {
  return concatBytes(...fields.map(toWireString));
}

function rsa(exponent: Uint8Array, bits: number): Uint8Array {
  const modulus = new Uint8Array(Math.ceil(bits / 8)).fill(0xab);
  modulus[0] = bits % 8 === 0 ? 0x80 : 1 << ((bits % 8) - 1);
  return pack("ssh-rsa", exponent, toMpint(modulus));
}

describe("a public key", () => {
  it.each(PUBLIC_KEYS)("%s reads back and has the fingerprint that OpenSSH prints", (line, fingerprint) => {
    const key = parsePublicKey(line);
    expect(formatPublicKey(key)).toBe(line);
    expect(toFingerprint(key)).toBe(fingerprint);
    expect(formatPublicKey(parsePublicKey(`${line} author@laptop, with a "comment"\r\n`))).toBe(line);
    expect(formatPublicKey(parsePublicKey(line.replace(" ", " \t ")))).toBe(line);
  });

  it("covers all seven types", () => {
    expect(new Set(PUBLIC_KEYS.map(([line]) => parsePublicKey(line).type)).size).toBe(7);
  });

  it.each(PUBLIC_KEYS)("%s is refused when cut at any byte or with a byte added", (line) => {
    const blob = blobOf(line);
    for (let length = 0; length < blob.length; length++) {
      expect(() => parsePublicKeyBlob(blob.subarray(0, length)), `${length} bytes`).toThrow(REFUSED);
    }
    expect(() => parsePublicKeyBlob(concatBytes(blob, Uint8Array.of(0)))).toThrow(REFUSED);
  });

  it.each(PUBLIC_KEYS)("%s with any bit flipped is refused or another key, never the same one", (line) => {
    const blob = blobOf(line);
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const copy = blob.slice();
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const key = attempt(() => parsePublicKeyBlob(copy));
      if (key !== undefined) expect(formatPublicKey(key)).not.toBe(line);
    }
  });

  it.each([
    ["nothing", ""],
    ["a type without a key", "ssh-ed25519"],
    ["a type that the key is not", ECDSA256.replace("nistp256", "nistp384")],
    ["a plain type before an sk- key", SK_ED25519.replace("sk-ssh-ed25519@openssh.com", "ssh-ed25519")],
    ["options before it", `cert-authority ${ED25519}`],
    ["a namespaces option before it", `namespaces="git" ${ED25519}`],
    ["white space before it", ` ${ED25519}`],
    ["a second line", `${ED25519}\n${RSA}`],
    ["base64 without its padding", SK_ED25519.replace(/=+$/, "")],
    ["base64 with too much padding", `${ED25519}=`],
    ["the URL-safe alphabet", ED25519.replace("+", "-").replace("/", "_").replace("AAAA", "AA-A")],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE=\n"],
    ["a DSA key", `ssh-dss ${toBase64(pack("ssh-dss", "p", "q", "g", "y"))}`],
    [
      "a certificate",
      `ssh-ed25519-cert-v01@openssh.com ${toBase64(pack("ssh-ed25519-cert-v01@openssh.com", "x"))}`,
    ],
    ["a megabyte", `ssh-ed25519 ${"A".repeat(1_000_000)}`],
  ])("line with %s is refused", (_, line) => {
    expect(PUBLIC_KEYS.map(([known]) => known)).not.toContain(line);
    expect(() => parsePublicKey(line)).toThrow(REFUSED);
  });

  it("says for a certificate, for DSA and for a mismatch what to do or what differs", () => {
    const certificate = pack("ssh-ed25519-cert-v01@openssh.com", "x");
    expect(() => parsePublicKeyBlob(certificate)).toThrow("use the plain key");
    expect(() => parsePublicKeyBlob(pack("ssh-dss", "x"))).toThrow("ssh-keygen -t ed25519");
    expect(() => parsePublicKey(ECDSA256.replace("nistp256", "nistp384"))).toThrow(
      "the line says ecdsa-sha2-nistp384, the key itself ecdsa-sha2-nistp256",
    );
  });

  it("never lets control characters into a message (T62)", () => {
    const message = messageOf(() => parsePublicKeyBlob(pack("evil\u001b[2J\n", "x")));
    expect(message).toContain("evil?[2J?");
  });

  it.each([
    ["2047 bits", rsa(Uint8Array.of(1, 0, 1), 2047)],
    ["16385 bits", rsa(Uint8Array.of(1, 0, 1), 16_385)],
    ["exponent 1", rsa(Uint8Array.of(1), 2048)],
    ["an even exponent", rsa(Uint8Array.of(1, 0, 0), 2048)],
    ["an exponent that takes seconds", rsa(new Uint8Array(200).fill(0x7f), 2048)],
    ["a negative exponent", rsa(Uint8Array.of(0x81), 2048)],
    ["exponent 0", rsa(new Uint8Array(), 2048)],
    ["a zero before the exponent", rsa(Uint8Array.of(0, 1, 0, 1), 2048)],
    [
      "a zero before the modulus",
      pack(
        "ssh-rsa",
        Uint8Array.of(1, 0, 1),
        concatBytes(Uint8Array.of(0, 0), new Uint8Array(256).fill(0xab)),
      ),
    ],
    ["a negative modulus", pack("ssh-rsa", Uint8Array.of(1, 0, 1), new Uint8Array(257).fill(0xab))],
  ])("of RSA with %s is refused", (_, blob) => expect(() => parsePublicKeyBlob(blob)).toThrow(REFUSED));

  it.each([2048, 2049, 3071, 4096, 16_384])("of RSA with %d bits is taken", (bits) => {
    expect(parsePublicKeyBlob(rsa(Uint8Array.of(1, 0, 1), bits)).type).toBe("ssh-rsa");
  });

  it.each([ECDSA256, ECDSA384, ECDSA521, SK_ECDSA])(
    "%s is refused compressed, hybrid, of another curve and at infinity",
    (line) => {
      const key = parsePublicKey(line);
      if (key.material.kind !== "ecdsa") throw new Error("expected ECDSA");
      const { point, curve } = key.material;
      const application = key.application === null ? [] : [key.application];
      const rebuild = (name: string, bytes: Uint8Array) => pack(key.type, name, bytes, ...application);
      expect(parsePublicKeyBlob(rebuild(curve, point)).type).toBe(key.type);
      const compressed = concatBytes(Uint8Array.of(2), point.subarray(1, (point.length + 1) / 2));
      const hybrid = concatBytes(Uint8Array.of(6), point.subarray(1));
      for (const bytes of [compressed, hybrid, Uint8Array.of(0), new Uint8Array()]) {
        expect(() => parsePublicKeyBlob(rebuild(curve, bytes))).toThrow(REFUSED);
      }
      expect(() =>
        parsePublicKeyBlob(rebuild(curve === "nistp256" ? "nistp384" : "nistp256", point)),
      ).toThrow(REFUSED);
    },
  );

  it.each([SK_ED25519, SK_ECDSA])("%s is refused without an ssh: application", (line) => {
    const blob = blobOf(line);
    const head = blob.subarray(0, blob.length - toWireString("ssh:").length);
    expect(parsePublicKeyBlob(concatBytes(head, toWireString("ssh:work"))).application).toBe("ssh:work");
    for (const application of [
      "",
      "ssh",
      "SSH:",
      "login.example",
      "ssh:\0",
      "ssh:é",
      `ssh:${"x".repeat(300)}`,
    ]) {
      expect(() => parsePublicKeyBlob(concatBytes(head, toWireString(application))), application).toThrow(
        REFUSED,
      );
    }
  });

  it("throws nothing but CoreError on any text or bytes", () => {
    const near = fc.tuple(
      fc.constantFrom("ssh-ed25519", "ssh-rsa", "sk-ecdsa-sha2-nistp256@openssh.com"),
      fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 5 }),
    );
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void attempt(() => parsePublicKey(text))));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        (bytes) => void attempt(() => parsePublicKeyBlob(bytes)),
      ),
    );
    fc.assert(
      fc.property(
        near,
        ([type, fields]) => void attempt(() => parsePublicKeyBlob(pack(toUtf8(type), ...fields))),
      ),
    );
  });
});

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return undefined;
  }
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}
