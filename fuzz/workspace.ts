// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestRepository } from "@countersign/testkit";
import { editLines, type Lines } from "./edit-lines.ts";
import type { LineRegistry, Writer } from "./line-registry.ts";
import type { Random } from "./random.ts";
import type { Recorder } from "./recorder.ts";

/** A repository, the people and agents who work in it, and the model of who wrote what. */
export interface Workspace {
  readonly repo: TestRepository;
  readonly random: Random;
  readonly registry: LineRegistry;
  readonly recorder: Recorder;
  /** What happened, for the report of a failure. */
  readonly log: (line: string) => void;
  /** Files that the recorder has seen since they last were as committed. */
  readonly watched: Set<string>;
  /** Files with a new name that no commit has, and that no event has shown to the recorder. */
  readonly astray: Set<string>;
  /** Lines that people typed since the recorder looked at their file last, by file. */
  readonly unlooked: Map<string, readonly string[]>;
  /** Lines that a formatter broke up since then, by file: under a new name too little of them may be left to say whose file it was. */
  readonly brokenUp: Map<string, readonly string[]>;
  readonly clock: { seconds: number };
}

export const AGENTS = ["claude-code", "codex"] as const;

export async function listFiles({ repo }: Workspace): Promise<readonly string[]> {
  const names = await readdir(repo.path);
  return names.filter((name) => name.endsWith(".js")).sort();
}

export async function readLines({ repo }: Workspace, file: string): Promise<Lines> {
  const text = await readFile(join(repo.path, file), "utf8").catch(() => "");
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

export async function writeLines({ repo }: Workspace, file: string, lines: Lines): Promise<void> {
  await writeFile(join(repo.path, file), lines.map((line) => `${line}\n`).join(""));
}

/** One edit of one file by one writer, without any hook. */
export async function edit(space: Workspace, file: string, writer: Writer): Promise<void> {
  const lines = await readLines(space, file);
  await writeLines(space, file, editLines(space.random, space.registry, lines, writer));
}

/** Runs git as a person does: with the hooks, whatever its exit code. */
export async function git(space: Workspace, ...args: string[]): Promise<{ ok: boolean; text: string }> {
  space.clock.seconds += 60;
  const at = `@${space.clock.seconds} +0000`;
  const environment = {
    GIT_AUTHOR_DATE: at,
    GIT_COMMITTER_DATE: at,
    GIT_EDITOR: "true",
    GIT_SEQUENCE_EDITOR: "true",
  };
  const result = await space.repo.tryGit(args, { environment });
  const text = `${result.stdout.toString("utf8")}${result.stderr}`;
  space.log(`git ${args.join(" ")}${result.exitCode === 0 ? "" : ` -> ${result.exitCode}`}`);
  return { ok: result.exitCode === 0, text };
}
