// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from "node:crypto";
import {
  formatArmoredSshsig,
  formatEnvelope,
  formatPublicKey,
  formatRawStatement,
  parseSshsig,
  parseStatement,
  type RawStatement,
  SIGNATURE_NAMESPACE,
  type SshPublicKey,
  type Sshsig,
  toFingerprint,
  toPreAuthEncoding,
  verifySshsig,
} from "@countersign/core/attestation";
import { type KeyFile, readKeyFile } from "./key-file.ts";
import { runSshTool } from "./run-ssh-tool.ts";
import { SigningError } from "./signing-error.ts";
import type { Environment } from "./ssh-environment.ts";
import { verifyRawSignature } from "./verify-raw-signature.ts";

export interface SignRequest {
  /** File of a private key, or the `.pub` file of a key that the agent holds. */
  readonly key: string;
  readonly bytes: Uint8Array;
  /** The key that must sign, where the caller already decided whose it is. */
  readonly expectedKey?: SshPublicKey;
  /** Default process.env; only what ssh-keygen needs is passed on. */
  readonly environment?: Environment;
}

/** 128 random bits as 32 lower-case hex characters. */
export function newNonce(): string {
  return randomBytes(16).toString("hex");
}

/**
 * Signs bytes with `ssh-keygen -Y sign`, namespace `countersign`, and returns the armored signature. May ask for a
 * passphrase or a touch on the terminal. What ssh-keygen returns is verified before it is handed on. Throws SigningError.
 */
export async function signWithSshKeygen(request: SignRequest): Promise<string> {
  return formatArmoredSshsig(await sign(request));
}

/**
 * Signs a statement: its canonical JSON as payload of an envelope in canonical form. Refuses with CoreError
 * STATEMENT_MALFORMED, before any prompt, to sign what no reader would accept.
 */
export async function signStatement(
  statement: RawStatement,
  keyPath: string,
  options: Pick<SignRequest, "expectedKey" | "environment"> = {},
): Promise<Uint8Array> {
  const payload = formatRawStatement(statement);
  parseStatement(payload);
  const sshsig = await sign({ ...options, key: keyPath, bytes: toPreAuthEncoding(payload) });
  return formatEnvelope({ payload, sshsig });
}

async function sign(request: SignRequest): Promise<Sshsig> {
  const environment = request.environment ?? process.env;
  const file = await readKeyFile(request.key);
  const args = ["-Y", "sign", "-q", "-n", SIGNATURE_NAMESPACE, "-f", file.path];
  const run = await runSshTool("ssh-keygen", args, { input: request.bytes, environment, stderr: "inherit" });
  if (run.exitCode !== 0) throw await explainFailure(file, environment);
  const sshsig = parseSshsig(run.stdout);
  // A stale .pub file, a strange agent or a broken security key must fail here, not later in somebody's gate.
  verifySshsig(sshsig, request.bytes, verifyRawSignature);
  refuseOtherKey(sshsig, request);
  return sshsig;
}

function refuseOtherKey(sshsig: Sshsig, { expectedKey, key }: SignRequest): void {
  if (expectedKey === undefined || formatPublicKey(expectedKey) === formatPublicKey(sshsig.publicKey)) return;
  const actual = toFingerprint(sshsig.publicKey);
  const message = `expected the key ${toFingerprint(expectedKey)} to sign, but ${key} signed with ${actual}; is ${key}.pub of another key?`;
  throw new SigningError("SIGNING_FAILED", message);
}

/** Why signing failed, from exit codes alone: ssh-keygen's own words already stand on the terminal. */
async function explainFailure(file: KeyFile, environment: Environment): Promise<SigningError> {
  if (file.holds === "private") {
    const message = `ssh-keygen could not sign with ${file.path}: a wrong passphrase, a declined touch, or not an SSH key; try again, or check it with: ssh-keygen -y -f ${file.path}`;
    return new SigningError("SIGNING_FAILED", message);
  }
  return explainAgentFailure(file, environment);
}

async function explainAgentFailure(file: KeyFile, environment: Environment): Promise<SigningError> {
  const { exitCode, stdout } = await runSshTool("ssh-add", ["-L"], { environment, stderr: "ignore" });
  const [type = "", base64 = ""] = file.text.trim().split(/[ \t]+/);
  if (exitCode > 1) {
    const message = `${file.path} is a public key, and no SSH agent answers (SSH_AUTH_SOCK); start one, or give the private key's file`;
    return new SigningError("AGENT_UNREACHABLE", message);
  }
  if (exitCode === 1 || !stdout.toString("utf8").includes(`${type} ${base64}`)) {
    const message = `the SSH agent does not hold the key ${file.path}; add it with: ssh-add ${file.path.replace(/\.pub$/, "")}`;
    return new SigningError("AGENT_KEY_MISSING", message);
  }
  return new SigningError(
    "SIGNING_FAILED",
    `the SSH agent would not sign with ${file.path}: declined, or its key was removed`,
  );
}
