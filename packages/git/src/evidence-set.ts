// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { isObjectId, type ObjectId, type RefName, type Sha256 } from "@countersign/core/ids";
import { type EvidenceProblem, readEvidenceTree } from "./evidence-tree.ts";
import { type ReadObject, readObjects } from "./read-objects.ts";
import { readRef } from "./refs.ts";
import type { Repository } from "./types.ts";

/** Sign-offs, amendments, revocations: DSSE envelopes. */
export const EVIDENCE_REF: RefName = "refs/countersign/evidence";
/** Who pushed what, written by a server. */
export const PUSHES_REF: RefName = "refs/countersign/pushes";
export const MAX_ENVELOPE_BYTES = 1024 * 1024;

/** A content-addressed set of envelopes as found, and everything about it that is not sound. */
export interface EvidenceSet {
  readonly envelopes: ReadonlyMap<Sha256, Uint8Array>;
  readonly problems: readonly EvidenceProblem[];
  /** The commits that were read. */
  readonly tips: readonly ObjectId[];
}

/**
 * Union of the sets at the given refs or commits; a ref that does not exist holds nothing. Every envelope's bytes hash to
 * its key; whatever does not is in `problems`. A caller that decides must look at both.
 */
export async function readEvidenceSet(
  repo: Repository,
  sources: readonly (RefName | ObjectId)[] = [EVIDENCE_REF],
): Promise<EvidenceSet> {
  const found = await Promise.all(
    sources.map((source) => (isObjectId(source) ? source : readRef(repo, source))),
  );
  const tips = [...new Set(found.filter((id) => id !== undefined))];
  const problems: EvidenceProblem[] = [];
  const wanted = new Map<ObjectId, { readonly name: Sha256; readonly commit: ObjectId }[]>();
  for (const commit of tips) {
    const tree = await readEvidenceTree(repo, commit);
    problems.push(...tree.problems);
    for (const [name, blob] of tree.entries) {
      const claims = wanted.get(blob) ?? [];
      if (claims.length === 0) wanted.set(blob, claims);
      if (!claims.some((claim) => claim.name === name)) claims.push({ name, commit });
    }
  }
  const envelopes = new Map<Sha256, Uint8Array>();
  for await (const blob of readObjects(repo, [...wanted.keys()], { maxBytes: MAX_ENVELOPE_BYTES })) {
    for (const { name, commit } of wanted.get(blob.id) ?? []) {
      const problem = findProblem(name, blob);
      if (problem !== undefined) problems.push({ ...problem, path: pathOf(name), commit });
      else if (blob.status === "read") envelopes.set(name, blob.bytes);
    }
  }
  return { envelopes, problems, tips };
}

function findProblem(name: Sha256, blob: ReadObject): Pick<EvidenceProblem, "code" | "message"> | undefined {
  const path = pathOf(name);
  if (blob.status === "missing") {
    return { code: "missing", message: `${path} is not in this clone; fetch the evidence again` };
  }
  if (blob.status === "too-large") {
    return { code: "too-large", message: `${path} has ${blob.size} bytes, more than ${MAX_ENVELOPE_BYTES}` };
  }
  if (sha256Of(blob.bytes) === name) return undefined;
  return { code: "corrupt", message: `${path} does not hash to its name; it was altered or damaged` };
}

function pathOf(name: Sha256): string {
  return `${name.slice(0, 2)}/${name}.json`;
}

/** Name of an envelope in the set. */
export function sha256Of(bytes: Uint8Array): Sha256 {
  return createHash("sha256").update(bytes).digest("hex");
}
