// SPDX-License-Identifier: Apache-2.0
import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type DeployRequest, openBlobs } from "@countersign/audit";
import { type DeployedArtifact, MOST_ARTIFACTS } from "@countersign/core/attestation";
import { parseRefName } from "@countersign/core/ids";
import { displayText } from "@countersign/core/render";
import { DECIDING_REFS } from "@countersign/gate";
import { fetchedEvidence, snapshotRefs } from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { requireCommit } from "../doors/change-flags.ts";
import { UsageError } from "../exit-code.ts";
import { toLedgerPlace } from "../ledger/ledger-place.ts";
import { openRecorded } from "../open-recorded.ts";

export type DeployFlags = CommonFlags & {
  readonly environment: string;
  readonly target: string;
  readonly commit?: string;
  readonly artifact?: readonly string[];
  readonly oci?: readonly string[];
  readonly blob?: readonly string[];
  readonly provenance?: readonly string[];
  readonly since?: string;
  readonly ledger?: string;
};

const ENVIRONMENT = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** Turns what a person typed into a question. Throws UsageError. */
export async function readDeployFlags(
  context: CliContext,
  flags: Omit<DeployFlags, "json">,
): Promise<DeployRequest> {
  if (!ENVIRONMENT.test(flags.environment)) {
    const shown = JSON.stringify(flags.environment);
    throw new UsageError(
      `--environment ${shown}: expected lower-case letters, digits, ".", "_" and "-", such as production`,
    );
  }
  const target = parseRefName(flags.target);
  const artifacts = toArtifacts(flags.artifact ?? []);
  if (flags.commit === undefined && artifacts.length === 0)
    throw new UsageError(
      "say what is deployed: --commit COMMIT, or --artifact NAME@sha256:DIGEST with --oci or --provenance",
    );
  const live = await openRecorded(context, repoDirectory(context, flags));
  const repository = await snapshotRefs(live, DECIDING_REFS);
  const paths = (names: readonly string[] = []) => names.map((name) => toPath(context, name));
  return {
    repository,
    environment: flags.environment,
    target,
    commit: flags.commit === undefined ? null : await requireCommit(repository, "--commit", flags.commit),
    artifacts,
    findBlob: await readBlobs(paths(flags.oci), paths(flags.blob)),
    provenance: await Promise.all(paths(flags.provenance).map((path) => readGiven("--provenance", path))),
    since: flags.since === undefined ? null : await requireCommit(repository, "--since", flags.since),
    now: Math.floor(Date.now() / 1000),
    evidence: await fetchedEvidence(repository),
    ledgerDir: flags.ledger === undefined ? undefined : toLedgerPlace(context, flags.ledger),
  };
}

const ARTIFACT = /^([\x21-\x7e]{1,200})@sha256:([0-9a-f]{64})$/;

/** A tag can be moved between the check and the deployment, so only a digest names an artifact (T55). */
function toArtifacts(values: readonly string[]): readonly DeployedArtifact[] {
  if (values.length > MOST_ARTIFACTS)
    throw new UsageError(
      `${values.length} artifacts are more than one record holds (${MOST_ARTIFACTS}); give an index that names them`,
    );
  return values.map((value) => {
    const [, name, sha256] = ARTIFACT.exec(value) ?? [];
    if (name !== undefined && sha256 !== undefined) return { name, digest: { sha256 } };
    const shown = JSON.stringify(displayText(value, 200));
    throw new UsageError(
      `--artifact ${shown}: expected NAME@sha256:DIGEST with 64 hex characters; a tag can be moved to something else, so it is no name for what is deployed`,
    );
  });
}

function toPath({ host }: CliContext, path: string): string {
  return resolve(host.env.COUNTERSIGN_CWD ?? host.cwd(), path);
}

async function readBlobs(
  layouts: readonly string[],
  files: readonly string[],
): Promise<DeployRequest["findBlob"]> {
  for (const layout of layouts) {
    const marker = await stat(join(layout, "oci-layout")).catch(() => undefined);
    if (marker === undefined)
      throw new UsageError(
        `--oci ${displayText(layout, 500)}: no OCI image layout; expected a folder with the file oci-layout and blobs/sha256`,
      );
  }
  for (const file of files) await readGiven("--blob", file);
  return openBlobs(layouts, files);
}

const MOST_BYTES = 4 * 1024 * 1024;

async function readGiven(flag: string, path: string): Promise<Uint8Array> {
  const shown = displayText(path, 500);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${flag} ${shown} cannot be read (${cause.code})`, { cause });
  });
  if (bytes.length <= MOST_BYTES) return bytes;
  throw new UsageError(
    `${flag} ${shown} has ${bytes.length} bytes, more than ${MOST_BYTES}; that is no manifest and no envelope`,
  );
}
