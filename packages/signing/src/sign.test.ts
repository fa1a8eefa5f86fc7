// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatPublicKey, toPreAuthEncoding } from "@countersign/core/attestation";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPublicKey } from "./key-file.ts";
import { makeTestKey } from "./keys.fixture.ts";
import { TEST_PAYLOAD, TEST_STATEMENT } from "./review.fixture.ts";
import { newNonce, signStatement, signWithSshKeygen } from "./sign.ts";
import { toSshEnvironment } from "./ssh-environment.ts";

const HAS_OPENSSH = spawnSync("ssh-keygen", ["-?"]).error === undefined;
const PAE = toPreAuthEncoding(TEST_PAYLOAD);
const OPENSSH_HEADER = "-----BEGIN OPENSSH PRIVATE KEY-----";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-sign-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode });
  chmodSync(path, mode);
  return path;
}

describe("signing says what is wrong", () => {
  it("with a key that is not there", async () => {
    const signing = signWithSshKeygen({ key: join(folder, "absent"), bytes: PAE });
    await expect(signing).rejects.toMatchObject({
      name: "SigningError",
      code: "KEY_NOT_FOUND",
      message: expect.stringContaining("ssh-keygen -t ed25519"),
    });
  });

  it("with a folder for a key", async () => {
    await expect(signWithSshKeygen({ key: folder, bytes: PAE })).rejects.toMatchObject({
      code: "KEY_UNREADABLE",
    });
  });

  it.skipIf(process.platform === "win32")("with a private key that others can read", async () => {
    const key = write("open", `${OPENSSH_HEADER}\n`, 0o644);
    const signing = signWithSshKeygen({ key, bytes: PAE });
    await expect(signing).rejects.toMatchObject({
      code: "KEY_PERMISSIONS",
      message: expect.stringContaining(`chmod 600 ${key}`),
    });
  });

  it("without ssh-keygen", async () => {
    const key = write("fine", `${OPENSSH_HEADER}\n`);
    const signing = signWithSshKeygen({ key, bytes: PAE, environment: { PATH: folder } });
    await expect(signing).rejects.toMatchObject({
      code: "SSH_KEYGEN_MISSING",
      message: expect.stringContaining("openssh-client"),
    });
  });

  it.skipIf(!HAS_OPENSSH)("with a private key that is garbage", async () => {
    const key = write("garbage", `${OPENSSH_HEADER}\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n`);
    await expect(signWithSshKeygen({ key, bytes: PAE })).rejects.toMatchObject({ code: "SIGNING_FAILED" });
  });

  it("with a statement that no reader would accept, before anything is asked", async () => {
    const statement = { ...TEST_STATEMENT, subject: TEST_STATEMENT.subject.slice(0, 2) };
    await expect(signStatement(statement, join(folder, "absent"))).rejects.toMatchObject({
      code: "STATEMENT_MALFORMED",
    });
  });
});

describe.skipIf(!HAS_OPENSSH || process.platform === "win32")("a key with a passphrase", () => {
  it("signs when SSH_ASKPASS answers, and fails clearly when it answers wrongly", async () => {
    const key = join(folder, "locked");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "open sesame", "-f", key]);
    const ask = (answer: string): NodeJS.ProcessEnv => ({
      ...process.env,
      SSH_ASKPASS: write("askpass", `#!/bin/sh\necho '${answer}'\n`, 0o700),
      SSH_ASKPASS_REQUIRE: "force",
    });
    expect(await signWithSshKeygen({ key, bytes: PAE, environment: ask("open sesame") })).toContain(
      "BEGIN SSH SIGNATURE",
    );
    await expect(signWithSshKeygen({ key, bytes: PAE, environment: ask("wrong") })).rejects.toMatchObject({
      code: "SIGNING_FAILED",
    });
    rmSync(`${key}.pub`);
    expect((await readPublicKey(key, ask("open sesame"))).type).toBe("ssh-ed25519");
    await expect(readPublicKey(key, ask("wrong"))).rejects.toMatchObject({ code: "KEY_UNREADABLE" });
  });
});

describe.skipIf(!HAS_OPENSSH)("a key path", () => {
  it.each(["-f", "with space", "$(touch pwned)", "ключ", "a;b&c'd\"e", "~"])(
    "named %j is only ever a file name",
    async (name) => {
      mkdirSync(join(folder, "names"), { recursive: true });
      const key = join(folder, "names", name);
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
      expect(await signWithSshKeygen({ key, bytes: PAE })).toContain("BEGIN SSH SIGNATURE");
      rmSync(`${key}.pub`);
      expect(formatPublicKey(await readPublicKey(key))).toMatch(/^ssh-ed25519 /);
    },
  );

  it("that is a symbolic link to the key works", async () => {
    const key = join(folder, "target");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    symlinkSync(key, join(folder, "link"));
    expect(await signWithSshKeygen({ key: join(folder, "link"), bytes: PAE })).toContain(
      "BEGIN SSH SIGNATURE",
    );
  });

  it("leaves no file behind", async () => {
    const key = join(folder, "tidy");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const before = readFileSync(key, "utf8");
    await signStatement(TEST_STATEMENT, key);
    expect(readFileSync(key, "utf8")).toBe(before);
    expect(() => readFileSync(`${key}.sig`)).toThrow("ENOENT");
  });
});

describe("readPublicKey", () => {
  it("takes a .pub file, comment and Windows line end included", async () => {
    const { publicKey } = makeTestKey("ssh-ed25519");
    const path = write("windows.pub", `${formatPublicKey(publicKey)} senior@example\r\n`);
    expect(formatPublicKey(await readPublicKey(path))).toBe(formatPublicKey(publicKey));
  });

  it.each(["", "hello", "ssh-ed25519 AAAA", "ssh-dss AAAAB3NzaC1kc3M="])(
    "refuses %j with the file's name",
    async (text) => {
      const path = write("bad.pub", text);
      await expect(readPublicKey(path)).rejects.toMatchObject({
        code: "KEY_UNREADABLE",
        message: expect.stringContaining(path),
      });
    },
  );
});

describe("the environment of ssh-keygen", () => {
  it("has the agent and nothing secret", () => {
    const environment = {
      PATH: "/bin",
      SSH_AUTH_SOCK: "/run/agent",
      API_KEY: "secret",
      LD_PRELOAD: "x",
      GIT_DIR: "y",
    };
    expect(toSshEnvironment(environment)).toEqual({ PATH: "/bin", SSH_AUTH_SOCK: "/run/agent" });
  });
});

describe("newNonce", () => {
  it("gives 128 bits of hex, never twice", () => {
    const nonces = Array.from({ length: 1000 }, newNonce);
    expect(new Set(nonces).size).toBe(1000);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  });
});
