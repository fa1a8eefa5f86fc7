// SPDX-License-Identifier: Apache-2.0
import {
  type AgentRef,
  type AttributedText,
  attributeLines,
  diffLines,
  EMPTY_TEXT,
  isSameAgent,
  isSignificant,
  type LineHunk,
  type Origin,
  pairEdited,
  type RecordedFile,
  UNKNOWN,
} from "@countersign/core/attribution";
import type { RepoPath } from "@countersign/core/ids";
import { attributeUnclaimed } from "../capture/unclaimed-writer.ts";
import { formerNames } from "../capture/vanished-texts.ts";
import { type PathState, textsOf, type WorkingState } from "../capture/working-state.ts";
import { printLine } from "../derive/print-line.ts";
import type { TargetCommit } from "../derive/read-targets.ts";
import type { TargetFile } from "../derive/target-file.ts";
import { toRecordedFile } from "../records/to-recorded-file.ts";
import { type FileSources, findPast, findSources, findVanished } from "./find-sources.ts";
import type { TakenUp } from "./taken-up.ts";

/** What working states say of one commit. */
export interface CommitAttribution {
  /** Files with a line whose writer is known. */
  readonly files: readonly RecordedFile[];
  /** Those with lines, then those that only took lines away. */
  readonly agents: readonly AgentRef[];
  /** Some added line is no AI's that is known here; another commit's record may know better, whatever it looked like. */
  readonly isOpen: boolean;
  readonly seen: readonly SeenPath[];
}

/** What else was seen of a file of the commit; see {@link Sighting}. */
export interface SeenPath {
  readonly path: RepoPath;
  readonly names: readonly RepoPath[];
  readonly began?: readonly string[] | undefined;
  readonly over: readonly (readonly [index: number, fingerprint: string])[];
}

export interface AttributionMoment {
  /** Seconds since the epoch, for a commit that is being made right now; null where states may be younger than the commit. */
  readonly now: number | null;
  /** HEAD as an observation would name it; empty where something else than typing may have changed the files. */
  readonly head: string;
  /** Texts of files that this commit takes up again, such as those of the commit that it amends. */
  readonly takenUp?: TakenUp;
  /** Files that Git keeps in another form than they have on disk: what only that form says, nobody has typed. */
  readonly filtered?: ReadonlySet<RepoPath>;
}

/** Who wrote the lines that a commit adds, as far as the states of its work tree know them. */
export function attributeCommit(
  target: TargetCommit,
  state: WorkingState,
  moment: AttributionMoment,
): CommitAttribution {
  const found = target.files.map((file) => ({ file, origins: attributeAdded(file, target, state, moment) }));
  const touching = findTouching(target, state, moment);
  const nameModel = findModels([...found.flatMap(({ origins }) => origins.flatMap(agentOf)), ...touching]);
  const agents: AgentRef[] = [];
  const files: RecordedFile[] = [];
  for (const { file, origins } of found) {
    const recorded = toRecordedFile(file, origins.map(nameModel), agents);
    if (recorded.ranges.length > 0) files.push(recorded);
  }
  for (const agent of touching.map((one) => nameAgent(one, nameModel))) addAgent(agents, agent);
  const isOpen = found.some(({ file, origins }) =>
    origins.some(({ kind }, index) => kind !== "ai" && file.isAdded[index] === 1),
  );
  return { files, agents, isOpen, seen: found.flatMap((one) => findSeen(one, state)) };
}

function findSeen(
  { file, origins }: { readonly file: TargetFile; readonly origins: readonly Origin[] },
  state: WorkingState,
): readonly SeenPath[] {
  const { path } = file;
  const known = state.paths.get(path);
  const past = known === undefined ? findPast(file, state) : undefined;
  const names = past === undefined ? (known?.formerly ?? []) : formerNames(past, path);
  const over = origins.flatMap((origin, index) =>
    origin.kind === "human" && origin.over !== undefined ? [[index, origin.over] as const] : [],
  );
  const began = findBeginning(file, known ?? past?.state);
  return names.length + over.length === 0 && began === undefined ? [] : [{ path, names, over, began }];
}

/** A longer one has enough lines together to be found by them. */
const MOST_BEGUN = 60;

/** The first text that was seen of a new file, if nothing is known of any of its lines. */
function findBeginning({ parents }: TargetFile, known: PathState | undefined): readonly string[] | undefined {
  const first = known === undefined || parents.length > 0 ? undefined : textsOf(known).at(-1);
  if (first === undefined || first.origins.some(({ kind }) => kind !== "unknown")) return undefined;
  const significant = first.lines.filter(isSignificant);
  if (significant.length === 0 || significant.length > MOST_BEGUN) return undefined;
  return significant.map(printLine);
}

function attributeAdded(
  file: TargetFile,
  target: TargetCommit,
  state: WorkingState,
  moment: AttributionMoment,
): readonly Origin[] {
  const sources = findSources(file, target, state, moment.takenUp);
  if (sources.texts.length === 0) return file.lines.map(() => UNKNOWN);
  return attributeFile(file, sources, state, moment).map(maskBy(file));
}

