// SPDX-License-Identifier: Apache-2.0
import { buildCommand, numberParser } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { parseText } from "../common-flags.ts";
import { UsageError } from "../exit-code.ts";
import type { ServeFlags } from "../serve/serve-flags.ts";
import { DEPLOY_FLAGS } from "./deploy-parameters.ts";

const text = { kind: "parsed", parse: parseText } as const;
const { commit: _commit, artifact: _artifact, since: _since, ...CHECK_FLAGS } = DEPLOY_FLAGS;

function parsePort(given: string): number {
  const port = numberParser(given);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new UsageError("expected a port from 0 (any free one) to 65535");
}

function parseSeconds(given: string): number {
  const seconds = numberParser(given);
  if (seconds > 0 && seconds <= 30) return seconds;
  throw new UsageError("expected seconds, at most 30, and less than the webhook's timeoutSeconds");
}

export const serveCommand = buildCommand<ServeFlags, [], CliContext>({
  loader: lazily(async () => (await import("../serve/run-serve.ts")).runServe),
  parameters: {
    flags: {
      ...CHECK_FLAGS,
      provenance: {
        ...CHECK_FLAGS.provenance,
        placeholder: "PATH",
        brief: "Signed SLSA provenance: a file, or a folder of files whose names hold their image's digest",
      },
      admission: {
        kind: "boolean",
        brief: "Answer a Kubernetes API server's reviews at /admit",
        default: false,
        withNegated: false,
      },
      runTask: {
        kind: "boolean",
        brief: "Answer a run task of HCP Terraform or Terraform Enterprise at /run-task",
        default: false,
        withNegated: false,
      },
      cert: { ...text, placeholder: "FILE", brief: "Certificate chain, PEM; read again every minute" },
      key: { ...text, placeholder: "FILE", brief: "Its private key, PEM" },
      clientCa: {
        ...text,
        optional: true,
        placeholder: "FILE",
        brief: "Take calls only from those with a certificate of this authority",
      },
      host: { ...text, placeholder: "ADDRESS", brief: "Address to listen on", default: "127.0.0.1" },
      port: {
        kind: "parsed",
        parse: parsePort,
        placeholder: "PORT",
        brief: "Port to listen on",
        default: "8443",
      },
      timeout: {
        kind: "parsed",
        parse: parseSeconds,
        placeholder: "SECONDS",
        brief: "After so long without an answer the answer is no",
        default: "4",
      },
      ownNamespace: {
        ...text,
        placeholder: "NAME",
        brief: "Namespace of this server, in which nothing is judged",
        default: "countersign",
      },
      foreign: {
        ...text,
        optional: true,
        variadic: true,
        placeholder: "PREFIX",
        brief: "Images of others, let in without a look, such as registry.example/mesh; may be given again",
      },
      runTaskKey: {
        ...text,
        optional: true,
        placeholder: "FILE",
        brief: "HMAC key that the run task was made with",
      },
      callbackHost: {
        ...text,
        optional: true,
        variadic: true,
        placeholder: "HOST",
        brief: "Where a run's answer may go (default: app.terraform.io); may be given again",
      },
    },
  },
  docs: {
    brief: "Doors that others call: a Kubernetes admission webhook, a Terraform run task",
    fullDescription: [
      "Answers with what countersign deploy check says: --admission of the images that an object would start, --run-task of the commit of a",
      "run. What it cannot judge, or not in time, is refused. It reads the repository, the evidence and the images' manifests anew for each",
      "answer, so keep them fetched; it writes nothing. One line of JSON for each answer goes to stdout. docs/doors.md has the other side.",
      "",
      "EXAMPLES",
      "  countersign serve --admission --environment production --target refs/heads/main --oci ./images \\",
      "    --cert tls.crt --key tls.key --host 0.0.0.0",
      "  countersign serve --run-task --environment production --target refs/heads/main --run-task-key hmac.key --cert tls.crt --key tls.key",
    ].join("\n"),
  },
});
