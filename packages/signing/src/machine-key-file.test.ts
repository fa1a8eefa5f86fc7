// SPDX-License-Identifier: Apache-2.0
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseMachineKey, toMachineKeyId, verifyMachineEnvelope } from "@countersign/core/attestation";
import { createSshKey, createTemporaryFolder, run } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { readMachineKey } from "./machine-key-file.ts";
import { TEST_RESULT } from "./machine-vectors.fixture.ts";
import { signMachineStatement } from "./sign-machine-statement.ts";
import { verifyRawSignature } from "./verify-raw-signature.ts";

describe("readMachineKey", () => {
  it("reads what openssl makes, and its public key is what openssl prints", async () => {
    await using folder = await createTemporaryFolder();
    const path = join(folder.path, "ci.pem");
    await run("openssl", ["genpkey", "-algorithm", "ed25519", "-out", path], { cwd: folder.path });
    await chmod(path, 0o600);
    const pem = (await run("openssl", ["pkey", "-in", path, "-pubout"], { cwd: folder.path })).toString();
    const key = await readMachineKey(path);
    expect(toMachineKeyId(parseMachineKey(pem))).toBe(key.keyid);
    const envelope = signMachineStatement(TEST_RESULT, key);
    const trust = { keys: [parseMachineKey(pem)], verifySignature: verifyRawSignature };
    expect(verifyMachineEnvelope(envelope, trust).statement).toEqual(TEST_RESULT);
  });

  it("reads what ssh-keygen makes, and its public key is the .pub file's", async () => {
    await using key = await createSshKey("ci");
    const own = await readMachineKey(key.privateKeyPath);
    const publicKey = parseMachineKey(await readFile(key.publicKeyPath, "utf8"));
    expect(own.keyid).toBe(toMachineKeyId(publicKey));
    const trust = { keys: [publicKey], verifySignature: verifyRawSignature };
    expect(verifyMachineEnvelope(signMachineStatement(TEST_RESULT, own), trust).signer).toMatchObject({
      kind: "ed25519",
      keyid: own.keyid,
    });
  });

  it.each([
    [
      "an ssh key of another type",
      async () => (await createSshKey("ci", "ecdsa")).privateKeyPath,
      /expected ssh-ed25519/,
    ],
    [
      "an ssh key with a passphrase",
      async () => (await createSshKey("ci", "ed25519", "secret")).privateKeyPath,
      /asks for a passphrase/,
    ],
    ["a public key", async () => (await createSshKey("ci")).publicKeyPath, /holds no private key/],
  ])("refuses %s and says what would do", async (_what, make, words) => {
    await expect(readMachineKey(await make())).rejects.toMatchObject({
      name: "SigningError",
      code: "KEY_UNREADABLE",
      message: expect.stringMatching(words),
    });
  });

  it.each([
    ["an RSA key", ["genpkey", "-algorithm", "rsa"], /type rsa, expected Ed25519/],
    ["an X25519 key", ["genpkey", "-algorithm", "x25519"], /type x25519/],
    [
      "an encrypted key",
      ["genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:x"],
      /asks for a passphrase/,
    ],
  ])("refuses %s of openssl", async (_what, args, words) => {
    await using folder = await createTemporaryFolder();
    const path = join(folder.path, "key.pem");
    await run("openssl", [...args, "-out", path], { cwd: folder.path });
    await chmod(path, 0o600);
    await expect(readMachineKey(path)).rejects.toMatchObject({ message: expect.stringMatching(words) });
  });

  it("refuses a key that others can read, one that is cut off, one that is damaged, and none", async () => {
    await using key = await createSshKey("ci");
    const text = await readFile(key.privateKeyPath, "utf8");
    const lines = text.split("\n");
    for (const damaged of [
      [lines[0], lines[1], lines.at(-2)].join("\n"),
      text.replace(/b3BlbnNzaC1rZXktdjE/, "b3BlbnNzaC1rZXktdjI"),
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ]) {
      await writeFile(key.privateKeyPath, damaged, { mode: 0o600 });
      await expect(readMachineKey(key.privateKeyPath)).rejects.toMatchObject({ code: "KEY_UNREADABLE" });
    }
    await writeFile(key.privateKeyPath, text);
    await chmod(key.privateKeyPath, 0o644);
    await expect(readMachineKey(key.privateKeyPath)).rejects.toMatchObject({ code: "KEY_PERMISSIONS" });
    await expect(readMachineKey(`${key.privateKeyPath}.absent`)).rejects.toMatchObject({
      code: "KEY_NOT_FOUND",
    });
  });
});
