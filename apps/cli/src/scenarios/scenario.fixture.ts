// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  createRepository,
  createTemporaryFolder,
  openTestRepository,
  run,
  type TestRepository,
  tryRun,
} from "@countersign/testkit";
import { expect, test } from "vitest";

const BUNDLE = fileURLToPath(new URL("../../dist/countersign.mjs", import.meta.url));
const RECORD = fileURLToPath(new URL("../../dist/countersign-record.mjs", import.meta.url));

/**
 * A line by its tag: the same tag is always the same line, and two tags share no word. `tag~` is the line of `tag` with one
 * word changed, as somebody edits it; `}` and the empty tag stand for themselves.
 */
export function toLine(tag: string): string {
  if (!/^\w+~*$/.test(tag)) return tag;
  const base = tag.replace(/~+$/, "");
  const word = (n: number) => `w${createHash("sha256").update(`${base} ${n}`).digest("hex").slice(0, 7)}`;
  const last = tag === base ? word(4) : `${word(4)}${"x".repeat(tag.length - base.length)}`;
  return `${base} = ${word(1)}.${word(2)}(${word(3)}, ${last});`;
}

export type Expected = readonly [origin: string, tag: string];
export const ai = (tag: string, tool = "claude-code"): Expected => [tool, tag];
export const edited = (tag: string, tool = "claude-code"): Expected => [`${tool} edited`, tag];
export const human = (tag: string): Expected => ["human", tag];
export const unknown = (tag: string): Expected => ["unknown", tag];
/** Nobody's AI: a person's, or not seen. */
export const notAi = (tag: string): Expected => ["human or unknown", tag];

/** A repository with the recorder installed by its own command, and real hooks run by Git. */
export interface Scenario extends AsyncDisposable {
  readonly repo: TestRepository;
  readonly git: (...args: string[]) => Promise<string>;
  readonly tryGit: (...args: string[]) => Promise<number>;
  /** Somebody writes a file, seen by no hook. */
  readonly types: (file: string, tags: readonly string[]) => Promise<void>;
  /** An agent's edit tool writes a file. */
  readonly agent: (file: string, tags: readonly string[], tool?: string) => Promise<void>;
  /** An agent's shell tool does something. */
  readonly shell: (act: () => Promise<unknown>, tool?: string) => Promise<void>;
  /** Everything is staged and committed; returns the id. */
  readonly commit: (message?: string, ...args: string[]) => Promise<string>;
  readonly expectLines: (file: string, lines: readonly Expected[], revision?: string) => Promise<void>;
  readonly countersign: (...args: string[]) => Promise<{ exitCode: number; stdout: string; stderr: string }>;
}

