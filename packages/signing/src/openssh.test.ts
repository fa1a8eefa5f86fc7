// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  formatArmoredSshsig,
  formatPublicKey,
  MIN_RSA_BITS,
  parseEnvelope,
  parsePublicKey,
  parseSshsig,
  toCanonicalEnvelope,
  toFingerprint,
  toPreAuthEncoding,
  verifyEnvelope,
  verifySshsig,
} from "@countersign/core/attestation";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPublicKey } from "./key-file.ts";
import { wrapEnvelope } from "./keys.fixture.ts";
import { TEST_PAYLOAD, TEST_REVIEW, TEST_STATEMENT } from "./review.fixture.ts";
import { signStatement, signWithSshKeygen } from "./sign.ts";
import { verifyRawSignature } from "./verify-raw-signature.ts";

// Interoperation with the ssh-keygen and ssh-agent of this machine, both ways.

const HAS_OPENSSH = spawnSync("ssh-keygen", ["-?"]).error === undefined;
/** OpenSSH's own software security key: Debian's package openssh-tests, or a build named in this variable. */
const SK_DUMMY = process.env.COUNTERSIGN_SK_DUMMY ?? "/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so";
const HAS_SK_DUMMY = HAS_OPENSSH && existsSync(SK_DUMMY);
if (!HAS_OPENSSH)
  process.stderr.write("SKIPPED: ssh-keygen was not found, interoperation with OpenSSH is untested\n");
if (!HAS_SK_DUMMY)
  process.stderr.write(
    `SKIPPED: no ${SK_DUMMY} (package openssh-tests), sk- keys are tested without ssh-keygen\n`,
  );

const PAE = toPreAuthEncoding(TEST_PAYLOAD);
const KINDS = [
  ["ed25519", ["-t", "ed25519"]],
  ["ecdsa 256", ["-t", "ecdsa", "-b", "256"]],
  ["ecdsa 384", ["-t", "ecdsa", "-b", "384"]],
  ["ecdsa 521", ["-t", "ecdsa", "-b", "521"]],
  ["rsa 2048", ["-t", "rsa", "-b", "2048"]],
  ["rsa 3072", ["-t", "rsa", "-b", "3072"]],
  ["rsa 2048 in PEM", ["-t", "rsa", "-b", "2048", "-m", "PEM"]],
] as const;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "countersign-openssh-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function makeKey(name: string, args: readonly string[], env = process.env): string {
  const path = join(folder, name.replaceAll(" ", "-"));
  if (!existsSync(path))
    execFileSync("ssh-keygen", ["-q", "-N", "", "-C", "test", "-f", path, ...args], { env });
  return path;
}

/** What `ssh-keygen -Y verify` says about our PAE and a signature. */
function runVerify(
  armor: string,
  publicKey: string,
): { readonly status: number | null; readonly output: string } {
  const [signature, allowed] = [join(folder, "checked.sig"), join(folder, "allowed")];
  writeFileSync(signature, armor);
  writeFileSync(allowed, `senior namespaces="countersign" ${publicKey}\n`);
  const args = ["-Y", "verify", "-n", "countersign", "-I", "senior", "-f", allowed, "-s", signature];
  const run = spawnSync("ssh-keygen", args, { input: PAE, encoding: "utf8" });
  return { status: run.status, output: run.stdout + run.stderr };
}

