// SPDX-License-Identifier: Apache-2.0
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DoctorReport } from "@countersign/core/render";
import { openRepository } from "@countersign/git";
import {
  blameFile,
  findWorkTree,
  flushPresence,
  readRecords,
  readWorkingState,
  toRepository,
} from "@countersign/recorder";
import {
  AUTHOR,
  createTemporaryFolder,
  identityEnvironment,
  START,
  testEnvironment,
  tryRun,
} from "@countersign/testkit";
import { expect } from "vitest";
import { createScenario, type Expected, toLine } from "../scenarios/scenario.fixture.ts";
import { type AgentProcess, type AgentRun, quote, startAgent } from "./agent-process.fixture.ts";

const RECORD = fileURLToPath(new URL("../../dist/countersign-record.mjs", import.meta.url));
const COMMAND = fileURLToPath(new URL("../../dist/countersign.mjs", import.meta.url));
const COMMIT = fileURLToPath(new URL("../../dist/countersign-commit.cjs", import.meta.url));

/** What goes wrong while one program runs: variables of its environment, words of a shell before its own. */
export interface Fault {
  readonly environment?: Readonly<Record<string, string>>;
  readonly prefix?: string;
  /** The program may be killed; it is otherwise to end with 0 whatever happens. */
  readonly isDeadly?: boolean;
}

/** One call of an agent's tool: it makes the file hold these lines. */
export interface ToolCall {
  readonly tool?: string;
  readonly id: string;
  readonly file: string;
  readonly tags: readonly string[];
  readonly isShell?: boolean;
}

/** A repository in which an agent works that is a process of its own, so that people's commits are not taken for its. */
export interface FaultDesk extends AsyncDisposable {
  readonly path: string;
  readonly gitDir: string;
  readonly agent: AgentProcess;
  readonly write: (file: string, tags: readonly string[]) => Promise<void>;
  readonly before: (call: ToolCall, fault?: Fault) => Promise<AgentRun>;
  readonly after: (call: ToolCall, fault?: Fault) => Promise<AgentRun>;
  /** Any payload of an agent to our program. */
  readonly record: (tool: string, payload: string, fault?: Fault) => Promise<AgentRun>;
  /** The agent's turn is over. */
  readonly stop: () => Promise<void>;
  /** Both events with the edit in between. */
  readonly call: (call: ToolCall) => Promise<void>;
  /** A person's git; fails unless Git succeeds. */
  readonly git: (args: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<string>;
  /** Everything is staged and committed. */
  readonly commit: (message: string, environment?: Readonly<Record<string, string>>) => Promise<string>;
  /** Makes what was seen of commits into records, as the hook of a rewrite does. */
  readonly flush: (fault?: Fault) => Promise<void>;
  /** The same, and what is wrong elsewhere. */
  readonly doctorAll: () => Promise<readonly string[]>;
  /** What git says, or nothing where it fails. */
  readonly tryGit: (args: readonly string[]) => Promise<string>;
  /** What `countersign doctor` finds wrong with what was recorded. */
  readonly doctor: () => Promise<readonly string[]>;
  /** What the commit's file says of each line, after all that was seen was made into records: `origin tag`. */
  readonly origins: (file: string, revision?: string) => Promise<readonly Expected[]>;
  /** Codes of everything that the recorder says it lost, in records of all commits and in what is pending. */
  readonly losses: () => Promise<readonly string[]>;
}

/** Copies stand on a folder that is made once: `init` and first steps are not what is tested. */
export interface DeskTemplate extends AsyncDisposable {
  readonly open: () => Promise<FaultDesk>;
}

/** `prepare` plays what all desks of a test have behind them. */
export async function createTemplate(
  prepare: (desk: FaultDesk) => Promise<void> = async () => undefined,
): Promise<DeskTemplate> {
  const scenario = await createScenario();
  const desk = await openDesk(scenario.repo.path, async () => undefined);
  await prepare(desk);
  await desk[Symbol.asyncDispose]();
  return {
    open: async () => {
      const folder = await createTemporaryFolder();
      const path = join(folder.path, "repo");
      await cp(scenario.repo.path, path, {
        recursive: true,
        preserveTimestamps: true,
        verbatimSymlinks: true,
      });
      return openDesk(path, folder.remove);
    },
    [Symbol.asyncDispose]: scenario.repo.remove,
  };
}

export async function openDesk(path: string, remove: () => Promise<void>): Promise<FaultDesk> {
  const place = findWorkTree(path);
  if (place === undefined) throw new Error(`no work tree at ${path}`);
  const tools = await createTemporaryFolder("countersign-agent");
  const environment = {
    ...testEnvironment({ HOME: dirname(path), GIT_EDITOR: "true" }),
    ...identityEnvironment(AUTHOR, AUTHOR, START),
  };
  const agent = await startAgent(tools.path, path, environment);
  const git = toGit(path, environment);
  return {
    path,
    gitDir: place.gitDir,
    agent,
    git,
    ...toCalls(path, agent),
    commit: async (message, extra) => {
      await git(["add", "-A"], extra);
      expect(await git(["commit", "-q", "-m", message], extra)).toBe("");
      return git(["rev-parse", "HEAD"]);
    },
    flush: async ({ environment: extra, isDeadly } = {}) => {
      const options = { cwd: path, environment: { ...environment, ...extra } };
      const { exitCode, stdout } = await tryRun(process.execPath, [COMMIT, "flush"], options);
      expect(stdout.toString()).toBe("");
      if (isDeadly !== true) expect(exitCode).toBe(0);
    },
    doctor: () => runDoctor(path, environment, new Set(["recorder"])),
    doctorAll: () => runDoctor(path, environment, undefined),
    tryGit: (args) => ask(path, ...args),
    origins: (file, revision = "HEAD") => readOrigins(path, file, revision),
    losses: () => readLosses(path),
    [Symbol.asyncDispose]: async () => {
      await agent[Symbol.asyncDispose]();
      await tools.remove();
      await remove();
    },
  };
}

function toGit(path: string, environment: Readonly<Record<string, string>>): FaultDesk["git"] {
  return async (args, extra = {}) => {
    const result = await tryRun("git", args, { cwd: path, environment: { ...environment, ...extra } });
    expect(result.exitCode, `git ${args.join(" ")}: ${result.stderr}`).toBe(0);
    return result.stdout.toString("utf8").trimEnd();
  };
}

const TOOL_NAMES: Readonly<Record<string, readonly [string, string]>> = {
  "qwen-code": ["write_file", "run_shell_command"],
};

async function runDoctor(
  path: string,
  environment: Readonly<Record<string, string>>,
  checks: ReadonlySet<string> | undefined,
): Promise<readonly string[]> {
  const options = { cwd: path, environment };
  const { stdout, stderr } = await tryRun(process.execPath, [COMMAND, "doctor", "--json"], options);
  expect(stderr).toBe("");
  const { findings } = JSON.parse(stdout.toString("utf8")) as DoctorReport;
  const bad = findings.filter(({ check, level }) => checks?.has(check) !== false && level !== "ok");
  return bad.map(({ name, message }) => `${name}: ${message}`);
}

function toText(tags: readonly string[]): string {
  return tags.map((tag) => `${toLine(tag)}\n`).join("");
}

function toCalls(
  path: string,
  agent: AgentProcess,
): Pick<FaultDesk, "write" | "record" | "before" | "after" | "stop" | "call"> {
  const write = async (file: string, tags: readonly string[]) => {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), toText(tags));
  };
  const send = (tool: string, event: object, fault?: Fault) => {
    const payload = { session_id: `${tool}-session`, cwd: path, model: "model-1", ...event };
    return record(tool, JSON.stringify(payload), fault);
  };
  const record = async (tool: string, input: string, fault: Fault = {}) => {
    const variables = Object.entries(fault.environment ?? {}).map(
      ([name, value]) => `${name}=${quote(value)}`,
    );
    const words = ["env", ...variables, quote(process.execPath), quote(RECORD), tool].join(" ");
    const result = await agent.run(`${fault.prefix ?? ""} ${words}`, { input });
    expect(result.stdout).toBe("");
    if (fault.isDeadly !== true || result.exitCode !== KILLED) expect(result.exitCode, result.stderr).toBe(0);
    return result;
  };
  const hook = (event: string, call: ToolCall, fault?: Fault) => {
    const { tool = "claude-code", id, file, tags, isShell = false } = call;
    const input = isShell ? { command: "make" } : { file_path: join(path, file), content: toText(tags) };
    const response = event === "PostToolUse" ? { tool_response: {} } : {};
    const [writing, running] = TOOL_NAMES[tool] ?? ["Write", "Bash"];
    const about = { tool_name: isShell ? running : writing, tool_use_id: id, tool_input: input };
    return send(tool, { hook_event_name: event, ...about, ...response }, fault);
  };
  const before: FaultDesk["before"] = (call, fault) => hook("PreToolUse", call, fault);
  const after: FaultDesk["after"] = (call, fault) => hook("PostToolUse", call, fault);
  return {
    write,
    record,
    before,
    after,
    stop: async () => void (await send("claude-code", { hook_event_name: "Stop" })),
    call: async (call) => {
      await before(call);
      await write(call.file, call.tags);
      await after(call);
    },
  };
}

