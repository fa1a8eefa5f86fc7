// SPDX-License-Identifier: Apache-2.0
import { type MachineSigningKey, readMachineKey, SigningError } from "@countersign/signing";
import type { CliContext } from "../cli-context.ts";
import { UsageError } from "../exit-code.ts";
import { resolveKeyPath } from "./resolve-key-path.ts";

/** The key behind `--machine-key`; whatever is wrong with it can be mended by whoever called. Throws UsageError. */
export async function readMachineKeyFlag(
  context: CliContext,
  path: string | undefined,
): Promise<MachineSigningKey> {
  if (path === undefined || path === "") {
    throw new UsageError(
      "a machine signs this: give its key with --machine-key FILE; make one with: openssl genpkey -algorithm ed25519 -out ci.pem && chmod 600 ci.pem",
    );
  }
  try {
    return await readMachineKey(resolveKeyPath(context, path));
  } catch (cause) {
    if (cause instanceof SigningError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}
