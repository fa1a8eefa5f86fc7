// SPDX-License-Identifier: Apache-2.0
import { type DoctorFinding, shellWord } from "@countersign/core/render";
import {
  listNotes,
  listRefs,
  listRemotes,
  type Repository,
  resolveCommit,
  SHARED_EVIDENCE,
  SHARED_NOTES,
  SHARED_RECORDS,
} from "@countersign/git";
import type { DoctorPlace } from "./doctor-place.ts";

const KEPT = [SHARED_EVIDENCE.ref, SHARED_RECORDS.ref, SHARED_NOTES.ref];

/** Refs that hold what is kept for good; where one holds something else, nothing can be added to it any more. */
export async function checkRefs({ repository }: DoctorPlace): Promise<readonly DoctorFinding[]> {
  const refs = await listRefs(repository, KEPT);
  const [remote] = await listRemotes(repository);
  const again = remote === undefined ? "" : ` && countersign evidence fetch ${shellWord(remote)}`;
  const findings = await Promise.all(
    refs.map(async ({ name }): Promise<readonly DoctorFinding[]> => {
      if (!KEPT.includes(name) || (await canBeAddedTo(repository, name))) return [];
      const message = `${name} holds something else than it should, so nothing can be added to it`;
      const fix = `git update-ref -d ${name}${again}`;
      return [{ check: "recorder", name, level: "problem", message, fix }];
    }),
  );
  return findings.flat();
}

async function canBeAddedTo(repository: Repository, name: string): Promise<boolean> {
  const tip = await resolveCommit(repository, name);
  if (tip === undefined) return false;
  try {
    await listNotes(repository, tip, [tip]);
    return true;
  } catch {
    return false;
  }
}
