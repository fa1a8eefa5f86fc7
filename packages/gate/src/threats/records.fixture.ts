// SPDX-License-Identifier: Apache-2.0
import {
  type AssistanceRecord,
  fingerprintLine,
  formatAssistanceRecord,
  splitLines,
} from "@countersign/core/attribution";
import { sha256Hex } from "@countersign/core/ids";
import { RECORDS_REF } from "@countersign/git";
import type { TestRepository } from "@countersign/testkit";

const CLAUDE = { tool: "claude-code", session: "s", model: "claude-opus-4-8" };

/** A record of a commit in which every line of these files is one writer's; no path, no line. */
export async function toRecord(
  repo: TestRepository,
  commit: string,
  files: Readonly<Record<string, "ai" | "human">>,
  fields: Partial<AssistanceRecord> = {},
): Promise<AssistanceRecord> {
  const recorded = [];
  for (const [path, origin] of Object.entries(files).sort()) {
    const text = (await repo.git(["show", `${commit}:${path}`])).replace(/\n?$/, "\n");
    const lines = splitLines(text);
    const isAi = origin === "ai";
    const range = {
      first: 1,
      last: lines.length,
      origin,
      agent: isAi ? 0 : null,
      extent: isAi ? ("generated" as const) : null,
      evidence: "observed" as const,
      fingerprints: lines.map((line) => fingerprintLine(line)),
    };
    recorded.push({ path, blob: await repo.git(["rev-parse", `${commit}:${path}`]), ranges: [range] });
  }
  return {
    version: 1,
    commit,
    tree: await repo.id(`${commit}^{tree}`),
    grade: "observed",
    recorder: { name: "countersign", version: "1" },
    coverage: { isWhole: false, from: null, to: null, gaps: [] },
    agents: Object.values(files).includes("ai") ? [CLAUDE] : [],
    files: recorded,
    derivedFrom: [],
    ...fields,
  };
}

export function pathOfRecord(commit: string, bytes: Uint8Array): string {
  return `${commit.slice(0, 2)}/${commit.slice(2)}/${sha256Hex(bytes)}.json`;
}

/** Puts records into a set as anybody who may push could; returns the set's new tip. */
export async function addRecord(
  repo: TestRepository,
  records: readonly AssistanceRecord[],
  ref: string = RECORDS_REF,
): Promise<string> {
  const files = Object.fromEntries(
    records.map((record) => {
      const bytes = formatAssistanceRecord(record);
      return [pathOfRecord(record.commit, bytes), bytes] as const;
    }),
  );
  return await repo.commit({ branch: ref, message: "records\n", files });
}

export const WHOLE = { isWhole: true, from: 1, to: 2, gaps: [] };
