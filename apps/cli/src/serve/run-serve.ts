// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { resolve } from "node:path";
import type { DeployedArtifact } from "@countersign/core/attestation";
import type { CliContext } from "../cli-context.ts";
import { readDeployFlags } from "../deploy/deploy-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { answerReview } from "./admission/answer-review.ts";
import { judgeImage } from "./admission/judge-image.ts";
import { shareWork } from "./admission/share-work.ts";
import { limitWork } from "./limit-work.ts";
import { type OpenServer, openServer } from "./open-server.ts";
import { type CertificateFiles, readCertificate } from "./read-certificate.ts";
import type { Route } from "./reply.ts";
import type { ServeFlags } from "./serve-flags.ts";

/** An empty one would be that of everything which has none. */
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** `countersign serve`: doors that others call, until a signal ends it. */
export async function runServe(context: CliContext, flags: ServeFlags): Promise<ExitCode> {
  if (!flags.admission) throw new UsageError("say what to serve: --admission");
  if (!NAMESPACE.test(flags.ownNamespace))
    throw new UsageError(
      `--own-namespace ${JSON.stringify(flags.ownNamespace)}: expected a namespace's name`,
    );
  const placed = withPaths(context, flags);
  await requireAnswerable(context, placed);
  const files = { cert: placed.cert, key: placed.key, ca: placed.clientCa };
  const server = await openServer({
    host: flags.host,
    port: flags.port,
    certificate: await readCertificate(files),
    routes: new Map([["/admit", toAdmission(context, placed)]]),
    warn: context.warn,
  });
  const renewal = renew(context, server, files);
  context.warn(`listening on https://${flags.host}:${server.port}`);
  await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  clearInterval(renewal);
  await server.close();
  return 0;
}

/** A server that could answer nothing should not start: the repository, the branch and the files are tried once. */
async function requireAnswerable(context: CliContext, flags: ServeFlags): Promise<void> {
  await readDeployFlags(context, {
    ...flags,
    artifact: [`countersign@sha256:${"0".repeat(64)}`],
    provenance: [],
  });
}

function toAdmission(context: CliContext, flags: ServeFlags): Route {
  const judge = shareWork(
    ({ name, digest }: DeployedArtifact) => `${name}@${digest.sha256}`,
    (artifact) => judgeImage(context, flags, artifact),
  );
  const admission = {
    environment: flags.environment,
    ownNamespace: flags.ownNamespace,
    foreign: flags.foreign ?? [],
    judge,
    limit: limitWork({ atOnce: 4, inLine: 64, wait: flags.timeout * 1000 }),
    log: (entry: Readonly<Record<string, unknown>>) => {
      context.host.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
    },
  };
  return ({ body }) => answerReview(admission, body);
}

/** Milliseconds. Certificates in a cluster are renewed under their name, without a signal. */
const RENEWAL = 60_000;

function renew(context: CliContext, server: OpenServer, files: CertificateFiles): NodeJS.Timeout {
  return setInterval(() => {
    readCertificate(files).then(server.useCertificate, (error: unknown) =>
      context.warn(`the certificate is not renewed: ${error instanceof Error ? error.message : error}`),
    );
  }, RENEWAL).unref();
}

/** Files are meant from where the person stands. */
function withPaths({ host }: CliContext, flags: ServeFlags): ServeFlags {
  const from = host.env.COUNTERSIGN_CWD ?? host.cwd();
  const { cert, key, clientCa, provenance } = flags;
  return {
    ...flags,
    cert: resolve(from, cert),
    key: resolve(from, key),
    ...(clientCa !== undefined && { clientCa: resolve(from, clientCa) }),
    ...(provenance !== undefined && { provenance: provenance.map((path) => resolve(from, path)) }),
  };
}
