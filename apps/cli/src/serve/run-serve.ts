// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import type { CliContext } from "../cli-context.ts";
import { readDeployFlags } from "../deploy/deploy-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { openAdmission } from "./admission/open-admission.ts";
import type { Door } from "./door.ts";
import { type OpenServer, openServer } from "./open-server.ts";
import { type CertificateFiles, readCertificate } from "./read-certificate.ts";
import { openRunTasks } from "./run-task/open-run-tasks.ts";
import { type ServeFlags, withPaths } from "./serve-flags.ts";

/** `countersign serve`: doors that others call, until a signal ends it. */
export async function runServe(context: CliContext, given: ServeFlags): Promise<ExitCode> {
  const flags = withPaths(context, given);
  const doors: Door[] = [
    ...(flags.admission ? [openAdmission(context, flags)] : []),
    ...(flags.runTask ? [await openRunTasks(context, flags)] : []),
  ];
  if (doors.length === 0) throw new UsageError("say what to serve: --admission, --run-task");
  await requireAnswerable(context, flags);
  const files = { cert: flags.cert, key: flags.key, ca: flags.clientCa };
  const server = await openServer({
    host: flags.host,
    port: flags.port,
    certificate: await readCertificate(files),
    routes: new Map(doors.map(({ path, route }) => [path, route])),
    warn: context.warn,
  });
  const renewal = renew(context, server, files);
  context.warn(`listening on https://${flags.host}:${server.port}`);
  await Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  clearInterval(renewal);
  await server.close();
  for (const { finish } of doors) await finish();
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

/** Milliseconds. Certificates in a cluster are renewed under their name, without a signal. */
const RENEWAL = 60_000;

function renew(context: CliContext, server: OpenServer, files: CertificateFiles): NodeJS.Timeout {
  return setInterval(() => {
    readCertificate(files).then(server.useCertificate, (error: unknown) =>
      context.warn(`the certificate is not renewed: ${error instanceof Error ? error.message : error}`),
    );
  }, RENEWAL).unref();
}
