// SPDX-License-Identifier: Apache-2.0
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { checkDeployment } from "@countersign/audit";
import type { DeployedArtifact } from "@countersign/core/attestation";
import type { DeployReport } from "@countersign/core/audit";
import type { CliContext } from "../../cli-context.ts";
import { readDeployFlags } from "../../deploy/deploy-flags.ts";
import type { ServeFlags } from "../serve-flags.ts";

/**
 * What `deploy check` says of the image now: refs, evidence, layouts and provenance are read anew, so that a revocation counts with the
 * next pod.
 */
export async function judgeImage(
  context: CliContext,
  flags: ServeFlags,
  { name, digest }: DeployedArtifact,
): Promise<DeployReport> {
  const provenance = await findProvenance(flags.provenance ?? [], digest.sha256);
  const artifact = [`${name}@sha256:${digest.sha256}`];
  const { report } = await checkDeployment(
    await readDeployFlags(context, { ...flags, artifact, provenance }),
  );
  return report;
}

/** Of a folder those files whose name holds the digest: what is about other images would have to be read for each of them. */
async function findProvenance(paths: readonly string[], sha256: string): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
      if (!isFolder) return [path];
      const names = await readdir(path);
      return names.filter((name) => name.includes(sha256)).map((name) => join(path, name));
    }),
  );
  return found.flat();
}
