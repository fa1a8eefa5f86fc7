// SPDX-License-Identifier: Apache-2.0
import { type AttributedText, type Origin, type RecordedFile, UNKNOWN } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type Repository, readObjects } from "@countersign/git";
import { toTextLines } from "../derive/target-file.ts";
import { readRecords } from "../records/read-records.ts";
import { type PreparedRecord, readPreparedRecord } from "./prepared-commit.ts";
import { findKey } from "./presence.ts";

export type Recorded = Pick<PreparedRecord, "files" | "agents">;

/**
 * Files of a commit with what its record says of their lines; the amended commit says it again. Empty where it has no record. `known`:
 * the record, where it may not be written yet.
 */
export async function readRecordedTexts(
  repo: Repository,
  commit: ObjectId,
  known?: Recorded,
): Promise<ReadonlyMap<RepoPath, AttributedText>> {
  const record = known ?? (await findRecord(repo, commit));
  const texts = new Map<RepoPath, AttributedText>();
  if (record === undefined) return texts;
  const files = Map.groupBy(record.files, ({ blob }) => blob);
  for await (const object of readObjects(repo, [...files.keys()])) {
    const lines = object.status === "read" ? toTextLines(object.bytes) : undefined;
    if (lines === undefined) continue;
    for (const file of files.get(object.id) ?? []) texts.set(file.path, toText(record, file, lines));
  }
  return texts;
}

async function findRecord(repo: Repository, commit: ObjectId): Promise<Recorded | undefined> {
  const key = findKey(repo.gitDir, commit);
  const prepared = key === null ? undefined : readPreparedRecord(repo.gitDir, key);
  return prepared ?? (await readRecords(repo, [commit])).get(commit);
}

function toText({ agents }: Recorded, { ranges }: RecordedFile, lines: readonly string[]): AttributedText {
  const origins: Origin[] = lines.map(() => UNKNOWN);
  for (const { first, last, origin, agent, extent, evidence } of ranges) {
    const by = agent === null ? undefined : agents[agent];
    const known: Origin =
      origin === "ai" && by !== undefined
        ? { kind: "ai", agent: by, extent: extent ?? "generated", evidence }
        : origin === "human"
          ? { kind: "human", evidence }
          : UNKNOWN;
    origins.fill(known, first - 1, last);
  }
  return { lines, origins };
}
