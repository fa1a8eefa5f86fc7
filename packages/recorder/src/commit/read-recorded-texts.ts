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
 * Files of some commits with what their records say of their lines; an amended commit says it again. Those without a record are left out.
 * `known`: the record of one, where it may not be written yet. Some processes, however many commits.
 */
export async function readRecordedTexts(
  repo: Repository,
  commits: readonly ObjectId[],
  known: (commit: ObjectId) => Recorded | undefined = () => undefined,
): Promise<ReadonlyMap<ObjectId, ReadonlyMap<RepoPath, AttributedText>>> {
  const records = await findRecords(repo, commits, known);
  const wanted = [...records].flatMap(([commit, record]) =>
    record.files.map((file) => ({ commit, record, file })),
  );
  const byBlob = Map.groupBy(wanted, ({ file }) => file.blob);
  const texts = new Map<ObjectId, Map<RepoPath, AttributedText>>();
  for await (const object of readObjects(repo, [...byBlob.keys()])) {
    const lines = object.status === "read" ? toTextLines(object.bytes) : undefined;
    if (lines === undefined) continue;
    for (const { commit, record, file } of byBlob.get(object.id) ?? []) {
      const own = texts.get(commit) ?? new Map<RepoPath, AttributedText>();
      texts.set(commit, own.set(file.path, toText(record, file, lines)));
    }
  }
  return texts;
}

async function findRecords(
  repo: Repository,
  commits: readonly ObjectId[],
  known: (commit: ObjectId) => Recorded | undefined,
): Promise<ReadonlyMap<ObjectId, Recorded>> {
  const found = new Map<ObjectId, Recorded>();
  for (const commit of commits) {
    const record = known(commit) ?? findPrepared(repo, commit);
    if (record !== undefined) found.set(commit, record);
  }
  const others = commits.filter((commit) => !found.has(commit));
  return others.length === 0 ? found : new Map([...found, ...(await readRecords(repo, others))]);
}

function findPrepared({ gitDir }: Repository, commit: ObjectId): Recorded | undefined {
  const key = findKey(gitDir, commit);
  return key === null ? undefined : readPreparedRecord(gitDir, key);
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