describe.skipIf(!HAS_OPENSSH).each(KINDS)("with an OpenSSH %s key", (name, args) => {
  it("we sign, and both we and ssh-keygen verify", async () => {
    const path = makeKey(name, args);
    const bytes = await signStatement(TEST_STATEMENT, path);
    const verified = verifyEnvelope(bytes, verifyRawSignature);
    const publicKey = await readPublicKey(path);
    expect(verified.statement.predicate).toEqual(TEST_REVIEW);
    expect(verified.signer.publicKey).toBe(formatPublicKey(publicKey));
    expect(readFileSync(`${path}.pub`, "utf8")).toBe(`${formatPublicKey(publicKey)} test\n`);
    expect(execFileSync("ssh-keygen", ["-l", "-f", `${path}.pub`], { encoding: "utf8" })).toContain(
      ` ${toFingerprint(publicKey)} `,
    );
    const armor = formatArmoredSshsig(parseEnvelope(bytes).sshsig);
    expect(runVerify(armor, formatPublicKey(publicKey))).toMatchObject({ status: 0 });
  });

  it.each(["sha256", "sha512"])(
    "ssh-keygen signs over %s by hand, and we verify the armor as it is",
    async (hash) => {
      const path = makeKey(name, args);
      const armor = execFileSync(
        "ssh-keygen",
        ["-Y", "sign", "-q", "-n", "countersign", "-O", `hashalg=${hash}`, "-f", path],
        { input: PAE },
      );
      const sshsig = parseSshsig(armor);
      expect(sshsig.hashAlgorithm).toBe(hash);
      verifySshsig(sshsig, PAE, verifyRawSignature);
      const imported = toCanonicalEnvelope(wrapEnvelope(TEST_PAYLOAD, armor));
      expect(verifyEnvelope(imported, verifyRawSignature).signer.fingerprint).toBe(
        toFingerprint(sshsig.publicKey),
      );
    },
  );

  it("our armor is the one that ssh-keygen wrote, byte for byte, where the signature has one form only", () => {
    const path = makeKey(name, args);
    const armor = execFileSync("ssh-keygen", ["-Y", "sign", "-q", "-n", "countersign", "-f", path], {
      input: PAE,
      encoding: "utf8",
    });
    const ours = formatArmoredSshsig(parseSshsig(Buffer.from(armor)));
    if (!name.startsWith("ecdsa")) expect(ours).toBe(armor);
    expect(runVerify(ours, readFileSync(`${path}.pub`, "utf8").trim())).toMatchObject({ status: 0 });
  });

  it("a real commit-style signature, namespace git, is no sign-off (T33)", () => {
    const armor = execFileSync("ssh-keygen", ["-Y", "sign", "-q", "-n", "git", "-f", makeKey(name, args)], {
      input: PAE,
    });
    const bytes = toCanonicalEnvelope(wrapEnvelope(TEST_PAYLOAD, armor));
    expect(() => verifyEnvelope(bytes, verifyRawSignature)).toThrow("signature of a commit or tag");
  });
});

describe.skipIf(!HAS_OPENSSH)("many ECDSA signatures", () => {
  it("of ssh-keygen verify whatever the length of r and s, and so do their lower halves in ssh-keygen", () => {
    const path = makeKey("ecdsa 521", ["-t", "ecdsa", "-b", "521"]);
    for (let i = 0; i < 24; i++) {
      const armor = execFileSync("ssh-keygen", ["-Y", "sign", "-q", "-n", "countersign", "-f", path], {
        input: PAE,
      });
      verifySshsig(parseSshsig(armor), PAE, verifyRawSignature);
      expect(
        runVerify(formatArmoredSshsig(parseSshsig(armor)), readFileSync(`${path}.pub`, "utf8").trim()),
      ).toMatchObject({ status: 0 });
    }
  });
});

describe.skipIf(!HAS_OPENSSH)("an RSA key below the minimum", () => {
  it("is refused with its size", () => {
    const path = makeKey("rsa 1024", ["-t", "rsa", "-b", "1024"]);
    expect(() => parsePublicKey(readFileSync(`${path}.pub`, "utf8"))).toThrow(
      `1024 bits, expected at least ${MIN_RSA_BITS}`,
    );
  });
});

