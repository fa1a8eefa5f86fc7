// SPDX-License-Identifier: Apache-2.0
import { open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parsePublicKey, type SshPublicKey } from "@countersign/core/attestation";
import { CoreError } from "@countersign/core/ids";
import { runSshTool } from "./run-ssh-tool.ts";
import { SigningError } from "./signing-error.ts";
import type { Environment } from "./ssh-environment.ts";

/** Where a key is and what its file holds; a public key's private half is in an agent or beside it. */
export interface KeyFile {
  readonly path: string;
  readonly holds: "private" | "public";
  readonly text: string;
}

const MOST_BYTES = 65_536;
const PRIVATE = /^-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/m;
const GROUP_AND_OTHERS = 0o077;

/** Throws SigningError KEY_NOT_FOUND, KEY_UNREADABLE or KEY_PERMISSIONS; says what would make the file usable. */
export async function readKeyFile(keyPath: string): Promise<KeyFile> {
  const path = resolve(keyPath);
  const text = await readStart(path);
  if (!PRIVATE.test(text)) return { path, holds: "public", text };
  await refuseOpenPermissions(path);
  return { path, holds: "private", text };
}

/**
 * The public key of a key file: the file itself where it is public; else `KEY.pub`; else what ssh-keygen derives from
 * the private key, which may ask for its passphrase. Which key really signed is checked again after signing, because a
 * stale `KEY.pub` beside another private key is common.
 */
export async function readPublicKey(
  keyPath: string,
  environment: Environment = process.env,
): Promise<SshPublicKey> {
  const file = await readKeyFile(keyPath);
  if (file.holds === "public") return parseKeyText(file.text, file.path);
  const beside = await readStart(`${file.path}.pub`).catch(() => undefined);
  if (beside !== undefined) return parseKeyText(beside, `${file.path}.pub`);
  const run = await runSshTool("ssh-keygen", ["-y", "-f", file.path], { environment, stderr: "inherit" });
  if (run.exitCode !== 0) {
    throw new SigningError(
      "KEY_UNREADABLE",
      `ssh-keygen could not read ${file.path}: a wrong passphrase, or not an SSH key`,
    );
  }
  return parseKeyText(run.stdout.toString("utf8"), file.path);
}

function parseKeyText(text: string, path: string): SshPublicKey {
  try {
    return parsePublicKey(text.trim());
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new SigningError("KEY_UNREADABLE", `${path}: ${cause.message}`, { cause });
  }
}

async function readStart(path: string): Promise<string> {
  const file = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    throw toReadError(path, cause);
  });
  try {
    if (!(await file.stat()).isFile()) throw new SigningError("KEY_UNREADABLE", `${path} is not a file`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

function toReadError(path: string, cause: NodeJS.ErrnoException): SigningError {
  if (cause.code === "ENOENT" || cause.code === "ENOTDIR") {
    const message = `no key at ${path}. Give the file of a private key, or the .pub file of a key that your agent holds; make one with: ssh-keygen -t ed25519`;
    return new SigningError("KEY_NOT_FOUND", message, { cause });
  }
  return new SigningError("KEY_UNREADABLE", `cannot read ${path} (${cause.code ?? cause.message})`, {
    cause,
  });
}

/** ssh-keygen refuses such a file too, but only after a page of at-signs. */
async function refuseOpenPermissions(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const { mode, uid } = await stat(path);
  if (uid === process.getuid?.() && (mode & GROUP_AND_OTHERS) !== 0) {
    const shown = (mode & 0o777).toString(8).padStart(4, "0");
    throw new SigningError(
      "KEY_PERMISSIONS",
      `others can read the private key ${path} (mode ${shown}); run: chmod 600 ${path}`,
    );
  }
}