function agentOf(origin: Origin): readonly AgentRef[] {
  return origin.kind === "ai" ? [origin.agent] : [];
}

/** A call of which nobody told the model has the one model that its conversation is known to have. */
function findModels(agents: readonly AgentRef[]): (origin: Origin) => Origin {
  const models = new Map<string, Set<string>>();
  for (const { tool, session, model } of agents) {
    const key = JSON.stringify([tool, session]);
    const known = models.get(key) ?? new Set();
    models.set(key, model === null ? known : known.add(model));
  }
  return (origin) => {
    if (origin.kind !== "ai" || origin.agent.model !== null) return origin;
    const { tool, session } = origin.agent;
    const [model, ...others] = models.get(JSON.stringify([tool, session])) ?? [];
    return model === undefined || others.length > 0 ? origin : { ...origin, agent: { tool, session, model } };
  };
}

function nameAgent(agent: AgentRef, nameModel: (origin: Origin) => Origin): AgentRef {
  const named = nameModel({ kind: "ai", agent, extent: "generated", evidence: "observed" });
  return named.kind === "ai" ? named.agent : agent;
}

/** Only what the commit itself added is recorded of it. */
function maskBy({ isAdded }: TargetFile): (origin: Origin, index: number) => Origin {
  return (origin, index) => (isAdded[index] === 1 ? origin : UNKNOWN);
}

function attributeFile(
  file: TargetFile,
  { texts: sources, again }: FileSources,
  state: WorkingState,
  { now, head, filtered }: AttributionMoment,
): readonly Origin[] {
  const known = state.paths.get(file.path) ?? findVanished(file, state)?.state;
  const [present = EMPTY_TEXT] = sources;
  const isAsIs = known?.present === present && isSameText(present.lines, file.lines);
  if (now !== null && isAsIs && again === undefined) return present.origins;
  if (now === null) return attributePast(file, sources, again);
  const hasShell = state.open.some(({ action }) => action === "shell");
  const isInView = known !== undefined && (known.sum !== null || !state.paths.has(file.path));
  const mayBeTyped = isInView && known.head === head && !hasShell && filtered?.has(file.path) !== true;
  const seconds = known === undefined ? 0 : now - known.at;
  return attributeUnclaimed({ lines: file.lines, sources, mayBeTyped, seconds }).origins;
}

/**
 * The commit may be older than what is known: what it was made from is its parent's text, or that of the commit which it amended, as
 * far as it is known.
 */
function attributePast(
  { lines, parents }: TargetFile,
  sources: readonly AttributedText[],
  again: AttributedText | undefined,
): readonly Origin[] {
  const [parent = []] = parents;
  const before = attributeLines(again?.lines ?? parent, [EMPTY_TEXT, ...sources], UNKNOWN);
  const origins = before.origins.map((origin, index) => {
    const recorded = again?.origins[index] ?? UNKNOWN;
    return recorded.kind === "unknown" ? origin : recorded;
  });
  return attributeLines(lines, [{ lines: before.lines, origins }, ...sources], UNKNOWN).origins;
}

function isSameText(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

/** Agents that changed a file of which no line tells it: it lost lines, is gone, has none, or Git keeps others than were seen. */
function findTouching(
  target: TargetCommit,
  state: WorkingState,
  { filtered }: AttributionMoment,
): readonly AgentRef[] {
  const touchedOf = (path: RepoPath) => state.paths.get(path)?.touched ?? [];
  const mute = target.files.filter(
    (file) => touchedOf(file.path).length > 0 && (filtered?.has(file.path) === true || hasLost(file)),
  );
  const paths = [...[...mute, ...target.removed].map(({ path }) => path), ...target.opaque];
  return paths.flatMap(touchedOf);
}

/**
 * Whether a line went for which none came, or another that is no changed form of it: what a person adds to the file, there or elsewhere,
 * does not hide what an agent took away.
 */
function hasLost({ lines, isAdded, parents, hunks }: TargetFile): boolean {
  if (!isAdded.includes(1)) return true;
  const changes = hunks ?? parents.map((parent) => diffLines(parent, lines));
  return (
    changes.length > 0 && changes.every((own, i) => own.some((hunk) => isLoss(hunk, parents[i] ?? [], lines)))
  );
}

function isLoss(
  { aStart, aEnd, bStart, bEnd }: LineHunk,
  before: readonly string[],
  after: readonly string[],
): boolean {
  if (aEnd - aStart > bEnd - bStart) return true;
  const lost = before.slice(aStart, aEnd);
  const changed = new Set(pairEdited(lost, after.slice(bStart, bEnd)).map(({ a }) => a));
  return lost.some((line, index) => isSignificant(line) && !changed.has(index));
}

function addAgent(agents: AgentRef[], agent: AgentRef): void {
  if (!agents.some((known) => isSameAgent(known, agent))) agents.push(agent);
}
