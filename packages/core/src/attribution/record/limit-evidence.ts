// SPDX-License-Identifier: Apache-2.0
import type { EvidenceGrade } from "../../trailers/assistance.ts";

const BEST_FIRST: readonly EvidenceGrade[] = ["observed", "derived", "inferred", "declared", "none"];

export function compareEvidence(a: EvidenceGrade, b: EvidenceGrade): number {
  return BEST_FIRST.indexOf(a) - BEST_FIRST.indexOf(b);
}

/** A line cannot be known better than the record was made. */
export function limitEvidence(evidence: EvidenceGrade, grade: EvidenceGrade): EvidenceGrade {
  return compareEvidence(evidence, grade) < 0 ? grade : evidence;
}
