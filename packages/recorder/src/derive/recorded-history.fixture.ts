// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import {
  type AgentRef,
  type AssistanceRecord,
  fingerprintLine,
  formatAssistanceRecord,
  type RecordedRange,
  splitLines,
} from "@countersign/core/attribution";
import { openRepository, resolveCommit } from "@countersign/git";
import { createRepository, type RepositoryOptions, type TestRepository } from "@countersign/testkit";
import { expect } from "vitest";
import { blameFile } from "../blame/blame-file.ts";
import { findAdded } from "./target-file.ts";

const agent = (tool: string): AgentRef => ({ tool, session: `${tool}-session`, model: `${tool}-model` });

/** `A`, `B` two agents, lower case where somebody edited the line, `h` a human, `?` unknown. */
const LETTERS = {
  A: { origin: "ai", agent: agent("alpha"), extent: "generated" },
  a: { origin: "ai", agent: agent("alpha"), extent: "edited" },
  B: { origin: "ai", agent: agent("beta"), extent: "generated" },
  b: { origin: "ai", agent: agent("beta"), extent: "edited" },
  h: { origin: "human", agent: null, extent: null },
  "?": null,
} as const;

type Letter = keyof typeof LETTERS;

/** Lines as `A text`, the letter saying who wrote them; null for no file. */
export type Blocks = Readonly<Record<string, string | null>>;

export interface RecordedHistory extends AsyncDisposable {
  readonly repo: TestRepository;
  /** Commits the files onto the checked-out branch and records who wrote what, as a recorder would. */
  readonly commit: (files: Blocks, options?: HistoryCommit) => Promise<string>;
  /** Records a commit that Git made. */
  readonly record: (commit: string, files: Blocks, fields?: Partial<AssistanceRecord>) => Promise<void>;
  /** Text and origin of every line of a file at a revision. */
  readonly expectFile: (path: string, block: string, revision?: string) => Promise<void>;
}

export interface HistoryCommit {
  /** False for a commit made where no recorder was. */
  readonly isRecorded?: boolean;
  readonly message?: string;
  readonly branch?: string;
  readonly parents?: readonly string[];
}

export async function createHistory(options: RepositoryOptions = {}): Promise<RecordedHistory> {
  const repo = await createRepository(options);
  return toHistory(repo);
}

/** The same over a repository that exists, such as a clone. */
export function toHistory(repo: TestRepository): RecordedHistory {
  return {
    repo,
    commit: async (files, { isRecorded = true, message = "a commit\n", ...place } = {}) => {
      const id = await repo.commit({ message, ...place, files: toContents(files) });
      if (isRecorded) await writeRecord(repo, id, files, {});
      return id;
    },
    record: (commit, files, fields = {}) => writeRecord(repo, commit, files, fields),
    expectFile: async (path, block, revision = "HEAD") => {
      expect(`\n${await showFile(repo, path, revision)}`).toBe(`\n${trimBlock(block)}`);
    },
    [Symbol.asyncDispose]: repo.remove,
  };
}

/** What a block holds, without its letters. */
export function textOf(block: string): string {
  return splitLines(trimBlock(block)).map(withoutLetter).join("");
}

/** A blank line is a letter alone. */
function withoutLetter(row: string): string {
  return row.slice(row[1] === " " ? 2 : 1);
}

function toContents(files: Blocks): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, block]) => [path, block === null ? null : textOf(block)]),
  );
}

/** Without the first line end and the indentation that all lines share. */
function trimBlock(block: string): string {
  const rows = block.replace(/^\n/, "").replace(/\n *$/, "\n").split("\n");
  const indent = Math.min(...rows.filter((row) => row !== "").map((row) => row.search(/\S|$/)));
  return rows.map((row) => row.slice(indent)).join("\n");
}

async function writeRecord(
  repo: TestRepository,
  commit: string,
  files: Blocks,
  fields: Partial<AssistanceRecord>,
): Promise<void> {
  const bytes = formatAssistanceRecord({ ...(await toRecord(repo, commit, files)), ...fields });
  const name = createHash("sha256").update(bytes).digest("hex");
  const path = `${commit.slice(0, 2)}/${commit.slice(2)}/${name}.json`;
  await repo.commit({ branch: "refs/countersign/records", message: "records\n", files: { [path]: bytes } });
}

async function toRecord(repo: TestRepository, commit: string, files: Blocks): Promise<AssistanceRecord> {
  const agents: AgentRef[] = [];
  const recorded = [];
  for (const [path, block] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (block === null) continue;
    const parent = await repo.tryGit(["show", `${commit}^:${path}`]);
    const old = parent.exitCode === 0 ? splitLines(parent.stdout.toString("latin1")) : [];
    const ranges = toRanges(trimBlock(block), old, agents);
    const blob = await repo.git(["rev-parse", `${commit}:${path}`]);
    if (ranges.length > 0) recorded.push({ path, blob, ranges });
  }
  return {
    version: 1,
    commit,
    tree: await repo.git(["rev-parse", `${commit}^{tree}`]),
    grade: "observed",
    recorder: { name: "countersign", version: "1" },
    coverage: { isWhole: false, from: null, to: null, gaps: [] },
    agents,
    files: recorded,
    derivedFrom: [],
  };
}

/** One range for lines that stand together and have one origin, as a recorder writes them. */
function toRanges(block: string, old: readonly string[], agents: AgentRef[]): readonly RecordedRange[] {
  const rows = splitLines(Buffer.from(block).toString("latin1"));
  const lines = rows.map(withoutLetter);
  const isAdded = findAdded(lines, [old]);
  const ranges: RecordedRange[] = [];
  for (const [index, row] of rows.entries()) {
    const known = LETTERS[row[0] as Letter];
    if (known === null || isAdded[index] === 0) continue;
    const line = index + 1;
    const fingerprints = [fingerprintLine(lines[index] ?? "")];
    const agent = known.agent === null ? null : numberOf(known.agent, agents);
    const last = ranges.at(-1);
    if (last?.last === index && rows[index - 1]?.[0] === row[0])
      ranges[ranges.length - 1] = {
        ...{ ...last, last: line },
        fingerprints: [...last.fingerprints, ...fingerprints],
      };
    else ranges.push({ ...known, agent, first: line, last: line, evidence: "observed", fingerprints });
  }
  return ranges;
}

function numberOf(one: AgentRef, agents: AgentRef[]): number {
  const known = agents.findIndex((other) => other.tool === one.tool);
  return known >= 0 ? known : agents.push(one) - 1;
}

async function showFile(repo: TestRepository, path: string, revision: string): Promise<string> {
  const repository = await openRepository(repo.path);
  const commit = await resolveCommit(repository, revision);
  const { lines } = await blameFile({
    repository,
    path,
    ranges: [],
    ...(commit === undefined ? {} : { revision: commit }),
  });
  const rows = lines.map(({ origin, content }) => {
    const letter = Object.entries(LETTERS).find(([, known]) => {
      if (origin.kind === "unknown") return known === null;
      if (origin.kind === "human") return known?.origin === "human";
      return known?.agent?.tool === origin.agent.tool && known.extent === origin.extent;
    });
    const text = Buffer.from(content, "latin1").toString("utf8");
    return `${letter?.[0] ?? JSON.stringify(origin)}${text === "" ? "" : ` ${text}`}\n`;
  });
  return rows.join("");
}
