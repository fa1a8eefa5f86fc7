// SPDX-License-Identifier: Apache-2.0
import {
  type AgentRef,
  type AssistanceRecord,
  isSameAgent,
  type RecordedFile,
  type RecordedRange,
} from "@countersign/core/attribution";
import type { Repository } from "@countersign/git";
import { deriveRecords } from "../derive/derive-records.ts";
import { keepLines } from "../records/keep-lines.ts";
import type { SeenCommit } from "./record-made.ts";

/**
 * Commits without what other records know better, before anything is written of them: a record that is there is never taken back.
 * No process where no agent's line was changed.
 */
export async function dropGuesses(
  repo: Repository,
  seen: readonly SeenCommit[],
): Promise<readonly SeenCommit[]> {
  const guessed = seen.filter(({ record }) =>
    record.files.some(({ ranges }) => ranges.some(({ extent }) => extent === "edited")),
  );
  if (guessed.length === 0) return seen;
  const { records } = await deriveRecords(
    repo,
    guessed.map(({ record }) => record.commit),
  );
  return seen.map((one) => {
    const derived = records.get(one.record.commit);
    const files = derived === undefined ? one.record.files : withoutGuesses(one.record, derived);
    const isSame = countLines(files) === countLines(one.record.files);
    return isSame ? one : { ...one, record: { ...one.record, files }, isOpen: true };
  });
}

function countLines(files: readonly RecordedFile[]): number {
  return files.reduce(
    (sum, { ranges }) => ranges.reduce((n, { fingerprints }) => n + fingerprints.length, sum),
    0,
  );
}

/**
 * Files of a record without what another record knows better: a line that stands where an agent's stood, and that another agent's
 * record has word for word, is no changed form of the first one's. Git brought it from there, by a pick, a squash or a rebase. What a
 * person would have written by that record stays a changed line of the agent's.
 */
function withoutGuesses(seen: AssistanceRecord, derived: AssistanceRecord): readonly RecordedFile[] {
  const writers = new Map(derived.files.map((file) => [file.path, findWriters(file, derived.agents)]));
  return seen.files
    .map((file) => {
      const known = writers.get(file.path);
      if (known === undefined) return file;
      const isGuess = ({ agent, extent }: RecordedRange, line: number): boolean => {
        const [first, writer] = [agent === null ? undefined : seen.agents[agent], known.get(line)];
        return (
          extent === "edited" && first !== undefined && writer !== undefined && !isSameAgent(first, writer)
        );
      };
      const ranges = file.ranges.flatMap((range) => keepLines(range, (line) => !isGuess(range, line)));
      return { ...file, ranges };
    })
    .filter(({ ranges }) => ranges.length > 0);
}

/** Agents of the lines that were found word for word, by line. */
function findWriters({ ranges }: RecordedFile, agents: readonly AgentRef[]): ReadonlyMap<number, AgentRef> {
  const writers = new Map<number, AgentRef>();
  for (const { first, last, agent, evidence } of ranges) {
    const writer = agent === null ? undefined : agents[agent];
    if (writer === undefined || evidence !== "derived") continue;
    for (let line = first; line <= last; line++) writers.set(line, writer);
  }
  return writers;
}
