// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";

/** A real kube-apiserver on an etcd of its own, without a kubelet: objects are admitted and stored, and nothing is started. */
export interface ApiServer {
  /** Status code and what was said, which is the object or a Status. */
  readonly send: (method: string, path: string, body?: object) => Promise<ApiAnswer>;
  readonly auditLog: () => readonly { readonly annotations?: Readonly<Record<string, string>> }[];
  readonly stop: () => Promise<void>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: { readonly message?: string };
  readonly warnings: string;
}

const TOKEN = "token-of-the-test";

export async function startApiServer(binary: string, folder: string): Promise<ApiServer> {
  await mkdir(folder, { recursive: true });
  const [etcdPort, peerPort, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const at = (one: number) => `http://127.0.0.1:${one}`;
  const etcd = start("etcd", [
    ...["--data-dir", join(folder, "etcd")],
    ...["--listen-client-urls", at(etcdPort), "--advertise-client-urls", at(etcdPort)],
    ...["--listen-peer-urls", at(peerPort), "--initial-advertise-peer-urls", at(peerPort)],
    ...["--initial-cluster", `default=${at(peerPort)}`],
  ]);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = join(folder, "sa.key");
  await writeFile(key, privateKey.export({ type: "pkcs1", format: "pem" }));
  await writeFile(join(folder, "tokens.csv"), `${TOKEN},admin,1,system:masters\n`);
  await writeFile(join(folder, "audit.yaml"), AUDIT);
  const apiserver = start(binary, [
    `--etcd-servers=${at(etcdPort)}`,
    ...["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", `--secure-port=${port}`],
    `--cert-dir=${join(folder, "certs")}`,
    ...["--service-account-issuer=https://kubernetes.default.svc", `--service-account-key-file=${key}`],
    ...[`--service-account-signing-key-file=${key}`, `--token-auth-file=${join(folder, "tokens.csv")}`],
    ...["--authorization-mode=RBAC", "--service-cluster-ip-range=10.0.0.0/24"],
    ...["--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none"],
    `--audit-policy-file=${join(folder, "audit.yaml")}`,
    `--audit-log-path=${join(folder, "audit.log")}`,
  ]);
  const send = (method: string, path: string, body?: object) => call(port, method, path, body);
  while ((await send("GET", "/readyz").catch(() => undefined))?.status !== 200) {
    if (apiserver.exitCode !== null) throw new Error(`${binary} ended with ${apiserver.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    send,
    auditLog: () =>
      readFileSync(join(folder, "audit.log"), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
    stop: async () => {
      for (const child of [apiserver, etcd]) await end(child);
    },
  };
}

const AUDIT = "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{ level: Metadata }]\n";

function start(program: string, args: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: "ignore" });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

function call(port: number, method: string, path: string, body?: object): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    // Its certificate is made at its start, for this machine's loopback alone.
    const options = { host: "127.0.0.1", port, method, path, headers, rejectUnauthorized: false };
    const sent = request(options, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => {
        const isJson = text.startsWith("{");
        const warnings = [response.headers.warning ?? ""].flat().join("\n");
        resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : {}, warnings });
      });
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
