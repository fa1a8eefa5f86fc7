// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  fingerprintLine,
  formatAssistanceRecord,
} from "@countersign/core/attribution";
import { addRecords, openRepository } from "@countersign/git";
import type { TestRepository } from "@countersign/testkit";

const AGENT = { tool: "claude-code", session: "s-1", model: "claude-opus-4-8" };

/** A recorder's record that these lines (1-based) of one file of a commit are an agent's as written. */
export async function recordLines(
  repo: TestRepository,
  commit: string,
  path: string,
  numbers: readonly number[],
): Promise<void> {
  const lines = (await repo.git(["show", `${commit}:${path}`])).split("\n");
  const ranges = numbers.map((line) => ({
    first: line,
    last: line,
    origin: "ai" as const,
    agent: 0,
    extent: "generated" as const,
    evidence: "observed" as const,
    fingerprints: [fingerprintLine(lines[line - 1] ?? "")],
  }));
  const record: AssistanceRecord = {
    version: 1,
    commit,
    tree: await repo.id(`${commit}^{tree}`),
    grade: "observed",
    recorder: { name: "countersign", version: "1" },
    coverage: { isWhole: false, from: null, to: null, gaps: [] },
    agents: [AGENT],
    files: [{ path, blob: await repo.git(["rev-parse", `${commit}:${path}`]), ranges }],
    derivedFrom: [],
  };
  await addRecords(await openRepository(repo.path), [{ commit, bytes: formatAssistanceRecord(record) }]);
}
