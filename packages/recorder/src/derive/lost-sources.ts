// SPDX-License-Identifier: Apache-2.0
import { fingerprintLine, type HashBytes, isSignificant } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { type Repository, readObjects } from "@countersign/git";
import type { DerivedFile, NearFile } from "./derivation-draft.ts";
import { toTextLines } from "./target-file.ts";

/** Texts of this many candidates are compared with one file; the nearest come first. */
const MOST_SOURCES = 3;
/** Of one file, and of all together: texts are a last resort, not worth running out of memory for. */
const LARGEST_TEXT = 1024 * 1024;
const MOST_BYTES = 128 * 1024 * 1024;

/** Fingerprints of added significant lines whose origin is still unknown. */
export function findOpenPrints({ target, origins }: DerivedFile, hash: HashBytes): readonly string[] {
  return target.lines
    .filter((line, i) => target.isAdded[i] === 1 && origins[i]?.kind === "unknown" && isSignificant(line))
    .map((line) => fingerprintLine(line, hash));
}

/**
 * Blobs of near candidates with AI lines that the file does not have any more: a formatter may have broken them, or somebody changed
 * them in a commit that a squash swallowed. Only the text itself can show that.
 */
export function findLostSources(
  { target }: DerivedFile,
  near: readonly NearFile[],
  hash: HashBytes,
): readonly ObjectId[] {
  const prints = new Set(target.lines.map((line) => fingerprintLine(line, hash)));
  const isLost = ({ file }: NearFile) =>
    file.ranges.some(
      ({ origin, fingerprints }) => origin.kind === "ai" && fingerprints.some((print) => !prints.has(print)),
    );
  const lost = near.filter(
    (each) => each.closeness !== "elsewhere" && each.file.blob !== target.blob && isLost(each),
  );
  return [...new Set(lost.map(({ file }) => file.blob))].slice(0, MOST_SOURCES);
}

/** Those that are here; one process. */
export async function readSourceTexts(
  repo: Repository,
  blobs: ReadonlySet<ObjectId>,
): Promise<ReadonlyMap<ObjectId, readonly string[]>> {
  const texts = new Map<ObjectId, readonly string[]>();
  let left = MOST_BYTES;
  for await (const object of readObjects(repo, [...blobs], { maxBytes: LARGEST_TEXT })) {
    if (object.status !== "read" || object.bytes.length > left) continue;
    left -= object.bytes.length;
    const lines = toTextLines(object.bytes);
    if (lines !== undefined) texts.set(object.id, lines);
  }
  return texts;
}