/** What a shell says of a command that SIGKILL ended. */
const KILLED = 137;

async function readOrigins(path: string, file: string, revision: string): Promise<readonly Expected[]> {
  const repository = await openRepository(path);
  await flushPresence(repository);
  const commit = await ask(path, "rev-parse", revision);
  const texts = (await ask(path, "show", `${commit}:${file}`)).split("\n");
  const { lines } = await blameFile({ repository, path: file, revision: commit, ranges: [] });
  return lines.map(({ origin, line }) => {
    const edited = origin.kind === "ai" && origin.extent === "edited" ? " edited" : "";
    const who = origin.kind === "ai" ? `${origin.agent.tool}${edited}` : origin.kind;
    return [who, texts[line - 1]?.split(" ")[0] ?? ""];
  });
}

async function ask(path: string, ...args: string[]): Promise<string> {
  const { stdout } = await tryRun("git", args, { cwd: path, environment: testEnvironment() });
  return stdout.toString("utf8").trimEnd();
}

async function readLosses(path: string): Promise<readonly string[]> {
  const repository = await openRepository(path);
  await flushPresence(repository);
  const place = findWorkTree(path);
  if (place === undefined) throw new Error("no work tree");
  const commits = (await ask(path, "rev-list", "HEAD")).split("\n");
  const records = await readRecords(toRepository(place), commits);
  const kept = [...records.values()].flatMap(({ coverage }) => coverage.gaps);
  const { gaps } = await readWorkingState(place);
  return [...new Set([...kept, ...gaps].map(({ code }) => code))].sort();
}
