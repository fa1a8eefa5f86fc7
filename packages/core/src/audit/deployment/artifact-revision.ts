// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, type Sha256, toText } from "../../ids/index.ts";

/** Where an image says from which commit it was built (OCI image specification, annotations). */
export const REVISION_LABEL = "org.opencontainers.image.revision";

/** What the parts of an image say, or why that cannot be told. */
export type RevisionAnswer =
  | { readonly status: "found"; readonly commit: ObjectId }
  /** The image says something that is not one commit: a lie, a mistake, or a dirty tree. */
  | { readonly status: "unusable"; readonly reason: string }
  /** A part that may say something is not here. */
  | { readonly status: "missing"; readonly reason: string };

/** Bytes of a manifest, index or configuration by digest; already held against it. Undefined where they are not here. */
export type FindBlob = (digest: Sha256) => Uint8Array | undefined;

const MOST_MANIFESTS = 100;
const MOST_DEPTH = 3;

/**
 * The commit that an image names: its manifest's annotations and its configuration's labels, and for an index those of every
 * platform. All that say anything must say the same. Names of images and their tags play no part: a tag can be moved.
 */
export function findImageRevision(digest: Sha256, findBlob: FindBlob): RevisionAnswer {
  const claims = new Set<string>();
  const problem = collect(digest, findBlob, claims, MOST_DEPTH);
  if (problem !== undefined) return problem;
  const [claim, ...others] = claims;
  const shown = [...claims].map((one) => JSON.stringify(one.slice(0, 80))).join(" and ");
  if (claim === undefined) return unusable(`it names no commit; build it with the label ${REVISION_LABEL}`);
  if (others.length > 0) return unusable(`its parts name different commits: ${shown}`);
  if (/dirty|modified/i.test(claim))
    return unusable(`it was built from a tree with changes that nobody committed (${shown})`);
  if (!isObjectId(claim))
    return unusable(
      `it names ${shown}, expected a full commit id: a branch or a short id can mean something else tomorrow`,
    );
  return { status: "found", commit: claim };
}

function unusable(reason: string): RevisionAnswer {
  return { status: "unusable", reason };
}

interface Part {
  readonly annotations?: unknown;
  readonly manifests?: unknown;
  readonly config?: unknown;
}

function collect(
  digest: Sha256,
  findBlob: FindBlob,
  claims: Set<string>,
  depth: number,
): RevisionAnswer | undefined {
  const bytes = findBlob(digest);
  if (bytes === undefined)
    return { status: "missing", reason: `sha256:${digest.slice(0, 12)}… is not here; give the whole layout` };
  const part = readPart(bytes);
  if (part === undefined) return unusable(`sha256:${digest.slice(0, 12)}… is no manifest: not a JSON object`);
  addClaim(claims, part.annotations);
  if (Array.isArray(part.manifests)) return collectIndex(part.manifests, findBlob, claims, depth);
  const config = toDigest(part.config);
  if (config === undefined)
    return unusable(`sha256:${digest.slice(0, 12)}… is neither an image's manifest nor an index`);
  const own = findBlob(config);
  // Annotations may say it already, but labels that say otherwise must not go unseen.
  if (own === undefined)
    return { status: "missing", reason: `the configuration sha256:${config.slice(0, 12)}… is not here` };
  const labels = readPart(own)?.config;
  if (typeof labels === "object" && labels !== null && "Labels" in labels) addClaim(claims, labels.Labels);
  return undefined;
}

function collectIndex(
  manifests: readonly unknown[],
  findBlob: FindBlob,
  claims: Set<string>,
  depth: number,
): RevisionAnswer | undefined {
  if (depth === 0 || manifests.length > MOST_MANIFESTS) return unusable("its index is too deep or too long");
  const images = manifests.filter((entry) => !isAttestation(entry));
  if (images.length === 0) return unusable("its index holds no image");
  for (const entry of images) {
    const digest = toDigest(entry);
    if (digest === undefined) return unusable("its index names an image without a sha256 digest");
    const problem = collect(digest, findBlob, claims, depth - 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** BuildKit puts attestations into the index as images of an unknown platform; nothing of them ever runs. */
function isAttestation(entry: unknown): boolean {
  const { annotations } = (entry ?? {}) as { readonly annotations?: Readonly<Record<string, unknown>> };
  return annotations?.["vnd.docker.reference.type"] === "attestation-manifest";
}

function addClaim(claims: Set<string>, labels: unknown): void {
  if (typeof labels !== "object" || labels === null || !Object.hasOwn(labels, REVISION_LABEL)) return;
  claims.add(String((labels as Readonly<Record<string, unknown>>)[REVISION_LABEL]));
}

function toDigest(descriptor: unknown): Sha256 | undefined {
  const { digest } = (descriptor ?? {}) as { readonly digest?: unknown };
  return typeof digest === "string" ? /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] : undefined;
}

function readPart(bytes: Uint8Array): (Part & { readonly config?: unknown }) | undefined {
  try {
    const value: unknown = JSON.parse(toText(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
