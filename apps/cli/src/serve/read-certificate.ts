// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { displayText } from "@countersign/core/render";
import { UsageError } from "../exit-code.ts";

/** PEM texts. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Who may call, by a certificate of their own; everybody where it is undefined. */
  readonly ca?: Buffer;
}

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string | undefined;
}

/** Throws UsageError where a file cannot be read, or certificate and key do not belong together. */
export async function readCertificate({ cert, key, ca }: CertificateFiles): Promise<Certificate> {
  const read = {
    cert: await readPem("--cert", cert),
    key: await readPem("--key", key),
    ...(ca !== undefined && { ca: await readPem("--client-ca", ca) }),
  };
  try {
    createSecureContext(read);
    return read;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(
      `--cert ${displayText(cert, 500)} and --key cannot be used together: ${displayText(why, 300)}`,
      { cause },
    );
  }
}

async function readPem(flag: string, path: string): Promise<Buffer> {
  return await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${flag} ${displayText(path, 500)} cannot be read (${cause.code})`, { cause });
  });
}
