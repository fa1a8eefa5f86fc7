// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, Sha256 } from "@countersign/core/ids";
import { findMissingObjects, missingObjects } from "./find-missing.ts";
import { GitError } from "./git-error.ts";
import { readTreeRows } from "./tree-rows.ts";
import type { Repository } from "./types.ts";
import { createObject, type NewObject } from "./write-objects.ts";

/** Something in an evidence ref that is not sound evidence. Never dropped without being reported. */
export interface EvidenceProblem {
  readonly code: "corrupt" | "too-large" | "missing" | "unexpected-path";
  /** Path in the tree, as far as it is text. */
  readonly path: string;
  readonly commit: ObjectId;
  readonly message: string;
}

/** Blob of each piece of evidence, by the SHA-256 that its name claims. */
export type EvidenceEntries = ReadonlyMap<Sha256, ObjectId>;

export interface EvidenceTree {
  readonly entries: EvidenceEntries;
  readonly problems: readonly EvidenceProblem[];
}

const ROW = /^(\d{6}) (\w+) ([0-9a-f]+)\t(.*)$/s;
const PATH = /^([0-9a-f]{2})\/(\1[0-9a-f]{62})\.json$/;
const FILE_MODE = "100644";

/** Lists the set that a commit holds: names only, contents not checked. */
export async function readEvidenceTree(repo: Repository, commit: ObjectId): Promise<EvidenceTree> {
  const listed = await readTreeRows(repo, `${commit}^{commit}`, { isDeep: true });
  if ("rows" in listed) return parseTree(listed.rows.toString("latin1"), commit);
  const missing = await findMissingObjects(repo, [commit]);
  throw missing.length === 0
    ? notASet(commit, listed.failure)
    : missingObjects(repo, missing, listed.failure);
}

function notASet(commit: ObjectId, cause: GitError): GitError {
  const message = `${commit} is no evidence set: expected a commit with a tree that Git can list; fetch the evidence again`;
  return new GitError("EVIDENCE_CORRUPT", message, { cause });
}

function parseTree(listing: string, commit: ObjectId): EvidenceTree {
  const entries = new Map<Sha256, ObjectId>();
  const problems: EvidenceProblem[] = [];
  for (const row of listing.split("\0")) {
    if (row === "") continue;
    const [, mode, , id = "", path = ""] = ROW.exec(row) ?? [];
    const name = PATH.exec(path)?.[2];
    if (name !== undefined && mode === FILE_MODE) entries.set(name, id);
    else problems.push({ code: "unexpected-path", path, commit, message: unexpected(path, mode) });
  }
  return { entries, problems };
}

function unexpected(path: string, mode: string | undefined): string {
  return `${JSON.stringify(path)} (mode ${mode}) is not evidence; expected <2 hex>/<sha256>.json as a plain file`;
}

/** Trees for a whole set, the root last. Deterministic: the same set gives the same ids everywhere. */
export function buildEvidenceTrees(repo: Repository, entries: EvidenceEntries): readonly NewObject[] {
  const folders = new Map<string, string[]>();
  for (const name of [...entries.keys()].sort()) {
    const folder = name.slice(0, 2);
    const names = folders.get(folder) ?? [];
    if (names.length === 0) folders.set(folder, names);
    names.push(name);
  }
  const subtrees = [...folders].map(([folder, names]) => {
    const rows = names.map((name) => formatRow(FILE_MODE, `${name}.json`, entries.get(name) ?? ""));
    return { folder, tree: createObject(repo.objectFormat, "tree", Buffer.concat(rows)) };
  });
  // Two-digit names of equal length: plain order is Git's order.
  const root = Buffer.concat(subtrees.map(({ folder, tree }) => formatRow("40000", folder, tree.id)));
  return [...subtrees.map(({ tree }) => tree), createObject(repo.objectFormat, "tree", root)];
}

function formatRow(mode: string, name: string, id: ObjectId): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`, "latin1"), Buffer.from(id, "hex")]);
}
