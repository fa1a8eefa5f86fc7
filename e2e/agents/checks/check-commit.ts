// SPDX-License-Identifier: Apache-2.0
import { parseGitAiNote, recordFromNote } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { parseCommitMessage, toModelName } from "@countersign/core/trailers";
import { openRepository } from "@countersign/git";
import { readRecords } from "@countersign/recorder";
import { AUTHOR } from "@countersign/testkit";
import type { AgentPlace, AgentProgram } from "../programs/agent-program.ts";
import { type ExpectedLine, isByAgent } from "../scenario/expected-line.ts";
import type { ExpectedCommit } from "../scenario/story.ts";
import type { Failure } from "./failure.ts";
import { modelOf } from "./model-of.ts";
import { runCountersign, runGit } from "./run-countersign.ts";

/** Lines by path and number that a commit adds to those of its parent. */
type Added = ReadonlyMap<string, ReadonlyMap<number, ExpectedLine>>;

/** Lines are told apart by identity: a story's line is one object in all its commits, however often its text comes. */
function findAdded({ files, parent }: ExpectedCommit): Added {
  return new Map(
    Object.entries(files).map(([path, lines]) => {
      const old = new Set(parent[path]);
      const numbered = lines.map((line, index) => [index + 1, line] as const);
      return [path, new Map(numbered.filter(([, line]) => !old.has(line)))];
    }),
  );
}

/** What the commit itself says: its message, its note, its record, and what `scan` makes of them. */
export async function checkCommit(
  program: AgentProgram,
  place: AgentPlace,
  expected: ExpectedCommit,
): Promise<readonly Failure[]> {
  const checks = [checkTrailer, checkNote, checkRecord, checkState];
  const added = findAdded(expected);
  const failures: Failure[] = [];
  for (const check of checks) {
    const message = await check(program, place, expected, added).catch(String);
    if (message !== undefined)
      failures.push({ step: expected.step, message: `${expected.commit} ${message}` });
  }
  return failures;
}

type Check = (
  program: AgentProgram,
  place: AgentPlace,
  expected: ExpectedCommit,
  added: Added,
) => Promise<string | undefined>;

const checkTrailer: Check = async (program, place, { commit, title, isAgents }, added) => {
  const message = await runGit(place, ["log", "-1", "--format=%B", commit]);
  const parsed = parseCommitMessage({ message, author: AUTHOR, committer: AUTHOR });
  if (parsed.title !== title) return `title: ${parsed.title}`;
  const found = parsed.assistance.map(({ convention, tool, model }) => `${convention} ${tool}/${model}`);
  const own = isAgents ? program.ownCommitClaims : undefined;
  const wanted = own ?? agentsOf(program, added).map((name) => `ai-assisted ${name}`);
  const extras = new Set(isAgents ? program.ownCommitExtras : []);
  return compare("message", new Set(wanted), new Set(found.filter((one) => !extras.has(one))));
};

const checkNote: Check = async (program, place, { commit, state }, added) => {
  if (state === "cleared") return undefined;
  const text = await runGit(place, ["notes", "--ref=refs/notes/ai", "show", commit]);
  const id = (await runGit(place, ["rev-parse", commit])).trim() as ObjectId;
  const { agents, files } = recordFromNote(parseGitAiNote(text), { commit: id });
  const found = files.flatMap(({ path, ranges }) =>
    ranges.flatMap(({ first, last, origin, agent }) => {
      const ref = agent === null ? undefined : agents[agent];
      const model = typeof ref?.model === "string" ? toModelName(ref.model) : null;
      const who = origin === "ai" ? `${ref?.tool}/${model}` : origin;
      return Array.from({ length: last - first + 1 }, (_, index) => `${path}:${first + index} ${who}`);
    }),
  );
  const wanted = [...added].flatMap(([path, lines]) =>
    [...lines].flatMap(([number, { writer }]) => {
      if (writer === "unknown" || writer === "unwatched") return [];
      const who = writer === "author" ? "human" : `${program.tool}/${modelOf(writer, program)}`;
      return [`${path}:${number} ${who}`];
    }),
  );
  return compare("note", new Set(wanted), new Set(found));
};

/** Observed from beginning to end, with nothing lost on the way. */
const checkRecord: Check = async (program, place, { commit, evidence, isAgents }, added) => {
  const id = (await runGit(place, ["rev-parse", commit])).trim() as ObjectId;
  const record = (await readRecords(await openRepository(place.workTree), [id])).get(id);
  if (record === undefined) return "record: there is none";
  const { grade, coverage, agents } = record;
  const owned = new Set(isAgents ? program.ownCommitGaps : []);
  const gaps = coverage.gaps
    .filter(({ code }) => !owned.has(code))
    .map(({ code, message }) => `${code} (${message})`);
  const isSeen = coverage.isWhole || owned.size > 0;
  if (!evidence.some((wanted) => wanted === grade) || !isSeen || gaps.length > 0)
    return `record: ${grade}, ${coverage.isWhole ? "whole" : "not whole"}, gaps: ${gaps.join(", ") || "none"}`;
  const found = agents.map(({ tool, model }) => `${tool}/${model === null ? null : toModelName(model)}`);
  return compare("record", new Set(agentsOf(program, added)), new Set(found));
};

const checkState: Check = async (program, place, expected, added) => {
  const { commit } = expected;
  const output = await runCountersign(place, ["scan", "--json", `${commit}~1..${commit}`]);
  const { state, assistance } = JSON.parse(output.split("\n", 1)[0] ?? "") as ScanAnswer;
  if (state !== expected.state) return `scan: ${state} instead of ${expected.state}`;
  const recorded = assistance.filter(({ convention }) => convention === "recorded");
  const found = recorded.map(({ tool, model }) => `${tool}/${model}`);
  return compare("scan", new Set(agentsOf(program, added)), new Set(found));
};

interface ScanAnswer {
  readonly state: string;
  readonly assistance: readonly {
    readonly convention: string;
    readonly tool: string;
    readonly model: string | null;
  }[];
}

function agentsOf(program: AgentProgram, added: Added): readonly string[] {
  const writers = [...added.values()].flatMap((lines) => [...lines.values()].map(({ writer }) => writer));
  return writers.filter(isByAgent).map((writer) => `${program.tool}/${modelOf(writer, program)}`);
}

function compare(what: string, wanted: ReadonlySet<string>, found: ReadonlySet<string>): string | undefined {
  const missing = [...wanted].filter((one) => !found.has(one));
  const surplus = [...found].filter((one) => !wanted.has(one));
  if (missing.length + surplus.length === 0) return undefined;
  return `${what}: missing ${missing.join(", ") || "nothing"}; not expected ${surplus.join(", ") || "nothing"}`;
}
