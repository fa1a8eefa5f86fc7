// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import type { RawStatement } from "../../attestation/index.ts";
import { isObjectId, type Sha256 } from "../../ids/index.ts";
import type { RevisionAnswer } from "./artifact-revision.ts";

export const PROVENANCE_PREDICATE_TYPE = "https://slsa.dev/provenance/v1";

// SLSA lets readers ignore what they do not know; what is read here is checked.
const provenanceSchema = z.looseObject({
  buildDefinition: z.looseObject({
    resolvedDependencies: z
      .array(
        z.looseObject({
          uri: z.string().max(4096).optional(),
          digest: z.record(z.string(), z.string().max(512)).optional(),
        }),
      )
      .max(10_000),
  }),
});

/** Whether a statement is SLSA provenance of an artifact. */
export function isProvenanceOf({ predicateType, subject }: RawStatement, digest: Sha256): boolean {
  return predicateType === PROVENANCE_PREDICATE_TYPE && subject.some((one) => one.digest.sha256 === digest);
}

/**
 * The commit from which provenance says that something was built: of the dependencies with a `gitCommit` the one of this
 * repository; where the policy names no repository, the only one there is.
 */
export function findProvenanceRevision({ predicate }: RawStatement, repository: string): RevisionAnswer {
  const parsed = provenanceSchema.safeParse(predicate);
  if (!parsed.success) return unusable("its provenance lists no resolved dependencies");
  const sources = parsed.data.buildDefinition.resolvedDependencies.flatMap(({ uri, digest }) => {
    const commit = digest?.gitCommit ?? digest?.sha1;
    return commit === undefined || uri === undefined ? [] : [{ uri: toRepository(uri), commit }];
  });
  const own = repository === "" ? sources : sources.filter(({ uri }) => uri === toRepository(repository));
  const commits = [...new Set(own.map(({ commit }) => commit))];
  const [commit, ...others] = commits;
  if (commit === undefined)
    return unusable(`its provenance names no commit of ${repository || "any repository"}`);
  if (others.length > 0)
    return unusable(`its provenance names several commits: ${commits.join(", ").slice(0, 200)}`);
  if (!isObjectId(commit))
    return unusable(`its provenance names ${JSON.stringify(commit.slice(0, 80))}, expected a full commit id`);
  return { status: "found", commit };
}

/** `git+https://host/team/project.git@refs/heads/main` and `https://host/team/project` are one repository. */
function toRepository(uri: string): string {
  const plain = uri.replace(/^git\+/, "").replace(/@refs\/.*$|#.*$/, "");
  return plain.replace(/\/$/, "").replace(/\.git$/, "");
}

function unusable(reason: string): RevisionAnswer {
  return { status: "unusable", reason };
}
