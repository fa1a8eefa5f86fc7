// SPDX-License-Identifier: Apache-2.0
import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  formatMachineEnvelope,
  formatRawStatement,
  parseMachineEnvelope,
  type RawStatement,
} from "@countersign/core/attestation";
import { toUtf8 } from "@countersign/core/ids";
import { bundleToJSON } from "@sigstore/bundle";
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog, rekorHandler } from "@sigstore/mock";
import { DSSEBundleBuilder, FulcioSigner, RekorWitness } from "@sigstore/sign";

// A Sigstore of one's own on the loopback, with real cryptography: authority, certificate log and transparency log. No product
// code imports this file.

export interface TestSigstore extends AsyncDisposable {
  /** What a verifier needs: the instance's `trusted_root.json`. */
  readonly trustedRoot: Uint8Array;
  /** Signs as a pipeline does: with a certificate that names whoever the token names. Returns the envelope in canonical form. */
  readonly sign: (statement: RawStatement, identity: TestIdentity) => Promise<Uint8Array>;
}

export interface TestIdentity {
  readonly issuer: string;
  readonly subject: string;
}

const newKey = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

export async function createTestSigstore(): Promise<TestSigstore> {
  const ctlog = await initializeCTLog(newKey());
  const ca = await initializeCA(newKey(), ctlog);
  const tlog = await initializeTLog("https://rekor.example", newKey());
  const handlers = [fulcioHandler(ca), rekorHandler(tlog)];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const handler = handlers.find(({ path }) => path === request.url);
      const answer = await handler?.fn(Buffer.concat(chunks).toString("utf8"));
      response.writeHead(answer?.statusCode ?? 404, { "content-type": answer?.contentType ?? "text/plain" });
      response.end(answer?.response ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    trustedRoot: toTrustedRoot(ca.rootCertificate, ctlog, tlog.publicKey),
    sign: (statement, identity) => sign(url, statement, identity),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function sign(
  url: string,
  statement: RawStatement,
  { issuer, subject }: TestIdentity,
): Promise<Uint8Array> {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "none" })}.${part({ iss: issuer, sub: subject, aud: "sigstore" })}.x`;
  const builder = new DSSEBundleBuilder({
    signer: new FulcioSigner({ fulcioBaseURL: url, identityProvider: { getToken: async () => token } }),
    witnesses: [new RekorWitness({ rekorBaseURL: url, entryType: "intoto" })],
  });
  const bundle = await builder.create({
    data: Buffer.from(formatRawStatement(statement)),
    type: "application/vnd.in-toto+json",
  });
  return formatMachineEnvelope(parseMachineEnvelope(toUtf8(JSON.stringify(bundleToJSON(bundle)))));
}

function toTrustedRoot(
  certificate: ArrayBufferView,
  ctlog: { readonly publicKey: Buffer; readonly logID: ArrayBufferView },
  tlogKey: Buffer,
): Uint8Array {
  const base64 = (bytes: ArrayBufferView): string =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  const validFor = { start: "2020-01-01T00:00:00Z" };
  // A verifier looks for the name that signed a checkpoint in the log's address.
  const toLog = (key: Buffer, keyId: string) => ({
    baseUrl: "https://rekor.example",
    hashAlgorithm: "SHA2_256",
    publicKey: { rawBytes: base64(key), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId },
  });
  const root = {
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [toLog(tlogKey, createHash("sha256").update(tlogKey).digest("base64"))],
    certificateAuthorities: [
      {
        subject: { organization: "example", commonName: "sigstore" },
        uri: "https://fulcio.example",
        certChain: { certificates: [{ rawBytes: base64(certificate) }] },
        validFor,
      },
    ],
    ctlogs: [toLog(ctlog.publicKey, base64(ctlog.logID))],
    timestampAuthorities: [],
  };
  return toUtf8(JSON.stringify(root));
}
