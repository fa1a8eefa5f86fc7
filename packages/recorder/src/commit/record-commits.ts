// SPDX-License-Identifier: Apache-2.0
import {
  type AgentRef,
  type AssistanceRecord,
  type CoverageGap,
  formatAssistanceRecord,
  formatGitAiNote,
  isSameAgent,
  noteFromRecord,
} from "@countersign/core/attribution";
import { type ObjectId, toUtf8 } from "@countersign/core/ids";
import {
  addRecords,
  listRecords,
  type ParentedChange,
  parseCommit,
  RECORDS_REF,
  type Repository,
  readObjects,
  readParentedChanges,
  readRef,
  writeNotes,
} from "@countersign/git";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import type { WorkingState } from "../capture/working-state.ts";
import { deriveRecords } from "../derive/derive-records.ts";
import { readTargets, type TargetCommit } from "../derive/read-targets.ts";
import { toRecordedFile } from "../derive/to-derived-record.ts";
import { findCoverage, readActivity } from "./activity.ts";
import { attributeTarget, fillDerived, hasUnknown } from "./attribute-target.ts";
import { readHeadSteps } from "./reflog.ts";

export interface RecordRequest {
  readonly repository: Repository;
  readonly place: WorkTreePlace;
  readonly commits: readonly ObjectId[];
  readonly state: WorkingState;
}

/** Records of commits that have none yet, by what the work tree's recorder saw; written to both places. */
export async function recordCommits(request: RecordRequest): Promise<readonly AssistanceRecord[]> {
  const { repository } = request;
  const missing = await withoutRecord(repository, request.commits);
  const records = await makeRecords({ ...request, commits: missing });
  if (records.length === 0) return [];
  await addRecords(
    repository,
    records.map((record) => ({ commit: record.commit, bytes: formatAssistanceRecord(record) })),
  );
  const authors = new Map((await readHeads(repository, missing)).map(({ id, author }) => [id, author]));
  const notes = records
    .filter(({ files }) => files.some(({ ranges }) => ranges.length > 0))
    .map((record) => {
      const author = authors.get(record.commit);
      const { note } = noteFromRecord(record, {
        author: author === undefined ? null : `${author.name} <${author.email}>`,
      });
      return { annotated: record.commit, bytes: toUtf8(formatGitAiNote(note)) };
    });
  if (notes.length > 0) await writeNotes(repository, notes);
  return records;
}

async function withoutRecord(repo: Repository, commits: readonly ObjectId[]): Promise<readonly ObjectId[]> {
  const tip = await readRef(repo, RECORDS_REF);
  if (tip === undefined) return commits;
  const listed = await listRecords(repo, tip, commits);
  return commits.filter((id) => !listed.has(id));
}

async function readHeads(
  repo: Repository,
  ids: readonly ObjectId[],
): Promise<ReturnType<typeof parseCommit>[]> {
  const commits: ReturnType<typeof parseCommit>[] = [];
  for await (const object of readObjects(repo, ids))
    if (object.status === "read" && object.type === "commit")
      commits.push(parseCommit(object.id, Buffer.from(object.bytes)));
  return commits;
}

/** The records, not written. */
export async function makeRecords({
  repository,
  place,
  commits,
  state,
}: RecordRequest): Promise<readonly AssistanceRecord[]> {
  if (commits.length === 0) return [];
  const heads = await readHeads(repository, commits);
  const changes = new Map<ObjectId, readonly ParentedChange[]>(commits.map((id) => [id, []]));
  for await (const { id, changes: own } of readParentedChanges(repository, commits)) changes.set(id, own);
  const found: { target: TargetCommit; files: ReturnType<typeof attributeTarget> }[] = [];
  for await (const target of readTargets(repository, changes))
    found.push({ target, files: attributeTarget(target, state) });
  const open = found.filter(({ files }) => files.some(hasUnknown)).map(({ target }) => target.id);
  const derived = await deriveRecords(repository, open);
  const steps = readHeadSteps(place.gitDir);
  const activity = readActivity(place);
  return found.flatMap(({ target, files }) => {
    const head = heads.find(({ id }) => id === target.id);
    if (head === undefined) return [];
    const gaps = [...state.gaps, ...target.gaps];
    const coverage = findCoverage({ commit: head.id, parent: head.parents[0], steps, activity, gaps });
    const filled = files.map((file) => fillDerived(file, derived.records.get(target.id)));
    return [toRecord({ head, target, files: filled, state, coverage })];
  });
}

interface Found {
  readonly head: ReturnType<typeof parseCommit>;
  readonly target: TargetCommit;
  readonly files: ReturnType<typeof attributeTarget>;
  readonly state: WorkingState;
  readonly coverage: AssistanceRecord["coverage"];
}

function toRecord({ head, target, files, state, coverage }: Found): AssistanceRecord {
  const touched = [...target.files, ...target.removed].flatMap(
    ({ path }) => state.paths.get(path)?.touched ?? [],
  );
  const agents: AgentRef[] = [];
  const nameAgent = (agent: AgentRef): AgentRef => withModel(agent, [...touched, ...allAgents(files)]);
  const named = files.map((file) => ({
    ...file,
    origins: file.origins.map((origin) =>
      origin.kind === "ai" ? { ...origin, agent: nameAgent(origin.agent) } : origin,
    ),
  }));
  const recorded = named
    .map((file) => toRecordedFile(file, agents))
    .filter(({ ranges }) => ranges.length > 0);
  for (const agent of touched.map(nameAgent))
    if (!agents.some((known) => isSameAgent(known, agent))) agents.push(agent);
  const lenders = new Set(files.flatMap(({ lenders: own }) => [...own]));
  const isSeen =
    touched.length > 0 ||
    recorded.some(({ ranges }) => ranges.some(({ evidence }) => evidence === "observed"));
  return {
    version: 1,
    commit: head.id,
    tree: head.tree,
    grade: lenders.size > 0 && !isSeen ? "derived" : "observed",
    recorder: { name: "countersign", version: "1" },
    coverage: { ...coverage, gaps: uniqueGaps(coverage.gaps) },
    agents,
    files: recorded,
    derivedFrom: [...lenders].sort(),
  };
}

function allAgents(files: Found["files"]): readonly AgentRef[] {
  return [
    ...new Set(
      files.flatMap(({ origins }) =>
        origins.flatMap((origin) => (origin.kind === "ai" ? [origin.agent] : [])),
      ),
    ),
  ];
}

/** A call of which no transcript told the model has the one model that its conversation is known to have. */
function withModel(agent: AgentRef, others: readonly AgentRef[]): AgentRef {
  if (agent.model !== null) return agent;
  const same = others.filter(
    ({ tool, session, model }) => tool === agent.tool && session === agent.session && model !== null,
  );
  const models = new Set(same.map(({ model }) => model));
  return models.size === 1 ? (same[0] ?? agent) : agent;
}

function uniqueGaps(gaps: readonly CoverageGap[]): readonly CoverageGap[] {
  return [...new Map(gaps.map((gap) => [`${gap.code} ${gap.message}`, gap])).values()];
}