/** A repository with the hooks and, unless it is to be bare of commits, a first file; each is a copy of one that was made once. */
export async function createScenario(options: { readonly isBare?: boolean } = {}): Promise<Scenario> {
  const kind = options.isBare === true ? "bare" : "begun";
  const made = templates[kind] ?? createTemplate(kind);
  templates[kind] = made;
  const folder = await createTemporaryFolder();
  const path = join(folder.path, "repo");
  await cp(await made, path, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return toScenario(await openTestRepository(path, folder.remove));
}

const templates: { bare?: Promise<string>; begun?: Promise<string> } = {};

async function createTemplate(kind: "bare" | "begun"): Promise<string> {
  const repo = await createRepository();
  process.once("exit", () => rmSync(dirname(repo.path), { recursive: true, force: true }));
  const scenario = toScenario(repo);
  const result = await scenario.countersign("init", "--no-agents");
  if (result.exitCode !== 0) throw new Error(result.stderr);
  if (kind === "begun") {
    await scenario.types("base.js", ["base"]);
    await scenario.commit("base");
  }
  return repo.path;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one desk with its few tools, each a line or two
export function toScenario(repo: TestRepository): Scenario {
  const environment = { ...repo.environment, HOME: dirname(repo.path), GIT_EDITOR: "true" };
  const git = (...args: string[]) =>
    repo.git(args, { environment: { GIT_EDITOR: "true", GIT_SEQUENCE_EDITOR: "true" } });
  const types = async (file: string, tags: readonly string[]) => {
    await mkdir(dirname(join(repo.path, file)), { recursive: true });
    await writeFile(join(repo.path, file), tags.map((tag) => `${toLine(tag)}\n`).join(""));
  };
  let calls = 0;
  const hook = async (payload: object, tool: string) => {
    const input = JSON.stringify({
      session_id: `${tool}-session`,
      cwd: repo.path,
      model: "model-1",
      ...payload,
    });
    await run(process.execPath, [RECORD, tool], { cwd: repo.path, environment, input });
  };
  const call = async (name: string, input: object, act: () => Promise<unknown>, tool: string) => {
    const id = `call-${calls++}`;
    const around = { tool_name: name, tool_use_id: id, tool_input: input };
    await hook({ hook_event_name: "PreToolUse", ...around }, tool);
    await act();
    await hook({ hook_event_name: "PostToolUse", tool_response: {}, ...around }, tool);
  };
  const countersign = async (...args: string[]) => {
    const result = await tryRun(process.execPath, [BUNDLE, ...args], { cwd: repo.path, environment });
    return { exitCode: result.exitCode, stdout: result.stdout.toString("utf8"), stderr: result.stderr };
  };
  return {
    repo,
    git,
    tryGit: async (...args) =>
      (await repo.tryGit(args, { environment: { GIT_EDITOR: "true", GIT_SEQUENCE_EDITOR: "true" } }))
        .exitCode,
    types,
    agent: async (file, tags, tool = "claude-code") => {
      const content = tags.map((tag) => `${toLine(tag)}\n`).join("");
      const path = join(repo.path, file);
      if (tool === "codex") {
        const command = `*** Begin Patch\n*** Add File: ${file}\n${content.replaceAll(/^/gm, "+")}\n*** End Patch`;
        await call("apply_patch", { command }, () => types(file, tags), tool);
      } else await call("Write", { file_path: path, content }, () => types(file, tags), tool);
    },
    shell: (act, tool = "claude-code") => call("Bash", { command: "make" }, act, tool),
    commit: async (message = "change", ...args) => {
      await git("add", "-A");
      await git("commit", "-q", "-m", message, ...args);
      return repo.id("HEAD");
    },
    expectLines: async (file, lines, revision = "HEAD") => {
      const { stdout, stderr } = await countersign("blame", "--json", "--rev", revision, file);
      const rows = stdout
        .split("\n")
        .filter((row) => row !== "")
        .map(
          (row) =>
            JSON.parse(row) as { line: number; origin: string; tool: string | null; extent: string | null },
        );
      const texts = (await repo.git(["show", `${revision}:${file}`])).split("\n");
      const found = rows.map(({ line, origin, tool, extent }) => [
        origin === "ai" ? `${tool}${extent === "edited" ? " edited" : ""}` : origin,
        texts[line - 1]?.trim(),
      ]);
      const wanted = lines.map(([origin, tag], index) => [
        origin === "human or unknown" &&
        found[index]?.[0] !== undefined &&
        /^(human|unknown)$/.test(found[index][0] ?? "")
          ? found[index][0]
          : origin,
        toLine(tag),
      ]);
      expect(found, stderr).toEqual(wanted);
    },
    countersign,
    [Symbol.asyncDispose]: repo.remove,
  };
}

/** A clone that has what `git fetch` and our refs bring, and nothing of this machine's Git directory. */
export async function freshClone(scenario: Scenario): Promise<Scenario> {
  const clone = await scenario.repo.clone();
  await clone.git([
    "fetch",
    "--quiet",
    "origin",
    "refs/notes/*:refs/notes/*",
    "refs/countersign/*:refs/countersign/*",
  ]);
  return toScenario(await openTestRepository(clone.path, clone.remove));
}

const PATIENCE_MS = 30_000;

/** The note of a commit, which comes soon after `git commit` has returned, whether anybody asks for it or not. */
export async function waitForNote(
  scenario: Pick<Scenario, "git" | "tryGit">,
  revision = "HEAD",
): Promise<string> {
  const show = ["notes", "--ref=ai", "show", revision];
  const deadline = Date.now() + PATIENCE_MS;
  while ((await scenario.tryGit(...show)) !== 0 && Date.now() < deadline) await setTimeout(20);
  return scenario.git(...show);
}

export async function readText(scenario: Scenario, file: string): Promise<string> {
  return readFile(join(scenario.repo.path, file), "utf8");
}

/** A formatter breaks the lines of these tags over four; nobody wrote anything. */
export async function breakUp(s: Scenario, file: string, tags: readonly string[]): Promise<void> {
  const broken = new Set(tags.map(toLine));
  const lines = (await readText(s, file)).split("\n").map((line) => {
    if (!broken.has(line)) return line;
    return line.replace(/^(.*\()(\w+), (\w+)\);$/, "$1\n  $2,\n  $3\n);");
  });
  await writeFile(join(s.repo.path, file), lines.join("\n"));
}

/** Tools by whose word each line is, or what else it is. */
export async function whose(s: Scenario, file: string): Promise<readonly string[]> {
  const { stdout } = await s.countersign("blame", "--json", file);
  const rows = stdout.split("\n").filter((row) => row !== "");
  return rows.map((row) => {
    const { origin, tool } = JSON.parse(row) as { origin: string; tool: string | null };
    return tool ?? origin;
  });
}

/** A test of what is played in a repository of its own. */
export function scenario(title: string, play: (s: Scenario) => Promise<void>): void {
  test(title, async () => {
    await using s = await createScenario();
    await play(s);
  });
}
