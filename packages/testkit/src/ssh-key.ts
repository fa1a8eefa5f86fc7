// SPDX-License-Identifier: Apache-2.0
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";
import { testEnvironment } from "./test-environment.ts";

export interface SshKey extends AsyncDisposable {
  readonly privateKeyPath: string;
  readonly publicKeyPath: string;
  /** One line: type, base64, comment. */
  readonly publicKey: string;
  readonly remove: () => Promise<void>;
}

/** A fresh key pair made by ssh-keygen, without a passphrase unless one is given. */
export async function createSshKey(
  name: string,
  type: "ed25519" | "ecdsa" | "rsa" = "ed25519",
  passphrase = "",
): Promise<SshKey> {
  const folder = await createTemporaryFolder("countersign-key");
  const privateKeyPath = join(folder.path, "key");
  const args = ["-q", "-t", type, "-N", passphrase, "-C", name, "-f", privateKeyPath];
  await run("ssh-keygen", args, { cwd: folder.path, environment: testEnvironment() });
  await chmod(privateKeyPath, 0o600);
  const publicKeyPath = `${privateKeyPath}.pub`;
  const publicKey = (await readFile(publicKeyPath, "utf8")).trim();
  return {
    privateKeyPath,
    publicKeyPath,
    publicKey,
    remove: folder.remove,
    [Symbol.asyncDispose]: folder.remove,
  };
}