describe.skipIf(!HAS_OPENSSH)("a key held by ssh-agent", () => {
  let agent: { readonly pid: number; readonly environment: NodeJS.ProcessEnv };
  const path = () => makeKey("agent ed25519", ["-t", "ed25519"]);

  beforeAll(() => {
    const socket = join(folder, "agent.sock");
    const output = execFileSync("ssh-agent", ["-s", "-a", socket], { encoding: "utf8" });
    const environment = { ...process.env, SSH_AUTH_SOCK: socket };
    agent = { pid: Number(/SSH_AGENT_PID=(\d+)/.exec(output)?.[1]), environment };
    for (const [name, args] of KINDS)
      execFileSync("ssh-add", ["-q", makeKey(name, args)], { env: environment });
    execFileSync("ssh-add", ["-q", path()], { env: environment });
  });
  afterAll(() => {
    process.kill(agent.pid);
  });

  it.each(KINDS)("signs when only its public %s half is given", async (name, args) => {
    const publicOnly = join(folder, `only-${name.replaceAll(" ", "-")}.pub`);
    writeFileSync(publicOnly, readFileSync(`${makeKey(name, args)}.pub`));
    const bytes = await signStatement(TEST_STATEMENT, publicOnly, { environment: agent.environment });
    const publicKey = await readPublicKey(publicOnly, agent.environment);
    expect(verifyEnvelope(bytes, verifyRawSignature).signer.publicKey).toBe(formatPublicKey(publicKey));
  });

  it("that the agent does not hold is named, with the command that adds it", async () => {
    const other = makeKey("not in the agent", ["-t", "ed25519"]);
    const publicOnly = join(folder, "stranger.pub");
    writeFileSync(publicOnly, readFileSync(`${other}.pub`));
    const signing = signWithSshKeygen({ key: publicOnly, bytes: PAE, environment: agent.environment });
    await expect(signing).rejects.toMatchObject({
      name: "SigningError",
      code: "AGENT_KEY_MISSING",
      message: expect.stringContaining("ssh-add"),
    });
  });

  it("without any agent says so", async () => {
    const publicOnly = join(folder, "lonely.pub");
    writeFileSync(publicOnly, readFileSync(`${path()}.pub`));
    const { SSH_AUTH_SOCK: _, ...environment } = agent.environment;
    await expect(signWithSshKeygen({ key: publicOnly, bytes: PAE, environment })).rejects.toMatchObject({
      code: "AGENT_UNREACHABLE",
    });
    const dead = { ...environment, SSH_AUTH_SOCK: join(folder, "no.sock") };
    await expect(signWithSshKeygen({ key: publicOnly, bytes: PAE, environment: dead })).rejects.toMatchObject(
      { code: "AGENT_UNREACHABLE" },
    );
  });

  it("whose .pub file stands beside another private key does not sign unnoticed", async () => {
    const mine = makeKey("mine", ["-t", "ed25519"]);
    const expectedKey = await readPublicKey(`${mine}.pub`);
    writeFileSync(`${mine}.pub`, readFileSync(`${path()}.pub`));
    const signing = signWithSshKeygen({ key: mine, bytes: PAE, expectedKey, environment: agent.environment });
    await expect(signing).rejects.toMatchObject({ name: "SigningError", code: "SIGNING_FAILED" });
  });
});

describe.skipIf(!HAS_SK_DUMMY)("with ssh-keygen and a software security key", () => {
  const environment = { ...process.env, SSH_SK_PROVIDER: SK_DUMMY };
  it.each(["ed25519-sk", "ecdsa-sk"])(
    "an %s key signs with a touch, and both we and ssh-keygen verify",
    async (type) => {
      const path = makeKey(type, ["-t", type, "-w", SK_DUMMY], environment);
      const bytes = await signStatement(TEST_STATEMENT, path, { environment });
      const { signer } = verifyEnvelope(bytes, verifyRawSignature);
      expect(signer).toMatchObject({ isTouched: true, isUserVerified: false, application: "ssh:" });
      expect(runVerify(formatArmoredSshsig(parseEnvelope(bytes).sshsig), signer.publicKey)).toMatchObject({
        status: 0,
      });
    },
  );

  it("a key made with no-touch-required is reported as untouched (T17)", async () => {
    const path = makeKey(
      "no touch",
      ["-t", "ed25519-sk", "-O", "no-touch-required", "-w", SK_DUMMY],
      environment,
    );
    const bytes = await signStatement(TEST_STATEMENT, path, { environment });
    expect(verifyEnvelope(bytes, verifyRawSignature).signer.isTouched).toBe(false);
  });
});
