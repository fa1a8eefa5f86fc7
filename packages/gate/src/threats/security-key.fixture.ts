// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import {
  formatEnvelope,
  formatRawStatement,
  parseSshsig,
  type RawStatement,
  toPreAuthEncoding,
} from "@countersign/core/attestation";

// A FIDO security key in software, packed by hand from OpenSSH's PROTOCOL.u2f and PROTOCOL.sshsig: ssh-keygen makes such
// keys only with hardware. No product code imports this file.

export interface SecurityKey {
  readonly publicKey: string;
  /** An envelope; `flags` bit 0 says that somebody touched the key. */
  readonly sign: (
    statement: RawStatement,
    options?: { readonly flags?: number; readonly namespace?: string },
  ) => Uint8Array;
}

export function createSecurityKey(application = "ssh:"): SecurityKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const point = Buffer.from(privateKey.export({ format: "jwk" }).x ?? "", "base64url");
  const type = "sk-ssh-ed25519@openssh.com";
  const blob = strings(type, point, application);
  return {
    publicKey: `${type} ${blob.toString("base64")}`,
    sign: (statement, { flags = 1, namespace = "countersign" } = {}) => {
      const payload = formatRawStatement(statement);
      const data = Buffer.concat([
        Buffer.from("SSHSIG"),
        strings(namespace, "", "sha512", createHash("sha512").update(toPreAuthEncoding(payload)).digest()),
      ]);
      const state = Buffer.concat([Buffer.of(flags), uint32(7)]);
      const signed = Buffer.concat([sha256(application), state, sha256(data)]);
      const signature = Buffer.concat([strings(type, sign(null, signed, privateKey)), state]);
      const sshsig = Buffer.concat([
        Buffer.from("SSHSIG"),
        uint32(1),
        strings(blob, namespace, "", "sha512", signature),
      ]);
      return formatEnvelope({ payload, sshsig: parseSshsig(sshsig) });
    },
  };
}

function strings(...fields: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const content = Buffer.from(field as Uint8Array);
      return [uint32(content.length), content];
    }),
  );
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}
