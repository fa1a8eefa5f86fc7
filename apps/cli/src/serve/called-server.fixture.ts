// SPDX-License-Identifier: Apache-2.0
import "reflect-metadata";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, KeyObject } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { testEnvironment } from "@countersign/testkit";
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from "@peculiar/x509";
import { BUNDLE } from "../command.fixture.ts";

export interface CalledServer {
  readonly port: number;
  readonly child: ChildProcess;
  /** What it wrote for each answer. */
  readonly log: () => readonly Record<string, unknown>[];
  readonly call: (body: string | Uint8Array, options?: CallOptions) => Promise<Called>;
  readonly stop: () => Promise<number | null>;
}

export interface CallOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Called {
  readonly status: number;
  readonly text: string;
}

/** A certificate for this machine alone. */
export async function createCertificate(
  folder: string,
): Promise<{ readonly cert: string; readonly key: string }> {
  const signingAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"]);
  const extensions = [new SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }])];
  const made = { name: "CN=127.0.0.1", keys, signingAlgorithm, extensions };
  const certificate = await X509CertificateGenerator.createSelfSigned(made);
  const secret = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  const [cert, key] = [join(folder, "tls.crt"), join(folder, "tls.key")];
  await writeFile(cert, certificate.toString("pem"));
  await writeFile(key, secret);
  return { cert, key };
}

/** Starts the built program, and waits until it listens. */
export async function startServer(cwd: string, args: readonly string[], cert: string): Promise<CalledServer> {
  const child = spawn(process.execPath, [BUNDLE, "serve", ...args, "--port", "0"], {
    cwd,
    // The certificate is its own authority, for calls in both directions.
    env: testEnvironment({ NODE_EXTRA_CA_CERTS: cert }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const port = await new Promise<number>((resolve, reject) => {
    child.once("exit", () => reject(new Error(stderr)));
    child.stderr.on("data", () => {
      const found = /listening on https:\/\/127\.0\.0\.1:(\d+)/.exec(stderr)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  const ca = readFileSync(cert);
  return {
    port,
    child,
    log: () =>
      stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
    call: (body, options = {}) => send({ port, ca }, body, options),
    stop: async () => {
      child.kill("SIGTERM");
      return (await once(child, "exit"))[0];
    },
  };
}

function send(
  { port, ca }: { readonly port: number; readonly ca: Buffer },
  body: string | Uint8Array,
  { method = "POST", path = "/admit", headers = {} }: CallOptions,
): Promise<Called> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: "127.0.0.1",
        port,
        ca,
        method,
        path,
        headers: { "content-type": "application/json", ...headers },
      },
      (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    // A server that takes no more answers before everything is written.
    call.on("error", reject);
    call.end(body);
  });
}

/** A layout as `docker buildx build --output type=oci` writes one, with this commit in the image's labels. */
export async function addImage(layout: string, revision: string): Promise<string> {
  await mkdir(join(layout, "blobs/sha256"), { recursive: true });
  const put = async (value: object): Promise<string> => {
    const text = JSON.stringify(value);
    const digest = createHash("sha256").update(text).digest("hex");
    await writeFile(join(layout, "blobs/sha256", digest), text);
    return digest;
  };
  await writeFile(join(layout, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  const config = await put({ config: { Labels: { "org.opencontainers.image.revision": revision } } });
  return await put({ schemaVersion: 2, config: { digest: `sha256:${config}` }, layers: [] });
}
