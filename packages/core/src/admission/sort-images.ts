// SPDX-License-Identifier: Apache-2.0
import type { DeployedArtifact } from "../attestation/index.ts";

/** What is to be done about each image. */
export interface ImageSorting {
  /** To be judged, by digest. */
  readonly judged: readonly DeployedArtifact[];
  /** Of other people's, let in by their prefix. */
  readonly foreign: readonly string[];
  /** Why an image cannot even be judged. */
  readonly problems: readonly string[];
}

const BY_DIGEST = /^([\x21-\x3f\x41-\x7e]{1,200})@sha256:([0-9a-f]{64})$/;

/** A tag can be moved between this answer and the start of the pod, so only a digest names an image (T55). */
export function sortImages(images: readonly string[], foreignPrefixes: readonly string[]): ImageSorting {
  const judged: DeployedArtifact[] = [];
  const foreign: string[] = [];
  const problems: string[] = [];
  for (const image of images) {
    const [, name, sha256] = BY_DIGEST.exec(image) ?? [];
    if (foreignPrefixes.some((prefix) => isUnder(image, prefix))) foreign.push(image);
    else if (name !== undefined && sha256 !== undefined) judged.push({ name, digest: { sha256 } });
    else
      problems.push(
        `${JSON.stringify(image.slice(0, 200))} is named by no digest (NAME@sha256:…); a tag can be moved to something else`,
      );
  }
  return { judged, foreign, problems };
}

/**
 * `registry.example/base` holds `registry.example/base/nginx` and `registry.example/base:1`, not `registry.example/based`; and
 * `registry.example` holds nothing of `registry.example:5000`, which is whatever else listens on that host.
 */
function isUnder(image: string, prefix: string): boolean {
  if (!image.startsWith(prefix)) return false;
  return prefix.endsWith("/") || /^(?:$|\/|@|:[^/]*$)/.test(image.slice(prefix.length));
}
