// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  AGENT_TRACE_FILE,
  AGENT_TRACE_LEDGER,
  AGENTDIFF_FILE,
  type ForeignRecord,
  parseAgentTraceLedgers,
  parseAgentTraces,
  toLedgerRecord,
  toTraceRecord,
} from "@countersign/core/attribution";
import { type ObjectId, toText } from "@countersign/core/ids";
import { type Repository, readObjects, resolvePaths } from "@countersign/git";
import { readPlainFile } from "../read-plain-file.ts";
import type { CommitIdentity } from "./findings.ts";
import { agentdiffFolder } from "./record-sources.ts";

/** Text of files of one kind, wherever they stand. */
interface TraceTexts {
  readonly agentTraces: readonly string[];
  readonly ledgers: readonly string[];
  readonly agentdiff: readonly string[];
}

/** Traces are kept for ever in one file; a larger one is not read, and nothing is concluded from it. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What agent-trace and agentdiff say of the commits: files in the work tree, files that the newest of the commits hold, and
 * agentdiff's refs. Three processes at most, none where none of these tools was here.
 */
export async function readTraceFiles(
  repo: Repository,
  agentdiff: readonly ObjectId[],
  commits: ReadonlyMap<ObjectId, CommitIdentity>,
): Promise<ReadonlyMap<ObjectId, readonly ForeignRecord[]>> {
  const [local, stored] = await Promise.all([readLocal(repo), readStored(repo, agentdiff, commits)]);
  const found = new Map<ObjectId, ForeignRecord[]>();
  const add = (commit: ObjectId, record: ForeignRecord) => {
    if (!commits.has(commit) || record.agents.length === 0) return;
    found.set(commit, [...(found.get(commit) ?? []), record]);
  };
  for (const texts of [local, stored]) {
    for (const text of texts.ledgers)
      for (const [commit, ledger] of parseAgentTraceLedgers(text).byCommit)
        add(commit, toLedgerRecord(ledger));
    for (const text of texts.agentTraces)
      for (const [commit, traces] of parseAgentTraces(text).byRevision)
        add(commit, toTraceRecord("agent-trace", traces));
    for (const text of texts.agentdiff)
      for (const [commit, traces] of parseAgentTraces(text).byRevision)
        add(commit, toTraceRecord("agentdiff", traces));
  }
  return found;
}

/** Files that are in no commit: agent-trace's in the work tree, agentdiff's before a push in the Git directory. */
async function readLocal(repo: Repository): Promise<TraceTexts> {
  const inTree = (path: string) => (repo.workTree === undefined ? [] : [join(repo.workTree, path)]);
  const folder = agentdiffFolder(repo.commonDir);
  const names = existsSync(folder) ? await readdir(folder) : [];
  return {
    agentTraces: readFiles(inTree(AGENT_TRACE_FILE)),
    ledgers: readFiles(inTree(AGENT_TRACE_LEDGER)),
    agentdiff: readFiles(names.filter((name) => name.endsWith(".jsonl")).map((name) => join(folder, name))),
  };
}

function readFiles(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    try {
      const bytes = readPlainFile(path, MOST_BYTES);
      return bytes === undefined ? [] : [toText(bytes)];
    } catch {
      // Another tool's file that cannot be read says nothing.
      return [];
    }
  });
}

async function readStored(
  repo: Repository,
  agentdiff: readonly ObjectId[],
  commits: ReadonlyMap<ObjectId, CommitIdentity>,
): Promise<TraceTexts> {
  // A bare repository has no work tree to look into first, and one process more is nothing to a gate that guards it.
  const isThere = repo.workTree === undefined || existsSync(join(repo.workTree, ".agent-trace"));
  // Both files only grow, so that the newest commits hold what the others do.
  const heads = isThere ? findHeads(commits) : [];
  const places = [
    ...heads.map((tree) => ({ tree, path: AGENT_TRACE_FILE, kind: "agentTraces" as const })),
    ...heads.map((tree) => ({ tree, path: AGENT_TRACE_LEDGER, kind: "ledgers" as const })),
    ...agentdiff.map((tree) => ({ tree, path: AGENTDIFF_FILE, kind: "agentdiff" as const })),
  ];
  const blobs = await resolvePaths(repo, places);
  const texts = { agentTraces: [] as string[], ledgers: [] as string[], agentdiff: [] as string[] };
  const kinds = new Map(
    // agentdiff's older refs name the file itself.
    places.flatMap(({ kind, tree }, i) => {
      const id = blobs[i] ?? (kind === "agentdiff" ? tree : undefined);
      return id === undefined ? [] : [[id, kind] as const];
    }),
  );
  for await (const object of readObjects(repo, [...kinds.keys()], { maxBytes: MOST_BYTES })) {
    const kind = kinds.get(object.id);
    if (object.status === "read" && object.type === "blob" && kind !== undefined)
      texts[kind].push(toText(object.bytes));
  }
  return texts;
}

/** Commits that are no parent of another one. */
function findHeads(commits: ReadonlyMap<ObjectId, CommitIdentity>): readonly ObjectId[] {
  const parents = new Set([...commits.values()].flatMap((commit) => commit.parents));
  return [...commits.keys()].filter((id) => !parents.has(id));
}
